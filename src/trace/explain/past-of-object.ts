/** Which of the changes of an object a question is about, or what to say if none is known. */
import { apiTime } from "../../machinery/api-time.ts";
import { isBookkeeping } from "../differences.ts";
import { HISTORY_MAX, type ExplanationStatus } from "../explanation.ts";
import { objectText, type ChangeFact, type Facts, type ObjectName } from "../facts.ts";
import { FIELD_PATH_FORMS, findField, type FoundField } from "./field-path.ts";

/** Newer changes that are told of an object whose beginning is forgotten. */
export const NEWER_CHANGES_TOLD_MAX = 10;

export type Meant =
  | { readonly kind: "change"; readonly revision: number }
  | { readonly kind: "answer"; readonly status: ExplanationStatus };

/** The change that created the object, or the latest one of its name. */
export async function creationOf(object: ObjectName, facts: Facts): Promise<Meant> {
  const history = await facts.history(object, HISTORY_MAX);
  const oldest = lifeOf(history).at(-1);
  if (oldest === undefined) return answered(unknownObject(object));
  if (isKnown(oldest) && oldest.what === "created") return change(oldest);
  const since = await keptSince(facts);
  const note = `${objectText(object)} was created ${beforeWhat(oldest, history)}: ${since}`;
  const shown = history.slice(0, NEWER_CHANGES_TOLD_MAX);
  return answered({ note, history: shown.includes(oldest) ? shown : [...shown, oldest] });
}

/** The newest change that gave a field its value, or took it away. */
export async function changeOfField(
  object: ObjectName,
  given: string,
  facts: Facts,
): Promise<Meant> {
  const history = await facts.history(object, HISTORY_MAX);
  if (history.length === 0) return answered(unknownObject(object));
  const state = await facts.lastState?.(object);
  const field = findField(given, state);
  if (field === undefined) {
    const problem = `${JSON.stringify(given)} names no field; write it as ${FIELD_PATH_FORMS}`;
    return answered({ problem });
  }
  if (isBookkeeping(field.text)) {
    const problem = `changes of ${field.text} are not told: the server keeps books with it`;
    return answered({ problem });
  }
  const isUnsure = state === undefined || field.isThere;
  const life = lifeOf(history);
  const found = life.find((each) => isChangeOf(each, field.text, isUnsure));
  if (found !== undefined) return change(found);
  if (!isUnsure) return answered(await noSuchField(object, given, facts));
  return unchanged(object, field, life, facts);
}

/** The change that asked the object to go, or ended it. */
export async function endOf(object: ObjectName, facts: Facts): Promise<Meant> {
  const history = await facts.history(object, HISTORY_MAX);
  const going = history.find(({ what }) => what === "deleted" || what === "deletion-requested");
  if (history.length === 0) return answered(unknownObject(object));
  if (going === undefined) {
    const problem = `${objectText(object)} is there, and nobody has asked to delete it`;
    return answered({ problem });
  }
  if (isKnown(going)) return change(going);
  const since = await keptSince(facts);
  const when = beforeWhat(going, history);
  const note = `${objectText(object)} was asked to go ${when}: ${since}`;
  return answered({ note, history: history.slice(0, NEWER_CHANGES_TOLD_MAX) });
}

export function unknownObject(object: ObjectName): ExplanationStatus {
  return {
    problem:
      `nothing is recorded of ${objectText(object)}: there was no such object within the time ` +
      "that history is kept for, or you may not read it",
  };
}

/** `history goes back to 2026-01-01T12:00:00Z (@459)` */
export async function keptSince(facts: Facts): Promise<string> {
  const { oldest } = facts.kept();
  const first = await facts.change(oldest);
  const time = first === undefined ? "" : `${apiTime(first.cause.timeMs)} `;
  return `history goes back to ${time}${time === "" ? `@${oldest}` : `(@${oldest})`}`;
}

function change({ revision }: ChangeFact): Meant {
  return { kind: "change", revision };
}

function answered(status: ExplanationStatus): Meant {
  return { kind: "answer", status };
}

function isKnown({ isOlderThanKept }: ChangeFact): boolean {
  return isOlderThanKept !== true;
}

/** Without earlier objects of the same name. */
function lifeOf(history: readonly ChangeFact[]): readonly ChangeFact[] {
  const created = history.findIndex(({ what }) => what === "created");
  return created < 0 ? history : history.slice(0, created + 1);
}

function beforeWhat(oldest: ChangeFact, history: readonly ChangeFact[]): string {
  const time = apiTime(oldest.cause.timeMs);
  if (!isKnown(oldest)) {
    const when = oldest.what === "changed" ? "before" : "at";
    return `${when} ${time}, older than what is kept`;
  }
  return `before ${time}, more than ${history.length} of its changes ago, which are not searched`;
}

async function unchanged(
  object: ObjectName,
  { text }: FoundField,
  life: readonly ChangeFact[],
  facts: Facts,
): Promise<Meant> {
  const oldest = life.at(-1);
  if (oldest === undefined) return answered(unknownObject(object));
  if (isKnown(oldest) && oldest.what === "created") return change(oldest);
  const since = await keptSince(facts);
  const note =
    `${text} of ${objectText(object)} has not changed since ${apiTime(oldest.cause.timeMs)} ` +
    `(@${oldest.revision}); what made it so is older than what is told: ${since}`;
  return answered({ note });
}

async function noSuchField(
  object: ObjectName,
  given: string,
  facts: Facts,
): Promise<ExplanationStatus> {
  return {
    problem:
      `${objectText(object)} has no such field ${JSON.stringify(given)}, neither now nor before, ` +
      `as far as is known: ${await keptSince(facts)}; fields are written as ${FIELD_PATH_FORMS}`,
  };
}

/** `isThere`: the object has the field, so that a change of all around it is one of it. */
function isChangeOf({ fields }: ChangeFact, wanted: string, isThere: boolean): boolean {
  return fields.some(({ field, before, after }) => {
    if (isWithin(field, wanted)) return true;
    if (!isWithin(wanted, field)) return false;
    const rest = wanted.slice(field.length);
    return isThere || hasField(before, rest) || hasField(after, rest);
  });
}

/** Whether a path is another one, or below it. */
function isWithin(path: string, above: string): boolean {
  if (!path.startsWith(above)) return false;
  const next = path.charAt(above.length);
  return next === "" || next === "." || next === "[";
}

/** Of a value that was too long to be kept whole it is not known. */
function hasField(json: string | undefined, path: string): boolean {
  if (json === undefined) return false;
  try {
    return findField(path, JSON.parse(json))?.isThere === true;
  } catch {
    return false;
  }
}
