/** Writes of processes that were refused or not answered: what they were told, and what is so. */
import type { LoggedEvent } from "../../kernel/event-log.ts";
import type { Moment, WitnessedWrite } from "../witness.ts";

/** What a process was told of a write of its own, in words. */
export type Answer = Moment & { readonly text: string };

/** The last ones are told. */
const ANSWERS_MAX = 6;

/** Of the same answer to the same call again and again the first one is told, and how many. */
export function answersIn(
  events: readonly LoggedEvent[],
  processes: ReadonlySet<string>,
  writes: readonly WitnessedWrite[],
): readonly Answer[] {
  const told: (Moment & { readonly about: string; text: string; times: number })[] = [];
  for (const [place, { atMs, actor, what }] of events.entries()) {
    const [, call = "", verb = "", resource = "", answer = ""] = ANSWER.exec(what) ?? [];
    if (call === "" || !processes.has(actor) || !what.startsWith(`${actor}: `)) continue;
    if (UNTOLD.has(resource) || !isCrucial(verb, answer)) continue;
    const about = `${actor} ${call} ${answer}`;
    const last = told.at(-1);
    if (last?.about === about) {
      last.times += 1;
      continue;
    }
    const sent = events.findLastIndex((event, at) => {
      return at < place && event.what === `${actor}: ${call} arrives`;
    });
    const done = writes.find(({ cause, place: made, resource: of }) => {
      const isOf = cause.user === actor && of === resource && cause.verb.startsWith(verb);
      return isOf && sent !== -1 && made > sent && made < place;
    });
    const effect =
      done === undefined ? "without effect so far" : `it had its effect: @${done.revision}`;
    told.push({ atMs, place, about, text: `${wordsOf(actor, call, answer)}; ${effect}`, times: 1 });
  }
  return told.slice(-ANSWERS_MAX).map(({ atMs, place, text, times }) => {
    return { atMs, place, text: times === 1 ? text : `${text} (${times} times in a row)` };
  });
}

/** `web: create pods default/a-*: 503`, or why there is no answer. */
const ANSWER =
  /^\S+: ((create|update|patch|delete|deletecollection) ([^\s/]+)\S*(?: \S+)?): (\d{3}|[a-z ]+)$/;

const UNTOLD: ReadonlySet<string> = new Set(["events", "leases"]);

/** Conflicts and what has gone already are every day's business. */
function isCrucial(verb: string, answer: string): boolean {
  const status = Number(answer);
  if (Number.isNaN(status)) return true;
  if (status === 409) return verb === "create";
  return status >= 400 && status !== 404;
}

function wordsOf(actor: string, call: string, answer: string): string {
  const told = STATUS[answer] ?? answer;
  const isAnswered = !Number.isNaN(Number(answer));
  return `${actor}'s call "${call}" ${isAnswered ? "is answered" : "gets no answer:"} ${told}`;
}

const STATUS: Readonly<Record<string, string>> = {
  "403": "403, forbidden",
  "409": "409, already exists",
  "422": "422, invalid",
  "429": "429, too many requests",
  "500": "500, internal error",
  "503": "503, unavailable",
  "504": "504, timeout",
};

/** Writes that were refused, and are found on the disk when it is repaired. */
export function foundOnDisk(
  events: readonly LoggedEvent[],
  processes: ReadonlySet<string>,
  writes: readonly WitnessedWrite[],
): ReadonlySet<number> {
  const repairs = [...events.entries()].filter(([, { actor, what }]) => {
    return actor === "disk" && what === "is repaired";
  });
  // Servers begin anew by then: nobody else writes at that moment.
  const found = repairs.flatMap(([at, { atMs }]) => {
    const own = writes.filter((write) => write.place > at && write.atMs === atMs);
    return own.filter(({ cause }) => processes.has(cause.user)).slice(0, 1);
  });
  return new Set(found.map(({ revision }) => revision));
}
