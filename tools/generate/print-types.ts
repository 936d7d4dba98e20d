/** Prints definitions as readonly TypeScript types, one file for each group and version. */
import type { Definition, Definitions } from "./definitions.ts";
import { kindOf, lookUp, placeOf, referenceName } from "./definitions.ts";
import { ALWAYS_PRESENT, ALWAYS_PRESENT_ON_KINDS, SCALARS } from "./kinds.ts";
import { importAlias, importPath, NOTICE, quoteKey } from "./print.ts";

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Defined by hand in the machinery room, because code that is true of every kind uses it. */
const META_BY_HAND = new Set([
  OBJECT_META,
  "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
  "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
]);

/** The content of `<folder>/types.generated.ts`; undefined if it would hold nothing. */
export function printTypes(
  folder: string,
  names: readonly string[],
  definitions: Definitions,
): string | undefined {
  const imports = new Set<string>();
  const types = names
    .filter((name) => !META_BY_HAND.has(name))
    .map((name) => printType(name, lookUp(definitions, name), { folder, imports }));
  if (types.length === 0) return undefined;
  return [NOTICE, ...[...imports].sort(), ...(imports.size > 0 ? [""] : []), ...types].join("\n");
}

type Scope = { readonly folder: string; readonly imports: Set<string> };

function printType(name: string, definition: Definition, scope: Scope): string {
  const title = placeOf(name).name;
  const kind = kindOf(definition);
  const fields = Object.entries(definition.properties ?? {}).map(([key, field]) => {
    if (kind !== undefined && key === "apiVersion") {
      const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
      return `  readonly apiVersion: "${apiVersion}";`;
    }
    if (kind !== undefined && key === "kind") return `  readonly kind: "${kind.kind}";`;
    const isRequired =
      (definition.required ?? []).includes(key) ||
      (ALWAYS_PRESENT[name] ?? []).includes(key) ||
      (kind !== undefined && ALWAYS_PRESENT_ON_KINDS.includes(key));
    return `  readonly ${quoteKey(key)}${isRequired ? "" : "?"}: ${typeText(field, scope)};`;
  });
  return [`export type ${title} = {`, ...fields, "};", ""].join("\n");
}

function typeText(field: Definition, scope: Scope): string {
  if (field.$ref !== undefined) return referenceText(referenceName(field.$ref), scope);
  switch (field.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return `readonly ${elementText(typeText(field.items ?? {}, scope))}[]`;
    case "object":
      if (field.additionalProperties === undefined) return "unknown";
      return `Readonly<Record<string, ${typeText(field.additionalProperties, scope)}>>`;
    default:
      return "unknown";
  }
}

function elementText(text: string): string {
  return text.includes(" ") && !text.startsWith("Readonly<") ? `(${text})` : text;
}

function referenceText(name: string, scope: Scope): string {
  const scalar = SCALARS[name];
  if (scalar !== undefined) return scalar.type;
  const place = placeOf(name);
  if (META_BY_HAND.has(name)) {
    scope.imports.add(`import type { ${place.name} } from "../../../machinery/object.ts";`);
    return place.name;
  }
  if (place.folder === scope.folder) return place.name;
  const alias = importAlias(place.folder);
  const path = importPath(scope.folder, place.folder, "types.generated.ts");
  scope.imports.add(`import type * as ${alias} from "${path}";`);
  return `${alias}.${place.name}`;
}
