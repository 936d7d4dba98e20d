/**
 * Unions and intersections, folded into the schema that holds them. A structural schema names every
 * field once, with its type; what is left in `oneOf` and `anyOf` only narrows.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { dropNumberLimits } from "./number-limits.ts";
import { SchemaError } from "./schema-error.ts";

/** The schema with no types in its branches. Throws `SchemaError` for what cannot be said so. */
export function foldUnions(schema: Fields, path: string): Fields {
  let folded = foldIntersection(schema, path);
  for (const word of ["anyOf", "oneOf"] as const) {
    const { [word]: branches, ...rest } = folded;
    if (!Array.isArray(branches)) continue;
    folded = foldUnion(word, rest, branches.filter(isFields), path);
  }
  return folded;
}

function foldIntersection(schema: Fields, path: string): Fields {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const parts = allOf.filter(isFields).map((part) => foldUnions(part, path));
  return [rest, ...parts].reduce((merged, part) => mergeObjects(merged, part, path));
}

function foldUnion(
  word: "anyOf" | "oneOf",
  rest: Fields,
  branches: readonly Fields[],
  path: string,
): Fields {
  const isNull = (branch: Fields): boolean =>
    branch["type"] === "null" || equalValues(branch["enum"], [null]);
  const real = branches.filter((branch) => !isNull(branch)).map((each) => foldUnions(each, path));
  const base: Fields = real.length < branches.length ? { ...rest, nullable: true } : rest;
  const [only] = real;
  if (only === undefined) throw new SchemaError(path, "nothing but null is allowed here");
  if (real.length === 1) return { ...only, ...base };
  const types = new Set(real.map((branch) => branch["type"]));
  if (types.size === 2 && types.has("string") && types.has("integer")) {
    return { ...base, "x-kubernetes-int-or-string": true };
  }
  if (types.size !== 1 || types.has(undefined)) {
    const names = [...types]
      .map((type) => (typeof type === "string" ? type : "unknown"))
      .join(" | ");
    throw new SchemaError(
      path,
      `a union of ${names} has no structural form; use one type, or describe it as unknown with ` +
        "a CEL rule",
    );
  }
  if (!types.has("object")) return foldValues(word, base, real, path);
  const merged = real.reduce((all, branch) => mergeBranches(all, branch, path));
  const { required: _, ...common } = merged;
  return { ...base, ...common, [word]: real.map(narrowing) };
}

/** Of one plain type: the values of enumerations together, other constraints as they are. */
function foldValues(
  word: "anyOf" | "oneOf",
  base: Fields,
  branches: readonly Fields[],
  path: string,
): Fields {
  const [first = {}] = branches;
  const values = branches.map((branch) => branch["enum"]);
  if (values.every((each) => Array.isArray(each))) {
    return { ...base, type: first["type"], enum: [...new Set(values.flat())] };
  }
  if (first["type"] === "array") {
    throw new SchemaError(path, "a union of lists has no structural form; use one kind of item");
  }
  return { ...base, type: first["type"], [word]: branches.map(narrowing) };
}

/** What a branch demands, without what a structural schema says outside of it. */
function narrowing(branch: Fields): Fields {
  const found: Record<string, unknown> = {};
  const constraints = ["required", "enum", "pattern", "minimum", "maximum", "minLength"] as const;
  const more = ["maxLength", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] as const;
  for (const name of [...constraints, ...more]) {
    if (branch[name] !== undefined) found[name] = branch[name];
  }
  dropNumberLimits(found);
  const { properties } = branch;
  if (isFields(properties)) {
    const narrowed = Object.entries(properties)
      .map(([name, field]) => [name, isFields(field) ? narrowing(field) : {}] as const)
      .filter(([, field]) => Object.keys(field).length > 0);
    if (narrowed.length > 0) found["properties"] = Object.fromEntries(narrowed);
  }
  return found;
}

/** Both at once: what either demands. */
function mergeObjects(a: Fields, b: Fields, path: string): Fields {
  const required = [...new Set([...namesIn(a["required"]), ...namesIn(b["required"])])];
  const properties = mergedProperties(a, b, path, "both");
  const both: Fields = { ...a, ...b, ...properties };
  return required.length === 0 ? both : { ...both, required };
}

/** One or the other: the fields of both, where they share one its values together. */
function mergeBranches(a: Fields, b: Fields, path: string): Fields {
  return { ...a, ...mergedProperties(a, b, path, "either") };
}

function mergedProperties(a: Fields, b: Fields, path: string, how: "both" | "either"): Fields {
  const [left, right] = [a["properties"], b["properties"]];
  if (!isFields(left) || !isFields(right)) {
    const only = isFields(left) ? left : right;
    return only === undefined ? {} : { properties: only };
  }
  const merged: Record<string, unknown> = { ...left };
  for (const [name, field] of Object.entries(right)) {
    const old = merged[name];
    merged[name] = isFields(old) && isFields(field) ? sameField(old, field, how) : field;
    if (merged[name] !== undefined) continue;
    throw new SchemaError(
      path === "" ? name : `${path}.${name}`,
      "the alternatives give this field different types; use one type, or different names",
    );
  }
  return { properties: merged };
}

/** A field that two schemas name; undefined: they do not agree. */
function sameField(a: Fields, b: Fields, how: "both" | "either"): Fields | undefined {
  if (equalValues(a, b)) return a;
  const [left, right] = [a["enum"], b["enum"]];
  if (a["type"] !== b["type"] || a["type"] === "object" || a["type"] === "array") return undefined;
  if (how === "both") return { ...a, ...b };
  if (!Array.isArray(left) || !Array.isArray(right)) return { type: a["type"] };
  return { type: a["type"], enum: [...new Set<unknown>([...left, ...right])] };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
