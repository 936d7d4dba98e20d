/** A story as people read it: what happened, and below it what led to it, ever further back. */
import type { CauseRow } from "../../trace/cause.ts";
import type { Story, StoryEnd } from "../../trace/explain/why.ts";
import { objectText, type ChangeFact, type FieldChange } from "../../trace/facts.ts";

/** Fields of a change that are named; the rest are counted. */
const FIELDS_SHOWN_MAX = 3;
/** Characters of a value that are shown; `-o json` has more. */
const VALUE_SHOWN_MAX = 40;

/** Lines, the first about what was asked. Times as RFC 3339 in UTC. */
export function storyLines(story: Story): readonly string[] {
  return [changeLine(story.change), ...branchLines(story, "")];
}

/** A change in one line: `(time) @107 Pod default/web-1 created by replicaset-controller`. */
export function changeLine(change: ChangeFact): string {
  const { revision, cause } = change;
  const what = change.isHidden === true ? "an object you may not read" : objectText(change.object);
  const time = new Date(cause.timeMs).toISOString();
  const deeds = `${deed(change)} by ${writer(change)}${editsText(cause)}`;
  return `${time} @${revision} ${what} ${deeds}${fieldsText(change)}`;
}

/** Changes of more than status, without what they changed in it. */
export function withoutStatus(history: readonly ChangeFact[]): readonly ChangeFact[] {
  return history.flatMap((change) => {
    const fields = change.fields.filter(({ field }) => !/^status(?:$|[.[])/.test(field));
    const isStatus = change.what === "changed" && change.fields.length > 0 && fields.length === 0;
    return isStatus ? [] : [{ ...change, fields }];
  });
}

function branchLines({ because, ends }: Story, indent: string): readonly string[] {
  const count = because.length + ends.length;
  const lines: string[] = [];
  because.forEach((cause, index) => {
    const isLast = index === count - 1;
    const mark = cause.link === "inferred" ? "(probably) " : "";
    lines.push(`${indent}${isLast ? "└─ " : "├─ "}${mark}${changeLine(cause.change)}`);
    lines.push(...branchLines(cause, `${indent}${isLast ? "   " : "│  "}`));
  });
  ends.forEach((end, index) => {
    const isLast = because.length + index === count - 1;
    lines.push(`${indent}${isLast ? "└─ " : "├─ "}${endText(end)}`);
  });
  return lines;
}

function deed({ what, isOlderThanKept }: ChangeFact): string {
  if (isOlderThanKept === true && what === "changed") return "there already, changed";
  return what === "deletion-requested" ? "asked to go" : what;
}

function writer({ cause }: ChangeFact): string {
  const { actor, user, verb } = cause;
  const who = actor === "" || user.endsWith(`:${actor}`) ? user : `${user} (${actor})`;
  return `${who === "" ? "the server itself" : who}, ${verb}`;
}

/** Defaulting is no news: nearly every object gets some. */
function editsText({ edits = [] }: CauseRow): string {
  const told = edits.filter((edit) => edit !== "defaults");
  return told.length === 0 ? "" : ` (on its way changed by ${told.join(", ")})`;
}

function fieldsText({ fields }: ChangeFact): string {
  if (fields.length === 0) return "";
  const shown = fields.slice(0, FIELDS_SHOWN_MAX).map(fieldText);
  const rest = fields.length - shown.length;
  return `: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function fieldText({ field, before, after }: FieldChange): string {
  return `${field} ${valueText(before)} -> ${valueText(after)}`;
}

function valueText(value = "(none)"): string {
  return value.length <= VALUE_SHOWN_MAX ? value : `${value.slice(0, VALUE_SHOWN_MAX - 1)}…`;
}

function endText(end: StoryEnd): string {
  switch (end.kind) {
    case "request":
      return "it was asked for: this is where it began";
    case "server":
      return "the API server did it by itself";
    case "start":
      return "the program had started, and looked at all there is";
    case "timer":
      return "a timer that the program had set";
    case "retry":
      return "the try before had failed";
    case "resync":
      return "the program looks at everything every so often";
    case "external":
      return "something outside of the API: a process, a probe, another cluster";
    case "own-accord":
      return "the program acted by itself, and does not say what made it";
    case "unknown":
      return (
        "it does not say why, and nothing shortly before it tells: it was asked for under the " +
        "name of a program, or the program has its own timer"
      );
    case "forgotten":
      return `led to by ${revisions(end.revisions)}, older than what is kept`;
    case "told":
      return `also led to by ${revisions(end.revisions)}, told elsewhere here`;
    case "cut":
      return "the story goes on; ask for one of the revisions";
  }
}

function revisions(numbers: readonly number[]): string {
  return numbers.map((revision) => `@${revision}`).join(", ");
}
