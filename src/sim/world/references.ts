/** Runs without faults to compare others with: one for each choice of operations, made once. */
import { CALM } from "../choices/choices.ts";
import { referenceOf, type ReferenceState } from "../oracles/reference.ts";
import { runOnce, type RunResult, type RunSpec, type System } from "./run.ts";

/** What is compared with is the same whoever asks first, so that a tape fails as its run did. */
const REFERENCE_SEED = 1;

const known = new WeakMap<System, Map<string, Promise<ReferenceState>>>();

/** The run, with what it is compared with where an oracle asks for that. */
export async function runCompared(system: System, spec: RunSpec): Promise<RunResult> {
  if (!system.needsReference) return runOnce(system, spec);
  const reference = await referenceFor(system, spec.skipped ?? new Set());
  return runOnce(system, { ...spec, reference });
}

function referenceFor(system: System, skipped: ReadonlySet<number>): Promise<ReferenceState> {
  const references = known.get(system) ?? new Map<string, Promise<ReferenceState>>();
  known.set(system, references);
  const key = [...skipped].toSorted((a, b) => a - b).join(",");
  const made = references.get(key) ?? withoutFaults(system, skipped);
  references.set(key, made);
  return made;
}

async function withoutFaults(
  system: System,
  skipped: ReadonlySet<number>,
): Promise<ReferenceState> {
  const silent = { ...system, oracles: [] };
  const { state } = await runOnce(silent, { seed: REFERENCE_SEED, source: CALM, skipped });
  return referenceOf(state);
}
