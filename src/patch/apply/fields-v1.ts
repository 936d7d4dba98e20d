/** Sets of fields as objects carry them: the JSON form that is called FieldsV1. */
import { isFields, type Fields } from "../../machinery/object.ts";
import { fieldNode, LEAF, NO_FIELDS, type FieldNode, type FieldSet } from "./field-set.ts";
import { readElement, sortedElements, type PathElement } from "./path-element.ts";

/** Marks a member that has fields below it. */
const SELF = ".";

export type DecodedFields =
  | { readonly kind: "set"; readonly set: FieldSet }
  | { readonly kind: "malformed"; readonly problem: string };

/** Where a set comes from: what this program wrote itself needs no second look. */
export type FieldsOrigin = "stored" | "sent";

/**
 * The JSON form, in upstream's order; frozen. Nodes that were read or written before are in it as
 * they were: a write changes few of them, and what is frozen and shared is not copied again.
 */
export function encodeFieldSet(set: FieldSet): Fields {
  return encodeNodes(set, false);
}

/** Reads what is in `fieldsV1`; steps of unknown types are left out. */
export function decodeFieldSet(value: unknown, origin: FieldsOrigin): DecodedFields {
  if (value === undefined || value === null) return { kind: "set", set: NO_FIELDS };
  if (!isFields(value)) return { kind: "malformed", problem: "fieldsV1 is not an object" };
  const decoder = new Decoder(origin);
  const { below } = decoder.decode(value);
  const [problem] = decoder.problems;
  if (problem !== undefined) return { kind: "malformed", problem };
  return { kind: "set", set: below };
}

const NOTHING: Fields = Object.freeze({});

function encodeNodes(set: FieldSet, isMember: boolean): Fields {
  const fields: Record<string, Fields> = {};
  if (isMember && set.size > 0) fields[SELF] = NOTHING;
  for (const element of sortedElements(set.keys())) {
    const node = set.get(element);
    if (node !== undefined) fields[element] = node.form ??= encodeNodes(node.below, node.isMember);
  }
  return Object.freeze(fields);
}

/** Recursion is safe: the depth of what clients send is bounded before. */
class Decoder {
  readonly problems: string[] = [];
  readonly #isCanonical: boolean;

  constructor(origin: FieldsOrigin) {
    this.#isCanonical = origin === "stored";
  }

  decode(fields: Fields): FieldNode {
    let isMember = false;
    const below = new Map<PathElement, FieldNode>();
    for (const key of Object.keys(fields)) {
      if (key === SELF) {
        isMember = true;
        continue;
      }
      const element = this.#isCanonical ? key : this.#elementOf(key);
      if (element === undefined) continue;
      const value = fields[key] ?? {};
      if (isFields(value)) below.set(element, this.decode(value));
      else this.problems.push(`${key} does not hold an object`);
    }
    return below.size === 0
      ? LEAF
      : fieldNode(isMember, below, this.#isCanonical ? fields : undefined);
  }

  #elementOf(key: string): PathElement | undefined {
    const read = readElement(key);
    if (read.kind === "malformed") this.problems.push(read.problem);
    return read.kind === "element" ? read.element : undefined;
  }
}
