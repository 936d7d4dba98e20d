/** Goes through the dependents of one object: the plan says what, here it is done. */
import { assert } from "../../base/assert.ts";
import { errorText } from "../../base/error-text.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { TerminalError } from "../controller/outcome.ts";
import type { ReconcileContext } from "../declared/reconcile-context.ts";
import type { Dependent, DependentCall, Reached } from "./dependent.ts";
import {
  told,
  type Dependents,
  type DependentsState,
  type DependentState,
  type Findable,
} from "./dependents-state.ts";
import { graphOf, type Graph } from "./graph.ts";
import {
  planDependents,
  removedInOrder,
  wantedOf,
  type Progress,
  type Step,
  type Wanted,
} from "./plan.ts";

/** The dependents of one controller, with what is known of each of its objects. */
export class DependentsOf<Owner extends ApiObject> {
  readonly controller: string;
  readonly graph: Graph;
  readonly byName: ReadonlyMap<string, Dependent<Owner>>;
  /** Name of the condition that they are rolled up into. */
  readonly condition: string;
  /** Whether the owner must stay until some of them are gone. */
  readonly isOrderedAtEnd: boolean;
  readonly #tokens = new Map<string, { readonly uid: string | undefined }>();

  /** Throws `DependentsError`. */
  constructor(controller: string, all: readonly Dependent<Owner>[], condition: string) {
    this.controller = controller;
    this.graph = graphOf(all);
    this.byName = new Map(all.map((one) => [one.name, one]));
    this.condition = condition;
    this.isOrderedAtEnd = all.some(({ deletion }) => deletion === "in-order");
  }

  open(owner: Owner, context: ReconcileContext<Owner>): DependentsRun<Owner> {
    return new DependentsRun(this, owner, context);
  }

  /** Stands for an object, and none of its namesakes, until it is forgotten. */
  tokenOf({ metadata: { uid } }: Owner, key: ObjectKey): object {
    const known = this.#tokens.get(keyText(key));
    if (known !== undefined && known.uid === uid) return known;
    const token = { uid };
    this.#tokens.set(keyText(key), token);
    return token;
  }

  /** The object is gone. */
  forget(key: ObjectKey): void {
    this.#tokens.delete(keyText(key));
  }

  /** How many objects it remembers. */
  get size(): number {
    return this.#tokens.size;
  }
}

export class DependentsRun<Owner extends ApiObject> implements Dependents {
  readonly #of: DependentsOf<Owner>;
  readonly #owner: Owner;
  readonly #context: ReconcileContext<Owner>;
  readonly #token: object;
  readonly #progress = new Map<string, Progress>();
  readonly #reached = new Map<string, Reached<unknown>>();
  readonly #failures = new Map<string, unknown>();
  #wanted: Wanted = new Set();
  #running: Promise<DependentsState> | undefined;

  constructor(of: DependentsOf<Owner>, owner: Owner, context: ReconcileContext<Owner>) {
    this.#of = of;
    this.#owner = owner;
    this.#context = context;
    this.#token = of.tokenOf(owner, context.key);
  }

  run(): Promise<DependentsState> {
    this.#running ??= this.#run();
    return this.#running;
  }

  found<Found>(dependent: Findable<Found>): Found | undefined {
    return dependent.foundFor(this.#token);
  }

  async #run(): Promise<DependentsState> {
    const { graph, byName } = this.#of;
    if (isTerminating(this.#owner)) {
      const inOrder = [...byName.values()].filter(({ deletion }) => deletion === "in-order");
      const names = inOrder.map(({ name }) => name);
      const removed = removedInOrder(graph, names);
      for (const name of graph.order) if (!removed.has(name)) this.#progress.set(name, "left");
    } else {
      this.#wanted = wantedOf(graph, await this.#asked());
    }
    await this.#advance();
    const state = this.#state();
    this.#tell(state);
    this.#throwFailures();
    return state;
  }

  /** Those whose own condition holds. Where nobody knows, nothing is removed. */
  async #asked(): Promise<ReadonlySet<string>> {
    const answers = await Promise.all(
      [...this.#of.byName.values()].map(async ({ name, type, isWanted }) => {
        if (type !== undefined && !this.#context.isServed(type)) return [];
        try {
          return (await isWanted(this.#owner, this.#context)) ? [name] : [];
        } catch (error) {
          this.#fail(name, error);
          return [name];
        }
      }),
    );
    return new Set(answers.flat());
  }

  #fail(name: string, error: unknown): void {
    this.#failures.set(name, error);
    this.#progress.set(name, "failed");
  }

  /** Begins all that can be begun, and whatever that makes possible. */
  async #advance(): Promise<void> {
    const steps = planDependents(this.#of.graph, this.#wanted, this.#progress);
    for (const { name } of steps) this.#progress.set(name, "busy");
    await Promise.all(
      steps.map(async (step) => {
        await this.#take(step);
        await this.#advance();
      }),
    );
  }

  async #take({ name, act }: Step): Promise<void> {
    const dependent = this.#of.byName.get(name);
    assert(dependent !== undefined, "the graph has the names of the dependents");
    const call: DependentCall<Owner> = {
      owner: this.#owner,
      context: this.#context,
      mark: `${this.#of.controller}.${name}`,
      token: this.#token,
    };
    try {
      const reached = await dependent[act](call);
      this.#reached.set(name, reached);
      this.#progress.set(name, reached.kind);
    } catch (error) {
      this.#fail(name, error);
    }
  }

  #state(): DependentsState {
    const all = this.#of.graph.order.map((name): DependentState => {
      const progress = this.#progress.get(name) ?? "pending";
      const reached = this.#reached.get(name);
      const failure = this.#failures.get(name);
      if (progress === "failed") return { name, state: "failed", why: errorText(failure) };
      const why = reached !== undefined && "why" in reached ? { why: reached.why } : {};
      const isBlocked = progress === "pending" || progress === "busy";
      return { name, state: isBlocked ? "blocked" : progress, ...why };
    });
    const isReady = all.every(({ state }) => ["ready", "gone", "left"].includes(state));
    const polls = [...this.#reached.values()].flatMap(({ pollMs }) => pollMs ?? []);
    return { isReady, all, ...(polls.length === 0 ? {} : { pollMs: Math.min(...polls) }) };
  }

  /** What the reconcile itself has said of the condition stands. */
  #tell(state: DependentsState): void {
    const { condition } = this.#of;
    const { status } = this.#context;
    if (status.hasSaid(condition)) return;
    const { isTrue, reason, message } = told(state);
    if (isTerminating(this.#owner)) {
      const text = state.isReady ? "nothing is left" : message;
      status.condition(condition, false, reason === "AllReady" ? "Removing" : reason, text);
    } else {
      status.condition(condition, isTrue, reason, message);
    }
  }

  /** One that is worth a retry rather than one that is not. */
  #throwFailures(): void {
    const failures = [...this.#failures.values()];
    if (failures.length === 0) return;
    throw failures.find((failure) => !(failure instanceof TerminalError)) ?? failures[0];
  }
}
