/** The way to a failure in words. */
import { objectText, type FieldChange } from "../../../trace/facts.ts";
import type { ReadTold, Unknown } from "./knowledge.ts";
import type { Look } from "./chain.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Step, Way } from "./steps.ts";
import type { WitnessedWrite } from "../witness.ts";

/** Longer stories keep their beginning and their end. */
const STEPS_AT_BEGINNING = 8;
const STEPS_AT_END = 20;
const FIELDS_MAX = 2;
const VALUE_LENGTH_MAX = 40;
const READS_MAX = 6;
const UNKNOWN_MAX = 4;
const FOUND_TOLD_MAX = 6;

/** Lines: a time, who, what; faults are marked with `!`, and the write that is wrong with `>`. */
export function tellWay({ steps, facts, isCut }: Way, broken: string): readonly string[] {
  const told = steps.map((step) => stepLines(step, facts, broken));
  const left = told.length - STEPS_AT_BEGINNING - STEPS_AT_END;
  const cut = isCut ? ["  (what led to this began earlier; the list of all events has it)"] : [];
  if (left <= 0) return [...cut, ...told.flat()];
  return [
    ...cut,
    ...told.slice(0, STEPS_AT_BEGINNING).flat(),
    `  (${left} steps between; the list of all events has them)`,
    ...told.slice(-STEPS_AT_END).flat(),
  ];
}

function stepLines(step: Step, facts: RunFacts, broken: string): readonly string[] {
  const at = seconds(step.atMs);
  switch (step.kind) {
    case "people": {
      const made = step.writes.map(({ revision }) => `@${revision}`).join(", ");
      const line = `user: ${step.text}${made === "" ? "" : ` ${made}`}`;
      return step.isBroken ? [`${at}  > ${line}`, `${DETAIL}${broken}`] : [`${at}    ${line}`];
    }
    case "fault":
      return [`${at}  ! ${step.text}`];
    case "event":
      return [`${at}    ${step.text}`];
    case "look":
      return lookLines(at, step.look, facts);
    case "write": {
      const line = `${writerOf(step.write)} ${deedOf(step.write, facts)}${step.note}`;
      if (!step.isBroken) return [`${at}    ${line}`];
      return [`${at}  > ${line}`, `${DETAIL}${broken}`];
    }
    case "last-look":
      return lastLookLines(at, step, facts);
    case "end":
      return [`${at}  > ${broken}`];
  }
}

const DETAIL = `${" ".repeat(12)}      `;

function lookLines(at: string, look: Look, facts: RunFacts): readonly string[] {
  const { process, record, reads, writes } = look;
  const { atMs } = writes.at(-1) ?? writes[0];
  const since: Since = { opening: "it did not know of", self: process, atMs };
  const what =
    record === undefined
      ? `${process} acts`
      : `${process}: ${record.controller} reconciles ${record.key}`;
  return [
    `${at}    ${what}, ${wokenBy(look)}`,
    ...[...reads]
      .sort((a, b) => b.unknown.length - a.unknown.length)
      .slice(0, READS_MAX)
      .flatMap((read) => readLines(read, since, facts)),
    ...unknownLines(look.notShown, { ...since, opening: "its view had not been told of" }, facts),
  ];
}

function lastLookLines(
  at: string,
  { record, reads, atMs }: Step & { readonly kind: "last-look" },
  facts: RunFacts,
): readonly string[] {
  const { controller, key, result, error, againInMs } = record;
  const why = error === undefined ? "" : `, ${error}`;
  const again = againInMs === undefined ? "" : `, again in ${againInMs / 1_000} s`;
  const since: Since = { opening: "has changed since:", self: undefined, atMs };
  return [
    `${at}    last look of ${controller} at ${key}: ${result}${why}${again}`,
    ...reads.slice(0, READS_MAX).flatMap((read) => readLines(read, since, facts)),
  ];
}

