/**
 * What mutating admission policies construct: `Object{spec: Object.spec{replicas: 3}}` for
 * configurations to apply, and `JSONPatch{op: "add", path: "/x", value: 1}`. An environment that
 * allows them has `mutationTypeOf` as `objectTypeOf` and this library besides those of Kubernetes.
 */
import { noSuchOverload } from "../cel-error.ts";
import { PARSE_TO_TEXT_COST } from "../cost/kubernetes-costs.ts";
import { declare, overload, type CelLibrary } from "../functions.ts";
import { DYN, objectType, STRING, type CelObjectType } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";

/** The type of operations of a JSON patch. */
export const JSON_PATCH: CelObjectType = objectType("JSONPatch", {
  op: STRING,
  path: STRING,
  from: STRING,
  value: DYN,
});

/** The type of what a policy applies. Any field goes; the schema of the kind judges later. */
export const APPLIED_OBJECT: CelObjectType = appliedType("Object");

/** The types that mutations construct, by name. */
export function mutationTypeOf(name: string): CelObjectType | undefined {
  if (name === JSON_PATCH.name) return JSON_PATCH;
  if (name === APPLIED_OBJECT.name) return APPLIED_OBJECT;
  return name.startsWith("Object.") ? appliedType(name) : undefined;
}

function appliedType(name: string): CelObjectType {
  return objectType(name, {}, DYN);
}

export const MUTATION_LIBRARY: CelLibrary = {
  name: "kubernetes.jsonpatch",
  functions: [
    declare(
      "jsonpatch.escapeKey",
      [overload("string_jsonpatch_escapeKey_string", [STRING], STRING, escapeKey)],
      PARSE_TO_TEXT_COST,
    ),
  ],
};

/** A key as a part of a JSON pointer. */
function escapeKey([key = null]: readonly CelValue[]): CelResult {
  if (typeof key !== "string") return noSuchOverload();
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
