/** What went wrong, as people tell it: what must hold, and how it came that it does not. */
import { eventLines, warningLines } from "./event-lines.ts";
import { readableTest } from "./readable-test.ts";
import type { FoundBy, SimulationFailure } from "./simulation-error.ts";

/** The message of a failed simulation. */
export function story(failure: SimulationFailure, by: FoundBy): string {
  const { runs, found, tape, told, way, path } = failure;
  const { violation } = told;
  const events = eventLines(told.events);
  const decisions = Object.entries(tape.taken).map(([name, taken]) => `  ${name}: ${taken}`);
  const again =
    path === undefined ? [] : ["", `To run it again: SETPOINT_TAPE=${path} and the same command.`];
  const warnings = warningLines(told);
  const all = path === undefined ? "`events` of this error" : textPath(path);
  return [
    `${violation?.oracle ?? "?"}: ${violation?.message ?? "?"}`,
    `Found in run ${runs} (${found}), ${atSeconds(violation?.atMs ?? 0)} after it began.`,
    ...again,
    "",
    "How it came to that (! is a fault):",
    ...way,
    ...(tape.operations.length === 0
      ? ["  Nothing that users do is needed: say in the invariant from when on it must hold."]
      : []),
    ...(warnings.length === 0 ? [] : ["", "The last warnings:", ...warnings]),
    "",
    "What was not calm:",
    ...(decisions.length === 0 ? ["  nothing: it fails without any fault"] : decisions),
    `All ${events.length} events: ${all}; with SETPOINT_UNTIL=<number of one> it stops there.`,
    "",
    "As a test:",
    ...readableTest(failure, by),
  ].join("\n");
}

/** Where the events of a tape are written to, beside it. */
export function textPath(tapePath: string): string {
  return tapePath.replace(/\.json$/, ".txt");
}

function atSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`;
}
