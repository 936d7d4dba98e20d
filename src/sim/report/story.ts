/** What went wrong, as people tell it: what was decided, what was done, what came of it. */
import type { LoggedEvent } from "../kernel/event-log.ts";
import { readableTest } from "./readable-test.ts";
import type { SimulationFailure } from "./simulation-error.ts";

/** Events that are told; of a longer story the end, which is what matters after shrinking. */
const EVENTS_TOLD = 60;
const LINES_TOLD = 5;

/** The message of a failed simulation. */
export function story(failure: SimulationFailure): string {
  const { runs, way, tape, told, path } = failure;
  const { violation } = told;
  const decisions = Object.entries(tape.taken).map(([name, taken]) => `  ${name}: ${taken}`);
  const again =
    path === undefined ? [] : ["", `To run it again: SETPOINT_TAPE=${path} and the same command.`];
  return [
    `${violation?.oracle ?? "?"}: ${violation?.message ?? "?"}`,
    `Found in run ${runs} (${way}), ${seconds(violation?.atMs ?? 0).trim()} after it began.`,
    ...again,
    "",
    "What people did:",
    ...(tape.operations.length === 0
      ? ["  nothing yet: say in the invariant from when on it must hold"]
      : tape.operations.map((name) => `  ${name}`)),
    "What was not calm:",
    ...(decisions.length === 0 ? ["  nothing: it fails without any fault"] : decisions),
    "",
    "What happened:",
    ...happened(told.events),
    ...warnings(failure),
    "",
    "As a test:",
    ...readableTest(failure),
  ].join("\n");
}

function happened(events: readonly LoggedEvent[]): readonly string[] {
  const told = folded(events.filter(({ what }) => !isNoise(what)));
  const shown = told.slice(-EVENTS_TOLD);
  const left = told.length - shown.length;
  return [...(left === 0 ? [] : [`  (${left} earlier lines)`]), ...shown];
}

/** Requests about what one may do, and that a write has arrived: the write itself is told. */
function isNoise(what: string): boolean {
  return what.includes("selfsubject") || / (?:create|update|patch|delete) .* arrives$/.test(what);
}

/** The same line again and again is told once, with how often. */
function folded(events: readonly LoggedEvent[]): readonly string[] {
  const lines: { readonly text: string; times: number }[] = [];
  for (const { atMs, actor, what } of events) {
    const text = `  ${seconds(atMs)}  ${actor}: ${withoutActor(actor, what)}`;
    const last = lines.at(-1);
    if (last?.text === text) last.times += 1;
    else lines.push({ text, times: 1 });
  }
  return lines.map(({ text, times }) => (times === 1 ? text : `${text} (${times} times)`));
}

/** `apps: apps: create pods` says its actor once too often. */
function withoutActor(actor: string, what: string): string {
  if (what.startsWith(`${actor}: `)) return what.slice(actor.length + 2);
  return what.startsWith(`${actor}'s `) ? `its ${what.slice(actor.length + 3)}` : what;
}

function warnings({ told }: SimulationFailure): readonly string[] {
  const lines = told.lines
    .filter(({ level }) => level === "warn" || level === "error")
    .slice(-LINES_TOLD)
    .map(({ atMs, actor, message, fields }) => {
      const { error } = fields;
      const why = error instanceof Error ? `: ${error.message}` : "";
      return `  ${seconds(atMs)}  ${actor}: ${message}${why}`;
    });
  return lines.length === 0 ? [] : ["", "The last warnings:", ...lines];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`.padStart(12);
}
