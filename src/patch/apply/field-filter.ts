/** Which fields of a comparison or configuration count: some belong to other endpoints. */
import {
  fieldNode,
  isEmptySet,
  recursiveDifference,
  type FieldNode,
  type FieldSet,
} from "./field-set.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import type { FieldFilter } from "./updater.ts";

/** Any step of a pattern. */
export const ANY = "*";

/** All fields but these and what is below them. */
export function excluding(fields: FieldSet): FieldFilter {
  return (set) => recursiveDifference(set, fields);
}

/** Only fields on the way to a pattern or below it, e.g. `["spec", "containers", "*", "ports"]`. */
export function includingOnly(patterns: readonly (readonly string[])[]): FieldFilter {
  const steps = patterns.map((names) =>
    names.map((name) => (name === ANY ? ANY : fieldElement(name))),
  );
  return (set) => matching(set, steps);
}

function matching(set: FieldSet, patterns: readonly (readonly PathElement[])[]): FieldSet {
  const kept = new Map<PathElement, FieldNode>();
  for (const [element, node] of set) {
    const rests = patterns
      .filter(([first]) => first === ANY || first === element)
      .map((pattern) => pattern.slice(1));
    if (rests.length === 0) continue;
    const isWhole = rests.some((rest) => rest.length === 0);
    const below = isWhole ? node.below : matching(node.below, rests);
    if (node.isMember || !isEmptySet(below)) kept.set(element, fieldNode(node.isMember, below));
  }
  return kept;
}
