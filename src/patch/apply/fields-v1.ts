/** Sets of fields as objects carry them: the JSON form that is called FieldsV1. */
import { isFields, type Fields } from "../../machinery/object.ts";
import { NO_FIELDS, type FieldNode, type FieldSet } from "./field-set.ts";
import { readElement, sortedElements, type PathElement } from "./path-element.ts";

/** Marks a member that has fields below it. */
const SELF = ".";

export type DecodedFields =
  | { readonly kind: "set"; readonly set: FieldSet }
  | { readonly kind: "malformed"; readonly problem: string };

/** The JSON form, in upstream's order. */
export function encodeFieldSet(set: FieldSet): Fields {
  return encodeNodes(set, false);
}

/** Reads what is in `fieldsV1`; steps of unknown types are left out. */
export function decodeFieldSet(value: unknown): DecodedFields {
  if (value === undefined || value === null) return { kind: "set", set: NO_FIELDS };
  if (!isFields(value)) return { kind: "malformed", problem: "fieldsV1 is not an object" };
  const decoder = new Decoder();
  const { below } = decoder.decode(value);
  const [problem] = decoder.problems;
  return problem === undefined ? { kind: "set", set: below } : { kind: "malformed", problem };
}

function encodeNodes(set: FieldSet, isMember: boolean): Fields {
  const fields: Record<string, Fields> = {};
  if (isMember && set.size > 0) fields[SELF] = {};
  for (const element of sortedElements(set.keys())) {
    const node = set.get(element);
    if (node !== undefined) fields[element] = encodeNodes(node.below, node.isMember);
  }
  return fields;
}

/** Recursion is safe: the depth of what clients send is bounded before. */
class Decoder {
  readonly problems: string[] = [];

  decode(fields: Fields): FieldNode {
    const below = new Map<PathElement, FieldNode>();
    for (const [key, value] of Object.entries(fields)) {
      if (key === SELF) continue;
      const read = readElement(key);
      if (read.kind === "malformed") this.problems.push(read.problem);
      if (read.kind !== "element") continue;
      if (!isFields(value) && value !== null) {
        this.problems.push(`${key} does not hold an object`);
        continue;
      }
      below.set(read.element, this.decode(value ?? {}));
    }
    return { isMember: below.size === 0 || Object.hasOwn(fields, SELF), below };
  }
}
