/**
 * Steps of field paths in the spelling of FieldsV1: `f:name` is a field, `k:{"name":"web"}` an item
 * of a list by its keys, `v:"x"` an item of a set, `i:3` an item by its place. The spelling is
 * canonical, so that equal steps are equal texts: sets of fields are then plain maps, and a text
 * never collides with a name of JavaScript's own, because each begins with its type.
 */
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { printedNumber, printedText } from "./go-text.ts";

/** One step, spelled canonically. */
export type PathElement = string;

/** A path from the root of an object. The empty path is the object itself. */
export type FieldPath = readonly PathElement[];

/** What became of a step that somebody else spelled. */
export type ReadElement =
  | { readonly kind: "element"; readonly element: PathElement }
  /** Of a type that is not known (yet): such steps are dropped. */
  | { readonly kind: "unknown" }
  | { readonly kind: "malformed"; readonly problem: string };

/** Steps to fields are made once, as most are of the few names that schemas have: up to so many. */
const FIELD_ELEMENTS_MAX = 4_096;
const FIELD_NAME_LENGTH_MAX = 64;
const fieldElements = new Map<string, PathElement>();

export function fieldElement(name: string): PathElement {
  const known = fieldElements.get(name);
  if (known !== undefined) return known;
  const made = `f:${name}`;
  if (name.length > FIELD_NAME_LENGTH_MAX) return made;
  if (fieldElements.size >= FIELD_ELEMENTS_MAX) fieldElements.clear();
  fieldElements.set(name, made);
  return made;
}

/** `keys`: the item's key fields; at least one. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): string {
  const sorted = keys.length < 2 ? keys : keys.toSorted(([a], [b]) => compareBytes(a, b));
  let members = "";
  for (const [name, value] of sorted) {
    const comma = members === "" ? "" : ",";
    members += `${comma}${PLAIN.test(name) ? `"${name}"` : JSON.stringify(name)}:${spelled(value)}`;
  }
  return `k:{${members}}`;
}

/** `value`: a scalar. */
export function valueElement(value: unknown): PathElement {
  return `v:${spelled(value)}`;
}

/** `index`: the place of the item. */
export function indexElement(index: number): PathElement {
  return `i:${index}`;
}

/** The name of a field; undefined for any other step. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

export function isKeyElement(element: PathElement): boolean {
  return element.startsWith("k:");
}

/** Reads a step from FieldsV1 that a client sent. */
export function readElement(text: string): ReadElement {
  if (text.length < 2) return malformed("key must be 2 characters long:");
  if (text[1] !== ":") return malformed(`missing colon: ${text}`);
  const content = text.slice(2);
  switch (text[0]) {
    case "f":
      return { kind: "element", element: text };
    case "v": {
      const value = parsed(content);
      if (value === undefined) return malformed(`not a JSON value: ${text}`);
      return { kind: "element", element: valueElement(value) };
    }
    case "k": {
      const keys = parsed(content);
      if (!isFields(keys)) return malformed(`not a JSON object: ${text}`);
      return { kind: "element", element: keyElement(Object.entries(keys)) };
    }
    case "i":
      if (!/^[-+]?\d{1,15}$/.test(content)) return malformed(`not an index: ${text}`);
      return { kind: "element", element: `i:${Number(content)}` };
    default:
      return { kind: "unknown" };
  }
}

/** Sorts steps as upstream writes them: fields, keys, values, indexes, each by its content. */
export function sortedElements(elements: Iterable<PathElement>): readonly PathElement[] {
  const all = [...elements];
  if (all.length < 2) return all;
  const [first = "", second = ""] = all;
  const isField = first.startsWith("f:") && second.startsWith("f:");
  if (isField && all.every((element) => element.startsWith("f:"))) {
    // Texts sort fast by their code units, which are in the order of bytes but for surrogates.
    return all.some((element) => SURROGATE.test(element)) ? all.sort(compareBytes) : all.sort();
  }
  const contents = new Map(all.map((element) => [element, contentOf(element)] as const));
  return all.sort(
    (a, b) => rankOf(a) - rankOf(b) || compareContents(contents.get(a), contents.get(b)),
  );
}

/** `.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]` */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join("");
}

export function elementText(element: PathElement): string {
  const content = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${content}`;
    case "k": {
      const keys = parsed(content);
      const texts = Object.entries(isFields(keys) ? keys : {}).map(
        ([name, value]) => `${name}=${valueText(value)}`,
      );
      return `[${texts.join(",")}]`;
    }
    case "v":
      return `[=${valueText(parsed(content))}]`;
    default:
      return `[${content}]`;
  }
}

/** Order of UTF-8 bytes, which is Go's order of strings. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return compareUnits(a, b);
  return a < b ? -1 : 1;
}

/** Only beyond characters of one code unit does the order of bytes differ from that of units. */
const SURROGATE = /[\ud800-\udfff]/;

function compareUnits(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return bytesRank(left) - bytesRank(right);
  }
  return a.length - b.length;
}

const RANKS = "fkvi";

function rankOf(element: PathElement): number {
  return RANKS.indexOf(element[0] ?? "");
}

/** Halves of surrogate pairs stand for characters beyond all that one code unit can spell. */
function bytesRank(unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdfff) return unit + 0x10000;
  return unit;
}

/** The name of a field, keys sorted by name, a value, or an index. */
function contentOf(element: PathElement): unknown {
  return fieldName(element) ?? parsed(element.slice(2));
}

function compareContents(a: unknown, b: unknown): number {
  if (!isFields(a) || !isFields(b)) return compareValues(a, b);
  return compareKeys(Object.entries(a), Object.entries(b));
}

type Keys = readonly (readonly [string, unknown])[];

function compareKeys(a: Keys, b: Keys): number {
  for (const [index, [name, value]] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareBytes(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A total order: numbers, texts, truth values, lists, maps, null. */
function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [valueRank(a), valueRank(b)];
  if (left !== right) return left - right;
  if (typeof a === "string" && typeof b === "string") return compareBytes(a, b);
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : Number(a > b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return compareBytes(spelled(a), spelled(b));
}

function valueRank(value: unknown): number {
  if (Array.isArray(value)) return 3;
  if (value === null) return 5;
  if (isNumeric(value)) return 0;
  const order = ["number", "string", "boolean"].indexOf(typeof value);
  return order >= 0 ? order : 4;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Texts that JSON has between quotes as they are; nearly all keys are. */
const PLAIN = /^[\w./:-]*$/;

/** JSON as Go's encoder writes it: without `<`, `>` and `&`, maps sorted. */
function spelled(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  const json = exactText(isFields(value) ? sortedFields(value) : value);
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sortedFields(fields: Fields): Fields {
  const sorted: MutableFields = {};
  for (const name of Object.keys(fields).sort(compareBytes)) setField(sorted, name, fields[name]);
  return sorted;
}

function valueText(value: unknown): string {
  if (typeof value === "string") return printedText(value);
  if (typeof value === "number") return printedNumber(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(",")}]`;
  if (!isFields(value)) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}=${valueText(member)}`)
    .join("");
}

/** Undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function malformed(problem: string): ReadElement {
  return { kind: "malformed", problem };
}
