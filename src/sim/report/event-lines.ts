/** All events of a run, as lines: for who wants more than what led to a failure. */
import type { LoggedEvent } from "../kernel/event-log.ts";
import type { RunResult } from "../world/run.ts";

/** One line each, with its number: a run can be stopped there (`SETPOINT_UNTIL`). */
export function eventLines(events: readonly LoggedEvent[]): readonly string[] {
  const width = String(events.length).length;
  return events.flatMap(({ atMs, actor, what }, place) => {
    if (isNoise(what)) return [];
    const step = `[${String(place + 1).padStart(width)}]`;
    return [`  ${step} ${seconds(atMs)}  ${actor}: ${withoutActor(actor, what)}`];
  });
}

/** Requests about what one may do, and that a write has arrived: the write itself is told. */
function isNoise(what: string): boolean {
  return what.includes("selfsubject") || / (?:create|update|patch|delete) .* arrives$/.test(what);
}

/** `apps: apps: create pods` says its actor once too often. */
function withoutActor(actor: string, what: string): string {
  if (what.startsWith(`${actor}: `)) return what.slice(actor.length + 2);
  return what.startsWith(`${actor}'s `) ? `its ${what.slice(actor.length + 3)}` : what;
}

const WARNINGS_TOLD = 5;

/** The last lines that processes have logged as warnings or errors. */
export function warningLines({ lines }: Pick<RunResult, "lines">): readonly string[] {
  return lines
    .filter(({ level }) => level === "warn" || level === "error")
    .slice(-WARNINGS_TOLD)
    .map(({ atMs, actor, message, fields }) => {
      const { error } = fields;
      const why = error instanceof Error ? `: ${error.message}` : "";
      return `  ${seconds(atMs)}  ${actor}: ${message}${why}`;
    });
}

/** `62.000 s`, with room for a day. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`.padStart(12);
}
