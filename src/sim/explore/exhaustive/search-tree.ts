/**
 * All decisions of a system as a tree that is walked depth first, one run for each leaf. Of orders
 * only those are tried that can make a difference, and none twice (sleep sets).
 */
import type { ChoiceClass, ChoiceSource } from "../../choices/choices.ts";
import { reversalsOf } from "./races.ts";
import { areDependent, unionOf, type Footprint, type Step, StepTrace } from "./step-trace.ts";

/** The rest of the run is the same as that of one which has been: it need not be. */
export class RepeatedRunError extends Error {
  override readonly name = "RepeatedRunError";
}

export type TreeOptions = {
  /** Classes of decisions; what is of others stays calm. */
  readonly allowed: ReadonlySet<ChoiceClass>;
  /** At most so many decisions of a run, orders aside, are not calm. */
  readonly faultsMax: number;
  /** Whether orders that make no difference are left out. */
  readonly isReduced: boolean;
};

type Node = {
  readonly name: string;
  readonly options: readonly string[];
  taken: string;
  readonly done: Set<string>;
  readonly todo: Set<string>;
  /** Decisions before it that were not calm. */
  readonly faults: number;
  /** Of an order: steps by option; empty for all others. */
  readonly ids: readonly string[];
  /** Place of the step that it decides. */
  readonly place: number;
  /** Steps that have been tried here, and those that need not be. */
  readonly asleep: ReadonlyMap<string, Footprint>;
  readonly tried: Map<string, Footprint>;
};

export class SearchTree implements ChoiceSource {
  readonly #options: TreeOptions;
  readonly #nodes: Node[] = [];
  #trace = this.#traceOf();
  #depth = 0;
  #faults = 0;
  #enabled: readonly string[] = [];
  #asleep = new Map<string, Footprint>();

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  /** Begins the next run: what it is to be watched with. */
  begin(): StepTrace {
    this.#trace = this.#traceOf();
    this.#depth = 0;
    this.#faults = 0;
    this.#enabled = [];
    this.#asleep = new Map();
    return this.#trace;
  }

  pick(kind: ChoiceClass, name: string, options: readonly string[]): string {
    const calm = options[0] ?? "";
    if (!this.#options.allowed.has(kind)) return calm;
    const node = this.#nodes[this.#depth] ?? this.#grown(kind, name, options);
    if (node.name !== name) {
      throw new Error(`a run is not the same again: ${name} instead of ${node.name}`);
    }
    this.#depth += 1;
    if (kind !== "order" && node.taken !== calm) this.#faults += 1;
    if (kind === "order") this.#sleep(node);
    return node.taken;
  }

  /** The run is over: takes note of it and goes to the next. False: all are done. */
  advance(): boolean {
    this.#learn();
    for (let node = this.#nodes.at(-1); node !== undefined; node = this.#nodes.at(-1)) {
      const next = [...node.todo].find((option) => !node.done.has(option) && isAwake(node, option));
      if (next !== undefined) {
        node.taken = next;
        node.done.add(next);
        return true;
      }
      this.#nodes.pop();
    }
    return false;
  }

  #traceOf(): StepTrace {
    return new StepTrace({
      choosing: (ids, last) => this.#onChoosing(ids, last),
      barrier: () => this.#asleep.clear(),
    });
  }

  #onChoosing(ids: readonly string[], last: Step | undefined): void {
    this.#enabled = ids;
    if (last !== undefined) {
      for (const [id, footprint] of this.#asleep) {
        if (areDependent(footprint, last.footprint)) this.#asleep.delete(id);
      }
    }
    if (ids.every((id) => this.#asleep.has(id))) throw new RepeatedRunError();
  }

  #grown(kind: ChoiceClass, name: string, options: readonly string[]): Node {
    const { faultsMax, isReduced } = this.#options;
    const isOrder = kind === "order";
    const ids = isOrder ? this.#enabled : [];
    const awake = options.find((_, nth) => !this.#asleep.has(ids[nth] ?? ""));
    const taken = (isOrder ? awake : options[0]) ?? "";
    const isOpen = isOrder ? !isReduced : this.#faults < faultsMax;
    const node = {
      name,
      options,
      taken,
      done: new Set([taken]),
      todo: new Set(isOpen ? options : [taken]),
      faults: this.#faults,
      ids,
      place: this.#trace.steps.length,
      asleep: new Map(this.#asleep),
      tried: new Map<string, Footprint>(),
    };
    this.#nodes.push(node);
    return node;
  }

  /** What was tried here before need not come until something happens that it depends on. */
  #sleep(node: Node): void {
    if (!this.#options.isReduced) return;
    this.#asleep = new Map([...node.asleep, ...node.tried]);
    this.#asleep.delete(idOf(node, node.taken));
  }

  #learn(): void {
    const { steps } = this.#trace;
    const byPlace = new Map<number, Node>();
    for (const node of this.#nodes.slice(0, this.#depth)) {
      const step = steps[node.place];
      if (node.ids.length === 0 || step === undefined) continue;
      byPlace.set(node.place, node);
      node.tried.set(step.id, unionOf(node.tried.get(step.id), step.footprint));
    }
    if (!this.#options.isReduced) return;
    for (const { place, ids } of reversalsOf(steps)) {
      const node = byPlace.get(place);
      for (const id of node === undefined ? [] : ids) {
        const option = node?.options[node.ids.indexOf(id)];
        if (option !== undefined) node?.todo.add(option);
      }
    }
  }
}

function idOf({ options, ids }: Node, option: string): string {
  return ids[options.indexOf(option)] ?? "";
}

function isAwake(node: Node, option: string): boolean {
  return !node.asleep.has(idOf(node, option));
}
