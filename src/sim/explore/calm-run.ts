/** The run that a simulation begins with: without faults; in it the scenario has to make sense. */
import { CALM } from "../choices/choices.ts";
import { OperationRefusedError } from "../scenario/operation-refused.ts";
import { runCompared } from "../world/references.ts";
import { runOnce, type RunResult, type System } from "../world/run.ts";

/**
 * @public Rejection of a simulation whose runs are not decided by their seed and faults alone: no
 * tape of it would run again, and a story of it would not be true.
 */
export class NotRepeatableError extends Error {
  override readonly name = "NotRepeatableError";

  constructor(what: string) {
    super(
      `${what}: something outlives a run, or differs from run to run. Look for module-level ` +
        "state (a Map, a counter, a cache), Date.now(), Math.random(), crypto.randomUUID(), " +
        "real timers and real input or output. State belongs into what is made for each process " +
        "(processes: a program; controllers: (deps) => spec); time and chance come from `env`",
    );
  }
}

/**
 * Made twice, as it is cheap. Throws `OperationRefusedError` for a scenario that is refused
 * although nothing goes wrong, and `NotRepeatableError` where the second run is another.
 */
export async function calmRun(system: System, seed: number): Promise<RunResult> {
  const spec = { seed, source: CALM, keepsPoints: true };
  const first = await runOnce(system, spec); // before the one to compare with, which leaves traces
  if (first.refused.length > 0) throw new OperationRefusedError(first.refused);
  const second = await runCompared(system, spec);
  const isFound = system.needsReference && first.violation === undefined;
  if (first.hash === second.hash || (isFound && second.violation !== undefined)) return second;
  throw new NotRepeatableError("two runs without faults differ");
}
