/**
 * JSONPath as printer columns and selectable fields use it: `.spec.replicas`,
 * `.status.conditions[?(@.type=="Ready")].status`, `.metadata.labels['a\.b']`, `.list[*].x`.
 * Parsed once; what it finds in an object takes time linear in the object, and depth is bounded
 * because the depth of objects is.
 */
import { isFields } from "../../machinery/object.ts";
import { PathReader, type Step } from "./path-reader.ts";

/** A parsed path. */
export type JsonPath = { readonly steps: readonly Step[] };

export type ParsedJsonPath =
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "invalid"; readonly problem: string };

/** Characters of a path. */
export const JSON_PATH_LENGTH_MAX = 4_096;
/** Values a path may lead to. */
export const FOUND_MAX = 10_000;

/** Reads a path, as it stands in a definition: without braces. */
export function parseJsonPath(text: string): ParsedJsonPath {
  if (text.length > JSON_PATH_LENGTH_MAX) {
    return { kind: "invalid", problem: "the path is too long" };
  }
  const reader = new PathReader(text);
  const steps = reader.path();
  if (reader.problem !== undefined) return { kind: "invalid", problem: reader.problem };
  return { kind: "path", path: { steps } };
}

/**
 * The values a path leads to in an object, in order. Missing fields are no values; undefined is
 * told for what upstream calls an error, such as an index beyond the list.
 */
export function findValues(path: JsonPath, value: unknown): readonly unknown[] | undefined {
  let found: readonly unknown[] = [value];
  for (const step of path.steps) {
    const next = follow(step, found);
    if (next === undefined) return undefined;
    found = next.slice(0, FOUND_MAX);
  }
  return found;
}

function follow(step: Step, values: readonly unknown[]): readonly unknown[] | undefined {
  const found: unknown[] = [];
  for (const value of values) {
    const next = followOne(step, value);
    if (next === undefined) return undefined;
    for (const item of next) found.push(item);
    if (found.length >= FOUND_MAX) break;
  }
  return found;
}

function followOne(step: Step, value: unknown): readonly unknown[] | undefined {
  switch (step.kind) {
    case "field":
      return isFields(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case "wildcard":
      if (Array.isArray(value)) return value;
      return isFields(value) ? Object.values(value) : [];
    case "descend":
      return descendants(value);
    case "slice":
      return Array.isArray(value) ? sliced(value, step) : value === null ? [] : undefined;
    case "filter":
      return Array.isArray(value) ? value.filter((item) => isSelected(step, item)) : undefined;
    case "union": {
      const parts = step.parts.map((part) => followAll(part, value));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
  }
}

function followAll(steps: readonly Step[], value: unknown): readonly unknown[] | undefined {
  return findValues({ steps }, value);
}

function descendants(value: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const pending: unknown[] = [value];
  while (pending.length > 0 && found.length < FOUND_MAX) {
    const next = pending.pop();
    found.push(next);
    const below: readonly unknown[] = Array.isArray(next)
      ? next
      : isFields(next)
        ? Object.values(next)
        : [];
    for (const item of below.toReversed()) {
      if (typeof item === "object" && item !== null) pending.push(item);
    }
  }
  return found;
}

function sliced(
  items: readonly unknown[],
  { start, end, by }: Step & { readonly kind: "slice" },
): readonly unknown[] | undefined {
  const isIndex = end === "index";
  const from = from0(start ?? 0, items.length);
  const to = isIndex ? from + 1 : from0(end ?? items.length, items.length);
  if (isIndex && (from < 0 || from >= items.length)) return undefined;
  if (from < 0 || to > items.length || by <= 0) return from >= items.length ? undefined : [];
  return items.slice(from, to).filter((_item, index) => index % by === 0);
}

/** Counted from the end if negative. */
function from0(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

function isSelected(filter: Step & { readonly kind: "filter" }, item: unknown): boolean {
  const left = operandValue(filter.left, item);
  if (filter.operator === "exists") return left !== undefined;
  const right = operandValue(filter.right, item);
  if (left === undefined || right === undefined) return false;
  return compare(left, filter.operator, right);
}

function operandValue(operand: Operand, item: unknown): unknown {
  if (operand.kind === "literal") return operand.value;
  const [first] = findValues({ steps: operand.steps }, item) ?? [];
  return first;
}

type Operand = (Step & { readonly kind: "filter" })["left"];

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const isOrdered =
    (typeof left === "number" && typeof right === "number") ||
    (typeof left === "string" && typeof right === "string");
  if (!isOrdered) return false;
  const order = left < right ? -1 : left > right ? 1 : 0;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}
