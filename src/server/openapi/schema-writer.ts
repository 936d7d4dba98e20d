/** Shapes as OpenAPI schemas; those with a name are written once and referred to. */
import { descriptionOf } from "../../apis/descriptions/description-of.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";
import { META_KINDS } from "./meta-shapes.ts";
import {
  ownDefault,
  unionOf,
  valueName,
  valuesOf,
  wordsOf,
  type GroupVersion,
} from "./field-facts.ts";
import { schemaName, schemaNamed } from "./schema-names.ts";

/** What the versions of OpenAPI spell differently. */
export type Dialect = {
  /** Where named schemas are. */
  readonly referencePrefix: string;
  /** Type and format of a shape. */
  readonly typeOf: (schema: StructuralSchema) => object;
  /** A reference with more to say about the field that holds it. */
  readonly withRules: (reference: object, rules: object) => object;
  /** Whether it is told what a value is where none is given. */
  readonly tellsDefaults: boolean;
};

export const OPENAPI_V3: Dialect = {
  referencePrefix: "#/components/schemas/",
  typeOf: typeInV3,
  withRules: (reference, rules) => ({ ...rules, allOf: [reference] }),
  tellsDefaults: true,
};

/** Swagger knows no alternatives: what may be a number or a text is a text with a format. */
export const OPENAPI_V2: Dialect = {
  referencePrefix: "#/definitions/",
  typeOf: typeInV2,
  withRules: (reference, rules) => ({ ...reference, ...rules }),
  tellsDefaults: false,
};

/** Collects the components that the schemas it writes refer to. */
export class SchemaWriter {
  readonly #dialect: Dialect;
  readonly #versions: readonly GroupVersion[];
  /** Names of all components, so that each is written once. */
  readonly #names = new Set<string>();
  readonly #fresh = new Map<string, object>();

  /** `versions`: those that the document is about. */
  constructor(dialect: Dialect, versions: readonly GroupVersion[]) {
    this.#dialect = dialect;
    this.#versions = versions;
  }

