/** What stands around a user's functions in each run; see `declared-controller.ts`. */
import type { Context } from "../../base/context.ts";
import { hasFinalizer } from "../../machinery/finalizers.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import {
  DONE,
  requeueAfter,
  requireOutcome,
  sooner,
  type Outcome,
  type TurnContext,
} from "../controller/outcome.ts";
import { LOW_PRIORITY } from "../queue/priority.ts";
import type { ControllerOptions } from "./declared-controller.ts";
import { milliseconds } from "./duration.ts";
import { finalizerOf, withFinalizer, withoutFinalizer } from "./finalizer.ts";
import { ReconcileScope, type ScopeDeps } from "./reconcile-scope.ts";

export class ReconcileFrame<T extends ApiObject> {
  readonly #deps: ScopeDeps<T>;
  readonly #options: ControllerOptions<T>;
  readonly #finalizer: string;
  readonly #isHeld: boolean;

  constructor(deps: ScopeDeps<T>, options: ControllerOptions<T>, name: string) {
    this.#deps = deps;
    this.#options = options;
    this.#finalizer = finalizerOf(deps.type, name);
    this.#isHeld = options.finalize !== undefined || deps.dependents?.isOrderedAtEnd === true;
  }

  async reconcile(key: ObjectKey, context: TurnContext): Promise<Outcome> {
    const { waits } = this.#deps;
    waits.begin(key);
    try {
      return await this.#reconcile(key, context);
    } finally {
      waits.end(key);
    }
  }

  async #reconcile(key: ObjectKey, context: TurnContext): Promise<Outcome> {
    const { informers, type, applier } = this.#deps;
    const { finalize, reconcile, every } = this.#options;
    const object = informers.peek(type)?.lister.get(key);
    if (object === undefined) {
      applier.forgetOwner(keyText(key));
      this.#deps.dependents?.forget(key);
      return DONE;
    }
    if (isTerminating(object)) {
      if (!hasFinalizer(object, this.#finalizer)) return DONE;
      if (this.#isHeld) return this.#finalize(object, finalize, context);
      return this.#letGo(object, context); // put there by an earlier version of this controller
    }
    const held = this.#isHeld ? await this.#hold(object, context) : object;
    const outcome = await this.#run(held, reconcile, context);
    if (every === undefined) return outcome;
    const everyMs = milliseconds(every);
    if (outcome.kind === "done") return requeueAfter(everyMs, { priority: LOW_PRIORITY });
    const isPoll = outcome.kind === "waiting" && outcome.timeoutMs !== undefined;
    return isPoll ? sooner(outcome, everyMs) : outcome;
  }

  async #finalize(
    object: T,
    finalize: ControllerOptions<T>["finalize"],
    context: Context,
  ): Promise<Outcome> {
    const outcome = await this.#run(object, finalize, context);
    return outcome.kind === "done" ? this.#letGo(object, context) : outcome;
  }

  async #letGo(object: T, context: Context): Promise<Outcome> {
    const { client, type, informers } = this.#deps;
    // Its status may have been written just now.
    const newest = informers.peek(type)?.lister.get(keyOf(object)) ?? object;
    await withoutFinalizer(newest, this.#finalizer, { client, type }, context);
    return DONE;
  }

  async #hold(object: T, context: Context): Promise<T> {
    if (hasFinalizer(object, this.#finalizer)) return object;
    return withFinalizer(object, this.#finalizer, this.#deps, context);
  }

  /** A failure does not keep the status from being told; it is the failure that is thrown. */
  async #run(
    object: T,
    work: ControllerOptions<T>["reconcile"],
    context: Context,
  ): Promise<Outcome> {
    const { type, client } = this.#deps;
    const scope = new ReconcileScope(object, this.#deps, context);
    const { conditions } = this.#options;
    let outcome: Outcome;
    try {
      outcome = await this.#work(object, work, scope);
    } catch (failure) {
      conditions?.sumUp(scope);
      await scope.status.write(type, client, context).catch((error: unknown) => {
        context.log.warn("the status of a failed reconcile was not written", { error });
      });
      throw failure;
    }
    conditions?.sumUp(scope);
    await scope.status.write(type, client, context);
    return outcome;
  }

  /** The user's function, and the dependents if it has not seen to them itself. */
  async #work(
    object: T,
    work: ControllerOptions<T>["reconcile"],
    scope: ReconcileScope<T>,
  ): Promise<Outcome> {
    const outcome = work === undefined ? DONE : requireOutcome(await work(object, scope));
    const isFinalizing = isTerminating(object);
    if (isFinalizing && outcome.kind !== "done") return outcome; // not yet
    const { isReady, pollMs } = await scope.dependents.run();
    if (isFinalizing && !isReady) return { kind: "waiting", timeoutMs: pollMs };
    return pollMs === undefined ? outcome : sooner(outcome, pollMs);
  }
}
