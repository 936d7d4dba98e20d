/**
 * Keeps of one run what a story is made of: every write with its cause, every decision that was
 * not calm, what processes were shown and when, and what their reconciles did. The same run without
 * a witness goes the same way.
 */
import { breakpoint } from "../../base/real/breakpoint.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { CauseRow } from "../../trace/cause.ts";
import { ReconcileLog } from "../../trace/reconcile-record.ts";
import type { OnShown, Way } from "../actors/seen.ts";
import type { ChoiceSource } from "../choices/choices.ts";
import type { Commit } from "../world/heard-store.ts";

/** When, and how many events had been told by then: the order of all that is kept. */
export type Moment = { readonly atMs: number; readonly place: number };

export type WitnessedWrite = Moment & {
  readonly revision: number;
  /** Plural. */
  readonly resource: string;
  /** With its namespace; a name that the server made up is its beginning and a number. */
  readonly called: string;
  readonly before: ApiObject | undefined;
  readonly after: ApiObject | undefined;
  readonly cause: CauseRow;
};

/** A decision that was not calm. */
export type Decided = Moment & { readonly name: string; readonly taken: string };

/** A process was shown a state of an object. */
export type Shown = Moment & {
  readonly process: string;
  readonly resource: string;
  readonly called: string;
  readonly revision: number;
  readonly way: Way;
};

/** More than any run that is worth telling has of one controller. */
const RECONCILES_MAX = 20_000;

export type WitnessOptions = {
  /** Whether what reconciles do is kept, too. */
  readonly hasReconciles: boolean;
  /** The number of the event that the run is to end with (default: none). */
  readonly until?: number;
};

export class Witness {
  /** Undefined: what reconciles do is not kept. */
  readonly reconciles: ReconcileLog | undefined;
  readonly writes: WitnessedWrite[] = [];
  readonly decided: Decided[] = [];
  readonly shown: Shown[] = [];
  #now: () => Moment = () => ({ atMs: 0, place: 0 });
  #nameOf: (resource: string, object: ApiObject) => string = () => "";

  readonly #until: number;
  #isStopped = false;

  constructor({ hasReconciles, until = Number.POSITIVE_INFINITY }: WitnessOptions) {
    this.reconciles = hasReconciles ? new ReconcileLog(RECONCILES_MAX) : undefined;
    this.#until = until;
  }

  /** Whether the event has come that the run is to end with. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** So many events have been told; what the last one is about is still to be done. */
  readonly onEvent = (count: number): void => {
    if (count !== this.#until) return;
    this.#isStopped = true;
    breakpoint();
  };

  /** `nameOf`: how objects are called in this run. */
  begins(now: () => Moment, nameOf: (resource: string, object: ApiObject) => string): void {
    this.#now = now;
    this.#nameOf = nameOf;
  }

  /** The same source, overheard. */
  hears(source: ChoiceSource): ChoiceSource {
    return {
      pick: (kind, name, options) => {
        const taken = source.pick(kind, name, options);
        const isCalm = taken === options[0] || !options.includes(taken);
        if (!isCalm) this.decided.push({ ...this.#now(), name, taken });
        return taken;
      },
    };
  }

  onCommit(
    { revision, cause }: Commit,
    object: Pick<WitnessedWrite, "resource" | "called" | "before" | "after">,
  ): void {
    this.writes.push({ ...this.#now(), revision, cause, ...object });
  }

  readonly onShown: OnShown = (process, resource, object, way) => {
    const revision = Number(object.metadata.resourceVersion ?? "0");
    const called = this.#nameOf(resource, object);
    this.shown.push({ ...this.#now(), process, resource, called, revision, way });
  };
}
