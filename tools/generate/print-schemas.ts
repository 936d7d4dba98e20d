/** Prints definitions as `StructuralSchema` constants, one file for each group and version. */
import type { Definition, Definitions } from "./definitions.ts";
import { kindOf, listKeyFields, lookUp, placeOf, referenceName } from "./definitions.ts";
import { ALWAYS_PRESENT_ON_KINDS, SCALARS } from "./kinds.ts";
import { importAlias, importPath, NOTICE, quoteKey } from "./print.ts";
import { KEPT_WHEN_ZERO } from "./kept-fields.ts";
import { KEY_DEFAULTS, WRITTEN_NULL, WRITTEN_WHEN_EMPTY } from "./written-fields.ts";

const LINE_LENGTH_MAX = 100;

/** The content of `<folder>/schema.generated.ts`. */
export function printSchemas(
  folder: string,
  names: readonly string[],
  definitions: Definitions,
): string {
  const keys = listKeyFields(definitions);
  const scope: Scope = { folder, keys, imports: new Set(), terms: new Set(["object"]) };
  const schemas = names.map((name) => printSchema(name, lookUp(definitions, name), scope));
  const terms = [...scope.terms].sort().join(", ");
  const imports = [
    'import type { StructuralSchema } from "../../../schema/structural-schema.ts";',
    ...[...scope.imports].sort(),
    ...wrapList("import { ", terms, ' } from "../../schema-terms.ts";'),
    "",
  ];
  return [NOTICE, ...imports, ...schemas].join("\n");
}