  /** Written since this was last asked. */
  take(): readonly (readonly [name: string, component: object])[] {
    const written = [...this.#fresh];
    this.#fresh.clear();
    return written;
  }

  /** A component under a given name, with more fields than its shape says. */
  define(name: string, schema: StructuralSchema, extensions: object): object {
    this.#names.add(name);
    const union = unionOf(name);
    this.#fresh.set(name, {
      ...description(descriptionOf(name) ?? wordsOf(name)),
      ...this.#shape(schema, name),
      ...extensions,
      ...(union === undefined ? {} : { "x-kubernetes-unions": [union] }),
    });
    return this.#reference(name);
  }

  /** A component that is not made from a shape. */
  defineRaw(name: string, schema: object): object {
    if (!this.#names.has(name)) this.#fresh.set(name, schema);
    this.#names.add(name);
    return this.#reference(name);
  }

  /** A reference to a shape that is a kind by itself. */
  writeKind(schema: StructuralSchema, kinds: readonly GroupVersionKind[]): object {
    const name = schemaName(schema);
    if (name === undefined) return this.write(schema);
    if (this.#names.has(name)) return this.#reference(name);
    return this.define(name, schema, kinds.length === 0 ? {} : { [GVK]: kinds });
  }

  /** A schema by itself. */
  write(source: SchemaSource): object {
    const schema = resolveSchema(source);
    return this.#plain(schema, "") ?? { ...this.#shape(schema, ""), ...patchRules(schema) };
  }

  /** The schema of a field; `address` is the name of its definition and its own. */
  field(source: SchemaSource, address: string, words: string | undefined, rules: Rules): object {
    const schema = resolveSchema(source);
    const values = valuesOf(address);
    const said = {
      ...description(words),
      ...(this.#dialect.tellsDefaults ? defaultOf(schema, address, rules) : {}),
      ...(values === undefined ? {} : { enum: values }),
      ...patchRules(schema),
    };
    const plain = this.#plain(schema, address);
    if (plain === undefined) return { ...this.#shape(schema, "", address), ...said };
    const more = { ...said, ...otherMapType(schema) };
    return Object.keys(more).length === 0 ? plain : this.#dialect.withRules(plain, more);
  }

  /** The schema of the elements of a list or a map: they are never left out. */
  item(reference: object): object {
    if (!this.#dialect.tellsDefaults) return reference;
    return this.#dialect.withRules(reference, { default: {} });
  }

  #element(source: SchemaSource, address: string): object {
    const schema = resolveSchema(source);
    if (schema.properties !== undefined) return this.item(this.write(schema));
    return this.#plain(schema, address) ?? this.field(schema, address, undefined, "value");
  }

  /** A reference, if the shape has a name, or the values of the field have. */
  #plain(schema: StructuralSchema, address: string): object | undefined {
    const name = schemaName(schema);
    if (name !== undefined) {
      const defined = schemaNamed(name) ?? schema; // the field may have rules of its own
      if (!this.#names.has(name)) this.writeKind(defined, kindsOf(name, this.#versions));
      return this.#reference(name);
    }
    const plain = plainName(schema) ?? valueName(address);
    if (plain === undefined) return undefined;
    const shape = { ...description(wordsOf(plain)), ...this.#dialect.typeOf(schema) };
    return this.defineRaw(plain, shape);
  }

  #reference(name: string): object {
    return { $ref: this.#dialect.referencePrefix + name };
  }

  /** `name`: of the definition, or "". `address`: of the field that holds it. */
  #shape(schema: StructuralSchema, name: string, address = ""): object {
    const { properties = {}, additionalProperties, items, required = [] } = schema;
    const fields = Object.entries(properties).map(([key, source]) => {
      const words = name === "" ? undefined : descriptionOf(name, key);
      return [key, this.field(source, `${name}.${key}`, words, rulesOf(schema, key))] as const;
    });
    return {
      ...this.#dialect.typeOf(schema),
      ...(fields.length === 0 ? {} : { properties: Object.fromEntries(fields) }),
      ...(additionalProperties === undefined
        ? {}
        : { additionalProperties: this.#mapValue(additionalProperties, `${address}{}`) }),
      ...(items === undefined ? {} : { items: this.#element(items, `${address}[]`) }),
      ...(required.length === 0 ? {} : { required }),
      ...listRules(schema),
    };
  }

  /** Lists in maps have no rules. */
  #mapValue(source: SchemaSource, address: string): object {
    const { listType: _, ...schema } = resolveSchema(source);
    return this.#element(schema.type === "array" ? schema : source, address);
  }
}

const GVK = "x-kubernetes-group-version-kind";

/** Whether a field holds a value always, or may hold none. */
export type Rules = "value" | "optional";

function rulesOf({ required, writtenWhenEmpty }: StructuralSchema, key: string): Rules {
  const isThere = required?.includes(key) === true || writtenWhenEmpty?.includes(key) === true;
  return isThere ? "value" : "optional";
}

/** What a typed reader takes a field for that is left out. */
function defaultOf(
  schema: StructuralSchema,
  address: string,
  rules: Rules,
): { readonly default?: unknown } {
  const own = ownDefault(address);
  if (own !== undefined) return own.kind === "none" ? {} : { default: own.value };
  if (schema.default !== undefined) return { default: schema.default };
  if (rules === "optional") return {};
  if (schema.properties !== undefined) return { default: {} };
  if (schema.format === "byte" || plainName(schema) !== undefined) return {};
  switch (schema.type) {
    case "string":
      return { default: "" };
    case "integer":
    case "number":
      return { default: 0 };
    case "boolean":
      return { default: false };
    case "object":
    case "array":
    case "any":
      return {};
  }
}

/** The kinds that a shape is by itself; the options of deletions are one of every version. */
function kindsOf(name: string, versions: readonly GroupVersion[]): readonly GroupVersionKind[] {
  const kind = name.slice(name.lastIndexOf(".") + 1);
  const own = NESTED_KINDS.get(name);
  if (own !== undefined) return [{ group: own.group, kind, version: own.version }];
  if (!name.startsWith(`${META}.`) || !META_KINDS.includes(kind)) return [];
  const isEverywhere = kind === "DeleteOptions" || kind === "WatchEvent";
  const others = isEverywhere ? versions.filter(({ group }) => group !== "") : [];
  return [{ group: "", version: "v1" }, ...others].map(({ group, version }) => {
    return { group, kind, version };
  });
}

/** Kinds that others hold, or that stand for a part of others. */
const NESTED_KINDS: ReadonlyMap<string, GroupVersion> = new Map([
  ["io.k8s.api.autoscaling.v1.Scale", { group: "autoscaling", version: "v1" }],
  ["io.k8s.api.core.v1.PersistentVolumeClaim", { group: "", version: "v1" }],
]);

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Names of the shapes that are values rather than objects. */
function plainName(schema: StructuralSchema): string | undefined {
  switch (schema.format) {
    case "date-time":
      return `${META}.Time`;
    case "micro-time":
      return `${META}.MicroTime`;
    case "quantity":
      return "io.k8s.apimachinery.pkg.api.resource.Quantity";
    case "int-or-string":
      return "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    default:
      return undefined;
  }
}

export function description(words: string | undefined): { readonly description?: string } {
  return words === undefined ? {} : { description: words };
}

function typeInV2(schema: StructuralSchema): object {
  switch (schema.format) {
    case "quantity":
      return { type: "string" };
    case "int-or-string":
      return { type: "string", format: "int-or-string" };
    default:
      return typeInV3(schema);
  }
}

function typeInV3(schema: StructuralSchema): object {
  switch (schema.format) {
    case "quantity":
      return { oneOf: [{ type: "string" }, { type: "number" }] };
    case "int-or-string":
      return { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] };
    case "micro-time":
      return { type: "string", format: "date-time" };
    default: {
      const format = schema.format === undefined ? {} : { format: schema.format };
      return schema.type === "any" ? format : { type: schema.type, ...format };
    }
  }
}

function listRules(schema: StructuralSchema): object {
  return {
    ...(schema.listType === undefined ? {} : { "x-kubernetes-list-type": schema.listType }),
    ...(schema.listKeys === undefined ? {} : { "x-kubernetes-list-map-keys": schema.listKeys }),
    ...(schema.mapType === undefined ? {} : { "x-kubernetes-map-type": schema.mapType }),
  };
}

/** Where a field owns the parts of a shape that is otherwise owned as a whole. */
function otherMapType(schema: StructuralSchema): object {
  const name = schemaName(schema);
  const usual = name === undefined ? schema : schemaNamed(name);
  if (usual === undefined || usual.mapType === schema.mapType) return {};
  return { "x-kubernetes-map-type": schema.mapType };
}

function patchRules(schema: StructuralSchema): object {
  const { patchStrategy, patchMergeKey } = schema;
  return {
    ...(patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": patchStrategy }),
    ...(patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": patchMergeKey }),
  };
}
