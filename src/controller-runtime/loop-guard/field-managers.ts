/** Who manages a field, as the object itself says. */
import type { Difference, PathStep } from "../../trace/differences.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";

/** Names of the managers whose entries hold one of the fields, each once, in their order. */
export function managersOf(
  object: ApiObject,
  fields: readonly Pick<Difference, "path">[],
): readonly string[] {
  const entries = object.metadata.managedFields ?? [];
  const owners = entries.filter(({ fieldsV1 }) => fields.some(({ path }) => holds(fieldsV1, path)));
  return [...new Set(owners.flatMap(({ manager }) => (manager === undefined ? [] : [manager])))];
}

function holds(set: unknown, path: readonly PathStep[]): boolean {
  let node: unknown = set;
  for (const step of path) {
    if (!isFields(node)) return false;
    const names = Object.keys(node).filter((name) => name !== ".");
    if (names.length === 0) return node !== set; // it owns all that is below
    const name = names.find((each) => isStep(each, step));
    if (name === undefined) return false;
    node = own(node, name);
  }
  return true;
}

function isStep(name: string, step: PathStep): boolean {
  if (typeof step === "string") return name === `f:${step}`;
  if (!name.startsWith("k:")) return false;
  const key = parsed(name.slice("k:".length));
  return key !== undefined && own(key, step.by) === step.value;
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