type Scope = {
  readonly folder: string;
  /** Fields that tell list items apart, by definition. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly imports: Set<string>;
  readonly terms: Set<string>;
};

/** `PodSpec` is described by `podSpecSchema`. */
export function schemaName(typeName: string): string {
  const lead = /^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/.exec(typeName)?.[0] ?? "";
  return `${lead.toLowerCase()}${typeName.slice(lead.length)}Schema`;
}

function printSchema(name: string, definition: Definition, scope: Scope): string {
  const fields = Object.entries(definition.properties ?? {}).flatMap(([key, field]) => {
    const value = withDefault(fieldTerm(field, scope), name, key, definition, scope);
    const term = withPatch(withMapType(value, field, scope), field, scope);
    return [`  ${quoteKey(key)}: ${term},`];
  });
  const required = requiredOf(definition);
  const isAtomic = definition["x-kubernetes-map-type"] === "atomic";
  const typeName = placeOf(name).name;
  const written = writtenOf(name, definition);
  const nulls = (WRITTEN_NULL[name] ?? []).filter((key) => isFieldOf(definition, key));
  const kept = (KEPT_WHEN_ZERO[name] ?? []).filter((key) => isFieldOf(definition, key));
  const rest = [
    `typeName: ${JSON.stringify(typeName)}`,
    ...(required.length > 0 ? [`required: ${JSON.stringify(required)}`] : []),
    ...(written.length > 0 ? [`writtenWhenEmpty: ${JSON.stringify(written)}`] : []),
    ...(nulls.length > 0 ? [`writtenNull: ${JSON.stringify(nulls)}`] : []),
    ...(kept.length > 0 ? [`keptWhenZero: ${JSON.stringify(kept)}`] : []),
    ...(isAtomic ? ['mapType: "atomic"'] : []),
  ].join(", ");
  const title = `export const ${schemaName(typeName)}: StructuralSchema = object(`;
  if (fields.length === 0) return `${title}{}, { ${rest} });\n`;
  return [`${title}{`, ...fields, `}, { ${rest} });`, ""].join("\n");
}

function isFieldOf(definition: Definition, key: string): boolean {
  return Object.hasOwn(definition.properties ?? {}, key);
}

/** A kind's `metadata` is checked by code that is true of every kind, not as a missing field. */
function requiredOf(definition: Definition): readonly string[] {
  const required = definition.required ?? [];
  return kindOf(definition) === undefined ? required : required.filter((k) => k !== "metadata");
}

/** What typed writers write besides required fields, even when there is nothing in it. */
function writtenOf(name: string, definition: Definition): readonly string[] {
  const isKind = kindOf(definition) !== undefined;
  const fields = Object.keys(definition.properties ?? {});
  const parts = isKind ? fields.filter((key) => ALWAYS_PRESENT_ON_KINDS.includes(key)) : [];
  return [...parts, ...(WRITTEN_WHEN_EMPTY[name] ?? [])];
}

/** A key of list items that need not be there has a default, so that the item is still found. */
function withDefault(
  text: string,
  name: string,
  key: string,
  definition: Definition,
  scope: Scope,
): string {
  if (scope.keys.get(name)?.has(key) !== true) return text;
  const type = definition.properties?.[key]?.type;
  const zero = type === "string" ? "" : 0;
  const isRequired = definition.required?.includes(key) === true;
  const value = KEY_DEFAULTS[name]?.[key] ?? (isRequired ? zero : undefined);
  if (value === undefined || (type !== "string" && type !== "integer")) return text;
  return `${term("withDefault", scope)}(${text}, ${JSON.stringify(value)})`;
}

/** A field may be owned in another way than its type. */
function withMapType(text: string, field: Definition, scope: Scope): string {
  const mapType = field["x-kubernetes-map-type"];
  if (mapType !== "atomic" && mapType !== "granular") return text;
  return `${term("owned", scope)}(${text}, ${JSON.stringify(mapType)})`;
}

function fieldTerm(field: Definition, scope: Scope): string {
  if (field.$ref !== undefined) return referenceTerm(referenceName(field.$ref), scope);
  switch (field.type) {
    case "string":
      return term(field.format === "byte" ? "bytes" : "text", scope);
    case "integer":
      return term(field.format === "int64" ? "int64" : "int32", scope);
    case "number":
      return term("double", scope);
    case "boolean":
      return term("flag", scope);
    case "array":
      return listTerm(field, scope);
    case "object":
      if (field.additionalProperties === undefined) return term("anyObject", scope);
      return `${term("mapOf", scope)}(${fieldTerm(field.additionalProperties, scope)})`;
    default:
      return term("anyValue", scope);
  }
}

function listTerm(field: Definition, scope: Scope): string {
  const items = fieldTerm(field.items ?? {}, scope);
  switch (field["x-kubernetes-list-type"]) {
    case "set":
      return `${term("setOf", scope)}(${items})`;
    case "map": {
      const keys = JSON.stringify(field["x-kubernetes-list-map-keys"] ?? []);
      return `${term("mapListOf", scope)}(${items}, ${keys})`;
    }
    default:
      return `${term("listOf", scope)}(${items})`;
  }
}

function withPatch(text: string, field: Definition, scope: Scope): string {
  const strategy = field["x-kubernetes-patch-strategy"];
  if (strategy === undefined) return text;
  const key = field["x-kubernetes-patch-merge-key"];
  const rest = key === undefined ? "" : `, ${JSON.stringify(key)}`;
  return `${term("patched", scope)}(${text}, ${JSON.stringify(strategy)}${rest})`;
}

function referenceTerm(name: string, scope: Scope): string {
  const scalar = SCALARS[name];
  if (scalar !== undefined) return term(scalar.term, scope);
  const place = placeOf(name);
  if (place.folder === scope.folder) return `() => ${schemaName(place.name)}`;
  const alias = importAlias(place.folder);
  const path = importPath(scope.folder, place.folder, "schema.generated.ts");
  scope.imports.add(`import * as ${alias} from "${path}";`);
  return `() => ${alias}.${schemaName(place.name)}`;
}

function term(name: string, scope: Scope): string {
  scope.terms.add(name);
  return name;
}

function wrapList(before: string, list: string, after: string): readonly string[] {
  const line = `${before}${list}${after}`;
  if (line.length <= LINE_LENGTH_MAX) return [line];
  return [before.trimEnd(), ...list.split(", ").map((item) => `  ${item},`), after.trimStart()];
}