function wokenBy({ triggers, writes, record }: Look): string {
  const [{ cause }] = writes;
  const roots = (cause.roots ?? []).map((root) => ROOTS[root]);
  const told = triggers.map(({ write, lateMs }) => {
    const late = lateMs === 0 ? "" : `, which it was told ${(lateMs / 1_000).toFixed(3)} s later`;
    return `${nameOf(write)} @${write.revision}${late}`;
  });
  const forgotten = triggers.length === 0 ? (record?.causes ?? []).filter(isObject) : [];
  const all = [...told, ...forgotten, ...roots];
  if (all.length === 0) return "by itself";
  return `${cause.id === "" ? "shown" : "woken by"} ${[...new Set(all)].join(", ")}`;
}

function isObject(cause: string): boolean {
  return cause.includes(" @");
}

const ROOTS = {
  start: "its start",
  timer: "a timer",
  retry: "a retry after a failure",
  resync: "a look at everything",
  external: "something outside of the API",
} as const;

/** How what was missed is told of. */
type Since = {
  readonly opening: string;
  readonly self: string | undefined;
  /** Ages are told of that moment. */
  readonly atMs: number;
};

function readLines(
  { read, found, behind, unknown }: ReadTold,
  since: Since,
  facts: RunFacts,
): readonly string[] {
  if (read.kind === "object") {
    const what = objectText(read.object);
    const line =
      read.revision === 0
        ? `it had looked for ${what}: there was none`
        : `it had read ${what} @${read.revision}${behind === 0 ? "" : `, ${behind} behind`}`;
    return [`${DETAIL}${line}`, ...unknownLines(unknown, since, facts)];
  }
  const names = (found ?? []).slice(0, FOUND_TOLD_MAX).map(({ called }) => called);
  const which = names.length === 0 ? "" : `: ${names.join(", ")}`;
  const late = behind === 0 ? "" : `, ${behind} ${behind === 1 ? "write" : "writes"} behind`;
  const line = `it had found ${read.count} ${read.of} as of @${read.revision}${late}${which}`;
  return [`${DETAIL}${line}`, ...unknownLines(unknown, since, facts)];
}

function unknownLines(
  unknown: readonly Unknown[],
  { opening, self, atMs }: Since,
  facts: RunFacts,
): readonly string[] {
  const lines = unknown.slice(0, UNKNOWN_MAX).map(({ writes }) => {
    const [first] = writes;
    const ageMs = atMs - first.atMs;
    const more = writes.length === 1 ? "" : `, and ${writes.length - 1} later of it`;
    const age = ageMs <= 0 ? "" : `, ${(ageMs / 1_000).toFixed(3)} s old by now`;
    const who = writerOf(first, self);
    const did = `${who} ${deedOf(first, facts, "past")}`;
    return `${DETAIL}${opening} @${first.revision}: ${did}${more}${age}`;
  });
  const left = unknown.length - UNKNOWN_MAX;
  return left > 0 ? [...lines, `${DETAIL}… nor of ${left} other objects`] : lines;
}

function writerOf({ cause }: WitnessedWrite, self?: string): string {
  return cause.user === self ? `${cause.user} itself` : cause.user;
}

/** `Pod default/web-<2>`. */
function nameOf({ called, after, before }: WitnessedWrite): string {
  return `${(after ?? before)?.kind ?? ""} ${called}`;
}

function deedOf(
  write: WitnessedWrite,
  facts: RunFacts,
  tense: "present" | "past" = "present",
): string {
  const fact = facts.at(write.revision);
  const what = nameOf(write);
  const at = tense === "present" ? ` @${write.revision}` : "";
  const [present, past] = VERBS[fact?.what ?? "changed"];
  const deed = `${tense === "present" ? present : past} ${what}${at}`;
  if (fact === undefined || fact.fields.length === 0 || fact.what !== "changed") return deed;
  const shown = fact.fields.slice(0, FIELDS_MAX).map(fieldText);
  const left = fact.fields.length - shown.length;
  return `${deed}: ${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

const VERBS = {
  created: ["creates", "created"],
  changed: ["changes", "changed"],
  "deletion-requested": ["asks to delete", "asked to delete"],
  deleted: ["deletes", "deleted"],
} as const;

function fieldText({ field, before = "(none)", after = "(none)" }: FieldChange): string {
  return `${field} ${shortened(before)} -> ${shortened(after)}`;
}

function shortened(text: string): string {
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX - 1)}…`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`.padStart(12);
}
