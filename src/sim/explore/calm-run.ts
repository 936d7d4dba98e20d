/** The run that a simulation begins with: without faults, in which the scenario has to make sense. */
import { CALM } from "../choices/choices.ts";
import { runCompared } from "../world/references.ts";
import { type RunResult, type System } from "../world/run.ts";
import { OperationRefusedError } from "../scenario/operation-refused.ts";

/** Throws `OperationRefusedError` for a scenario that is refused although nothing goes wrong. */
export async function calmRun(system: System, seed: number): Promise<RunResult> {
  const result = await runCompared(system, { seed, source: CALM, keepsPoints: true });
  if (result.refused.length > 0) throw new OperationRefusedError(result.refused);
  return result;
}
