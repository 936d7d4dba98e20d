/** A plan as text for people: what would change, object by object, and what cannot be known. */
import {
  changesSomething,
  type Plan,
  type PlannedEnd,
  type PlannedRun,
  type PlannedWrite,
} from "./plan.ts";
import type { FieldChange } from "./field-changes.ts";
import { durationText } from "../http/debug/quantities.ts";

/** Keys of objects that stay as they are, so many are named. */
const NAMED_MAX = 10;
/** A line of free text is cut to this length. */
const LINE_LENGTH_MAX = 500;

/**
 * Ends with a line break. What others wrote (values, errors, events) cannot move the cursor of a
 * terminal or begin a line of its own.
 */
export function planText(plan: Plan): string {
  const { controller, runs, leftOut, limits } = plan;
  const [told, quiet] = [runs.filter(hasNews), runs.filter((run) => !hasNews(run))];
  const changing = runs.filter(changesSomething).length;
  const failing = runs.filter(({ end }) => end.kind === "failed").length;
  const counts = [
    `${objects(runs.length)} looked at`,
    changing === 0 ? "nothing would change" : `${changing} would make changes`,
    ...(failing === 0 ? [] : [`${failing} would fail`]),
  ];
  const lines = [
    safe(`${controller}: ${counts.join(", ")}`),
    ...told.flatMap((run) => ["", ...runLines(run)]),
    ...(quiet.length === 0 ? [] : ["", quietLine(quiet)]),
    ...(leftOut === 0 ? [] : ["", `${objects(leftOut)} more: not looked at (objectsMax)`]),
    "",
    "Limits of this plan:",
    ...limits.map((limit) => `  - ${limit}`),
  ];
  return `${lines.join("\n")}\n`;
}

function hasNews(run: PlannedRun): boolean {
  const isOver = run.end.kind === "done" || run.end.kind === "requeue-after";
  const isRefused = run.writes.some(({ effect }) => effect === "refused");
  return changesSomething(run) || run.events.length > 0 || isRefused || !isOver;
}

function runLines({ key, writes, events, outside, end }: PlannedRun): readonly string[] {
  return [
    safe(key),
    ...writes.filter(({ effect }) => effect !== "nothing").flatMap(writeLines),
    ...outside.map((what) => safe(`  outside   ${what}`)),
    ...events.map(({ type, reason, message }) => safe(`  event     ${type} ${reason}: ${message}`)),
    ...endLines(end),
  ];
}

function writeLines(write: PlannedWrite): readonly string[] {
  const { effect, kind, key, subresource, changes, hasMore, note, call } = write;
  const what = effect === "refused" || effect === "unknown" ? `${effect}: ${call}` : effect;
  const sent = changes.filter(({ isAdded }) => isAdded !== true);
  const added = changes.length - sent.length;
  const object = [kind, key, subresource].filter((part) => part !== "").join(" ");
  return [
    safe(`  ${what.padEnd(9)} ${object}${note === undefined ? "" : ` (${note})`}`),
    ...sent.map((change) => safe(`              ${changeText(change)}`)),
    ...(added === 0 ? [] : [`              and ${added} by default`]),
    ...(hasMore ? ["              and more fields"] : []),
  ];
}

function changeText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `${path}: ${after ?? ""}`;
  return `${path}: ${before} -> ${after ?? "(removed)"}`;
}

function endLines(end: PlannedEnd): readonly string[] {
  switch (end.kind) {
    case "done":
      return [];
    case "requeue-after":
      return [`  then      looks again after ${durationText(end.delayMs)}`];
    case "waiting":
      if (end.for.length === 0) return ["  then      waits; what it does after that is not known"];
      return end.for.map((what) => safe(`  then      waits for ${what}; what comes is not known`));
    case "failed":
      return [safe(`  fails     ${end.error}`)];
    case "unknown":
      return [safe(`  then      not known: ${end.why}`)];
  }
}

function quietLine(runs: readonly PlannedRun[]): string {
  const names = runs.slice(0, NAMED_MAX).map(({ key }) => key);
  const more = runs.length - names.length;
  const rest = more > 0 ? `, and ${more} more` : "";
  return safe(`as they should be: ${names.join(", ")}${rest}`);
}

function objects(count: number): string {
  return count === 1 ? "1 object" : `${count} objects`;
}

/** Control characters, and those that turn the direction of text, as escapes. */
function safe(line: string): string {
  const short = line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX)}...` : line;
  return short.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
