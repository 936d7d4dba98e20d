import type { RunResult, System } from "../world/run.ts";
import { story } from "./story.ts";
import type { Tape } from "./tape.ts";

export type SimulationFailure = {
  readonly runs: number;
  /** How the run was chosen that failed. */
  readonly way: string;
  readonly tape: Tape;
  /** Where the tape was written; undefined: nowhere. */
  readonly path: string | undefined;
  readonly told: RunResult;
  readonly system: System;
};

/** @public A run went wrong. The message is the story; `tape` runs it again. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly tape: Tape;
  /** Runs up to and including the one that failed, before it was made smaller. */
  readonly runs: number;
  /** Name of the invariant or oracle that found fault. */
  readonly invariant: string;

  constructor(failure: SimulationFailure) {
    super(story(failure));
    this.tape = failure.tape;
    this.runs = failure.runs;
    this.invariant = failure.told.violation?.oracle ?? "";
  }
}
