import type { RunResult, System } from "../world/run.ts";
import { eventLines } from "./event-lines.ts";
import { story } from "./story.ts";
import type { Tape } from "./tape.ts";

export type SimulationFailure = {
  readonly runs: number;
  /** How the run was chosen that failed. */
  readonly found: string;
  readonly tape: Tape;
  /** Where the tape was written; undefined: nowhere. */
  readonly path: string | undefined;
  readonly told: RunResult;
  /** Lines: what led to it. */
  readonly way: readonly string[];
  readonly system: System;
};

/** Who has found it: the printed test calls the same again. */
export type FoundBy = "simulate" | "verify";

const failures = new WeakMap<SimulationError, SimulationFailure>();

/** The same error, told as one that `verify()` has found. */
export function foundByVerify(error: SimulationError): SimulationError {
  const failure = failures.get(error);
  return failure === undefined ? error : new SimulationError(failure, "verify");
}

/** @public A run went wrong. The message is the story of how; `tape` runs it again. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly tape: Tape;
  /** Runs up to and including the one that failed, before it was made smaller. */
  readonly runs: number;
  /** Name of the invariant or oracle that found fault. */
  readonly invariant: string;
  /** All that happened, a line each; the message tells only what led to the failure. */
  readonly events: readonly string[];

  constructor(failure: SimulationFailure, by: FoundBy = "simulate") {
    super(story(failure, by));
    failures.set(this, failure);
    this.tape = failure.tape;
    this.runs = failure.runs;
    this.invariant = failure.told.violation?.oracle ?? "";
    this.events = eventLines(failure.told.events);
  }
}
