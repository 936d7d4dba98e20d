/**
 * A field as people write it, found in an object: `.spec.containers[0].image`, with items of lists
 * by index or by a field of theirs, and keys with dots in brackets or with a backslash.
 */
import { isFields, own } from "../../machinery/object.ts";
import { pathText, type PathStep } from "../differences.ts";

export const FIELD_PATH_LENGTH_MAX = 1_000;

/** The forms that are possible, for who has written another one. */
export const FIELD_PATH_FORMS: string =
  "spec.replicas, spec.containers[0].image, spec.containers[name=web].image, " +
  'data["a.b"] or data.a\\.b';

/** `word`: a field, or the item of a list if in brackets. */
type Step =
  | { readonly kind: "word"; readonly text: string; readonly isBracketed: boolean }
  | { readonly kind: "item"; readonly by: string; readonly value: string };

/** How a step is written. */
const STEP_FORMS: readonly string[] = [
  String.raw`(?:^|\.)(?<word>(?:\\.|[^.[\]\\])+)`,
  String.raw`\[(?<json>"(?:\\.|[^"\\])*")\]`,
  String.raw`\['(?<quoted>[^']*)'\]`,
  String.raw`\[(?<plain>[^[\]"']+)\]`,
];

/** The steps of a path; undefined: it is not one. */
function parseFieldPath(given: string): readonly Step[] | undefined {
  const text = given.replace(/^\{(.*)\}$/s, "$1").replace(/^\$?\.(?=[^.])/, "");
  if (text === "" || text.length > FIELD_PATH_LENGTH_MAX) return undefined;
  const part = new RegExp(STEP_FORMS.join("|"), "sy");
  const steps: Step[] = [];
  while (part.lastIndex < text.length) {
    const { word, json, quoted, plain } = part.exec(text)?.groups ?? {};
    const step = word === undefined ? bracketed(json, quoted, plain) : plainWord(word);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

function plainWord(word: string): Step {
  return { kind: "word", text: word.replaceAll(/\\(.)/gs, "$1"), isBracketed: false };
}

function bracketed(json?: string, quoted?: string, plain?: string): Step | undefined {
  if (quoted !== undefined) return { kind: "word", text: quoted, isBracketed: true };
  if (json !== undefined) {
    const text = textOf(json);
    return text === undefined ? undefined : { kind: "word", text, isBracketed: true };
  }
  if (plain === undefined) return undefined;
  const [, by, value] = /^([A-Za-z]\w*)=(.+)$/s.exec(plain) ?? [];
  if (by !== undefined && value !== undefined) return { kind: "item", by, value };
  return { kind: "word", text: plain, isBracketed: true };
}

function textOf(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

export type FoundField = {
  /** As `differencesOf` names it, or what is above it in a list that is told as a whole. */
  readonly text: string;
  /** Whether the object has it. */
  readonly isThere: boolean;
};

/** Undefined: no path. `object`: undefined if it is not known how it is or was. */
export function findField(given: string, object: unknown): FoundField | undefined {
  const steps = parseFieldPath(given);
  if (steps === undefined) return undefined;
  const path: PathStep[] = [];
  let value = object;
  let isWhole = false; // a list whose items have no names is told as a whole
  for (let index = 0; index < steps.length;) {
    const taken = takeStep(value, steps, index);
    index += taken.count;
    value = taken.value;
    isWhole ||= taken.step === undefined;
    if (!isWhole && taken.step !== undefined) path.push(taken.step);
  }
  return { text: pathText(path), isThere: value !== undefined };
}

type Taken = {
  /** Undefined: there is no name for it. */
  readonly step: PathStep | undefined;
  readonly value: unknown;
  readonly count: number;
};

function takeStep(value: unknown, steps: readonly Step[], index: number): Taken {
  const step = steps[index];
  if (step === undefined) return { step: undefined, value: undefined, count: 1 };
  if (Array.isArray(value)) return takeItem(value, step);
  if (step.kind === "item") {
    const { by, value: name } = step;
    return { step: { by, value: name }, value: undefined, count: 1 };
  }
  return takeKey(value, step.text, steps, index);
}

/** A key with dots in it may be written without anything around it where no other key is meant. */
function takeKey(value: unknown, first: string, steps: readonly Step[], index: number): Taken {
  const fields = isFields(value) ? value : {};
  let key = first;
  for (let count = 1; ; count += 1) {
    const found = own(fields, key);
    if (found !== undefined) return { step: key, value: found, count };
    const next = steps[index + count];
    if (next?.kind !== "word" || next.isBracketed) break;
    key += `.${next.text}`;
  }
  return { step: first, value: undefined, count: 1 };
}

function takeItem(items: readonly unknown[], step: Step): Taken {
  const isMeant = (item: unknown): boolean =>
    step.kind === "item" && isFields(item) && String(own(item, step.by)) === step.value;
  const at = step.kind === "word" && /^\d+$/.test(step.text) ? Number(step.text) : -1;
  const item = step.kind === "item" ? items.find(isMeant) : items[at];
  const by = (["type", "name"] as const).find((name) =>
    items.every((each) => isFields(each) && typeof own(each, name) === "string"),
  );
  if (by !== undefined && isFields(item)) {
    const value = own(item, by);
    if (typeof value === "string") return { step: { by, value }, value: item, count: 1 };
  }
  if (step.kind === "item" && by === step.by) {
    return { step: { by, value: step.value }, value: undefined, count: 1 };
  }
  return { step: undefined, value: item, count: 1 };
}
