/** What the expressions of a mutating policy make of an object. Pure. */
import { CelError } from "../../../cel/cel-error.ts";
import { jsonOf } from "../../../cel/json-of.ts";
import type { CelValue } from "../../../cel/values.ts";
import { isApiObject, isFields, type ApiObject } from "../../../machinery/object.ts";
import type { Atom } from "../../../patch/apply/atom.ts";
import { mergeValues } from "../../../patch/apply/merge.ts";
import { fieldsOf, kindOf, listOf } from "../../../patch/apply/typed-value.ts";
import { problemsText, typeProblems } from "../../../patch/apply/validate.ts";
import { applyJsonPatch, PatchError } from "../../../patch/json-patch.ts";
import { typedFields, typedObject } from "../../registry/managed-fields-kinds.ts";
import type { Resource } from "../../registry/resource.ts";
import type { CompiledMutation } from "./compiled-policy.ts";

/** Why an object cannot be changed as a policy wants. */
export class MutationFault extends Error {
  override readonly name = "MutationFault";
}

/** Throws a `MutationFault`. */
export function mutated(
  object: ApiObject,
  kind: CompiledMutation["kind"],
  value: CelValue,
  resource: Resource,
): ApiObject {
  const json = jsonOf(value);
  if (json instanceof CelError) throw new MutationFault(json.message);
  return kind === "JSONPatch" ? patched(object, json) : applied(object, json, resource);
}

function patched(object: ApiObject, operations: unknown): ApiObject {
  try {
    const value = applyJsonPatch(object, operations);
    if (isApiObject(value)) return value;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new MutationFault(`JSON Patch: ${error.message}`, { cause: error });
  }
  throw new MutationFault("JSON Patch: the object is no object any more");
}

/** The configuration laid over the object; what is owned as a whole cannot be a part of it. */
function applied(object: ApiObject, config: unknown, resource: Resource): ApiObject {
  if (!isFields(config)) throw new MutationFault("the configuration is no object");
  const upper = typedFields(config, resource);
  const problems = typeProblems(upper);
  const fault = "error applying patch";
  if (problems.length > 0) throw new MutationFault(`${fault}: ${problemsText(problems)}`);
  const wholes = wholesIn(upper.value, upper.atom, "");
  if (wholes.length > 0) {
    const what = "may not mutate atomic arrays, maps or structs";
    throw new MutationFault(`${fault}: invalid ApplyConfiguration: ${what}: ${wholes.join(", ")}`);
  }
  const lower = typedObject(object, resource);
  const merged = mergeValues(lower.value, upper.value, lower.atom);
  if (merged.kind === "problems") {
    throw new MutationFault(`${fault}: ${problemsText(merged.problems)}`);
  }
  if (!isApiObject(merged.value)) throw new MutationFault(`${fault}: no object is left`);
  const { managedFields } = object.metadata;
  const owners = managedFields === undefined ? {} : { managedFields };
  return { ...merged.value, metadata: { ...merged.value.metadata, ...owners } };
}

/** Paths of what is owned as a whole. Depth is that of a JSON value. */
function wholesIn(value: unknown, atom: Atom, path: string): readonly string[] {
  const kind = kindOf(atom, value);
  switch (kind.kind) {
    case "map":
      if (kind.atom.isAtomic) return [path];
      return Object.entries(fieldsOf(value) ?? {}).flatMap(([key, member]) => {
        const inner = kind.atom.member(key);
        return inner === undefined ? [] : wholesIn(member, inner, `${path}.${key}`);
      });
    case "list":
      if (kind.atom.kind === "atomic") return [path];
      return (listOf(value) ?? []).flatMap((item) => wholesIn(item, kind.atom.items(), path));
    case "scalar":
    case "nothing":
      return [];
  }
}
