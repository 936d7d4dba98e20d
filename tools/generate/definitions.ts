/** Reads the published definitions of the API into the few forms that the generator prints. */
import { KINDS, SCALARS } from "./kinds.ts";

/** A definition or field as published: the subset of JSON Schema that Kubernetes uses. */
export type Definition = {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition;
  readonly items?: Definition;
  readonly required?: readonly string[];
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
};

type GroupVersionKind = { readonly group: string; readonly version: string; readonly kind: string };

export type Definitions = ReadonlyMap<string, Definition>;

/** Where a definition's code lives, e.g. `core/v1` `PodSpec`. */
export type Place = { readonly folder: string; readonly name: string };

/** Reads the file's content; its form is trusted, because it is published and pinned. */
export function decodeDefinitions(json: string): Definitions {
  return new Map(Object.entries(JSON.parse(json) as Record<string, Definition>));
}

/** Names of all definitions that the served kinds need, scalars excepted, sorted. */
export function closureOfKinds(definitions: Definitions): readonly string[] {
  const seen = new Set<string>();
  const pending = KINDS.map((kind) => definitionOf(definitions, kind));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name) || Object.hasOwn(SCALARS, name)) continue;
    seen.add(name);
    pending.push(...referencesOf(lookUp(definitions, name)));
  }
  return [...seen].sort();
}

/** The definition called `name`; throws when there is none. */
export function lookUp(definitions: Definitions, name: string): Definition {
  const definition = definitions.get(name);
  if (definition === undefined) throw new Error(`no definition is called ${name}`);
  return definition;
}

/** The kind a definition is, when it is one that stands on its own. */
export function kindOf(definition: Definition): GroupVersionKind | undefined {
  const kinds = definition["x-kubernetes-group-version-kind"] ?? [];
  const served = kinds.find((kind) => KINDS.some((wanted) => isSameKind(wanted, kind)));
  return served;
}

/** Fields by which lists tell items of a definition apart. */
export function listKeyFields(definitions: Definitions): ReadonlyMap<string, ReadonlySet<string>> {
  const fields = new Map<string, Set<string>>();
  const lists = [...definitions.values()].flatMap((each) => Object.values(each.properties ?? {}));
  for (const list of lists) {
    const ref = list.items?.$ref;
    if (typeof ref !== "string") continue;
    const name = referenceName(ref);
    const known = fields.get(name) ?? new Set();
    for (const key of list["x-kubernetes-list-map-keys"] ?? []) known.add(key);
    fields.set(name, known);
  }
  return fields;
}

/** The definition a `$ref` names. */
export function referenceName(ref: string): string {
  return ref.slice("#/definitions/".length);
}

/** `io.k8s.api.apps.v1.Deployment` lives in `apps/v1` as `Deployment`. */
export function placeOf(name: string): Place {
  const parts = name.split(".");
  const [group, version, type] = parts.slice(-3);
  if (group === undefined || version === undefined || type === undefined) {
    throw new Error(`${name} does not end in group, version and type`);
  }
  return { folder: `${group}/${version}`, name: type };
}

function definitionOf(definitions: Definitions, wanted: GroupVersionKind): string {
  for (const [name, definition] of definitions) {
    const kinds = definition["x-kubernetes-group-version-kind"] ?? [];
    if (kinds.some((kind) => isSameKind(kind, wanted))) return name;
  }
  throw new Error(`no definition is the kind ${wanted.group}/${wanted.version} ${wanted.kind}`);
}

function isSameKind(a: GroupVersionKind, b: GroupVersionKind): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

function referencesOf(definition: Definition): readonly string[] {
  const own = definition.$ref === undefined ? [] : [referenceName(definition.$ref)];
  const inner = [
    ...Object.values(definition.properties ?? {}),
    ...(definition.additionalProperties === undefined ? [] : [definition.additionalProperties]),
    ...(definition.items === undefined ? [] : [definition.items]),
  ];
  return [...own, ...inner.flatMap(referencesOf)];
}
