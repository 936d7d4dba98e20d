/** A tape of `verify()` once more: which of its lives it belongs to is found out. */
import { realFiles } from "../../base/real/files.ts";
import { programVariable } from "../../base/real/program.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { stoppedAt } from "../report/stopped.ts";
import { readTape, recordingOf, systemName, type Tape, type TapeFile } from "../report/tape.ts";
import { tellRun } from "../report/told-run.ts";
import type { System } from "../world/run.ts";

/** A tape, and whether it is for this verification at all: the variable is for all of a command. */
export type VerifyTape = { readonly tape: Tape | TapeFile; readonly isGiven: boolean };

/** The one of the options, or the one that the program was started with. */
export async function verifyTape(
  given: Tape | string | undefined,
): Promise<VerifyTape | undefined> {
  if (typeof given === "string") return { tape: await readTape(realFiles, given), isGiven: true };
  if (given !== undefined) return { tape: given, isGiven: true };
  const path = programVariable("SETPOINT_TAPE") ?? "";
  return path === "" ? undefined : { tape: await readTape(realFiles, path), isGiven: false };
}

/** The systems that a tape may have been made of: all it does is done there. */
export function systemsOf(tape: Tape | TapeFile, systems: readonly System[]): readonly System[] {
  if ("system" in tape) return systems.filter((system) => systemName(system) === tape.system);
  return systems.filter(({ operations }) => {
    const names = new Set(operations.map(({ name }) => name));
    return tape.operations.every((name) => names.has(name));
  });
}

/** Rejects with the first failure among them. `until`: the run ends at that step. */
export async function replayTape(
  tape: Tape,
  systems: readonly System[],
  until: number | undefined,
): Promise<void> {
  for (const system of systems) {
    const recording = recordingOf(system, tape);
    const { told, way } = await tellRun(system, recording);
    const hasFailed = told.violation !== undefined;
    if (until !== undefined && (hasFailed || systems.length === 1)) {
      throw await stoppedAt(until, system, recording);
    }
    if (!hasFailed) continue;
    const failure = { runs: 1, found: "replayed", tape, path: undefined, told, way, system };
    throw new SimulationError(failure, "verify");
  }
}

/** The step to stop at, of the options or of the variable. Throws `TypeError` for what is none. */
export function stepOf(until: number | undefined): number | undefined {
  const text = programVariable("SETPOINT_UNTIL") ?? "";
  if (until === undefined && text === "") return undefined;
  const step = until ?? Number(text);
  if (Number.isSafeInteger(step) && step > 0) return step;
  const what = until === undefined ? "SETPOINT_UNTIL" : "until";
  throw new TypeError(`${what}: must be the number of a step, from 1 on`);
}
