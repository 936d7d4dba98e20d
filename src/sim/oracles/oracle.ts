/** What watches over a run and says when something is wrong. */
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { LiveState } from "../world/state.ts";
import type { CauseRow } from "../../trace/cause.ts";
import type { ReconcileLog } from "../../trace/reconcile-record.ts";
import type { SentCall } from "../actors/call-watch.ts";
import type { Seen } from "../actors/seen.ts";
import type { SimProcess } from "../actors/process.ts";
import type { Past } from "./past.ts";
import type { ReferenceState } from "./reference.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** @public One write, as oracles and `onWrites` see it, before anybody else has read it. */
export type Write = {
  /** Milliseconds since the run began. */
  readonly atMs: number;
  readonly revision: number;
  /** `create`, `update`, `patch/status`, `delete`, ... as in the cause row. */
  readonly verb: string;
  /** Who wrote: the name of a process, `user`, `nodes`, `server`. */
  readonly actor: string;
  /** Plural. */
  readonly resource: string;
  /** Where it is kept: unique in a run. */
  readonly key: string;
  /** Undefined: it is new. */
  readonly before: ApiObject | undefined;
  /** At which revision that was written; 0: it is new. */
  readonly beforeRevision: number;
  /** Undefined: it is gone. */
  readonly after: ApiObject | undefined;
  /** Why it was made: which reconcile, and what had led to that. */
  readonly cause: CauseRow;
};

/** What an oracle may look at, at any time. */
export type Scene = {
  readonly state: LiveState;
  /** All that was written, and what it replaced. */
  readonly past: Past;
  readonly kernel: Pick<Kernel, "nowMs" | "choices">;
  /** What processes have been shown. */
  readonly seen: Seen;
  readonly processes: readonly WatchedProcess[];
  /** What reconciles have read and written; undefined: no oracle has asked for it. */
  readonly reconciles: ReconcileLog | undefined;
  /** What there is at rest when nothing goes wrong; undefined: nobody has asked for it. */
  readonly reference: ReferenceState | undefined;
  /** The phase of the run: faults strike, all is mended, nothing may change any more. */
  readonly phase: "faults" | "healed" | "stable";
};

export type WatchedProcess = Pick<SimProcess, "name" | "ends" | "isUp"> &
  Partial<Pick<SimProcess, "hold" | "timers">>;

/**
 * One run's watch. Each method answers what is wrong, in a sentence, or undefined. An oracle that
 * finds fault ends the run.
 */
export interface Oracle {
  readonly name: string;
  /** Whether it asks for what reconciles have read, which costs time. */
  readonly readsReconciles?: boolean;
  /** Whether controllers are to look once more at everything when all is at rest. */
  readonly looksAgain?: boolean;
  /** An error that nobody handles, in the turn of this actor. */
  onUncaught?(actor: string, error: unknown): string | undefined;
  /** A process sends a request. Answers what is asked when the answer has arrived. */
  onCall?(call: SentCall, scene: Scene): OnAnswer | undefined;
  /** A watch of a process is answered by a stream. */
  onStream?(call: SentCall, scene: Scene): OnEvents | undefined;
  /** After each write, before anybody else has read it. */
  onWrite?(write: Write, scene: Scene): string | undefined;
  /** When all is mended and the system has come to rest. */
  atRest?(scene: Scene): string | undefined;
  /** When it has stayed undisturbed for a while after that. */
  atEnd?(scene: Scene): string | undefined;
  /** At last processes are asked to end, where somebody has this, and had time to. */
  afterStop?(scene: Scene): string | undefined;
  /** The system did not come to rest within its time, although all is mended. */
  onRestless?(scene: Scene): string | undefined;
}

/** Judges an answer that has arrived. Many never do. */
export type OnAnswer = (response: ApiResponse) => string | undefined;

/** Judges a stream, event by event as they arrive. */
export type OnEvents = {
  readonly arrived: (event: WatchEvent) => string | undefined;
  /** No more are sent; what is under way may still arrive. */
  readonly ends: () => void;
};

/** Oracles have memory: each run has its own. */
export type MakeOracle = () => Oracle;

/** What was found, and when. */
export type Violation = {
  readonly oracle: string;
  readonly message: string;
  readonly atMs: number;
  /** Of the write that is wrong; absent: what is wrong is not one write. */
  readonly revision?: number;
};
