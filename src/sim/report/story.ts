/** What went wrong, as people tell it: what was decided, what was done, what came of it. */
import type { SimulationFailure } from "./simulation-error.ts";

/** Events before the end that are told; what is older rarely matters after shrinking. */
const EVENTS_TOLD = 60;

/** The message of a failed simulation. */
export function story({ runs, way, tape, told, system }: SimulationFailure): string {
  const { violation } = told;
  const kept = system.operations.filter((_, place) => !tape.skipped.has(place));
  const decisions = [...tape.taken].map(([name, taken]) => `  ${name}: ${taken}`);
  const lines = told.events
    .slice(-EVENTS_TOLD)
    .map(({ atMs, actor, what }) => `  ${seconds(atMs)}  ${actor}: ${what}`);
  return [
    `${violation?.oracle ?? "?"}: ${violation?.message ?? "?"}`,
    `Found in run ${runs} (${way}).`,
    "What was done:",
    ...kept.map(({ name }) => `  ${name}`),
    "What was not calm:",
    ...(decisions.length === 0 ? ["  nothing: it fails without any fault"] : decisions),
    "What happened:",
    ...lines,
  ].join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`.padStart(12);
}
