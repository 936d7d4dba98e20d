/** Shapes as OpenAPI schemas; those with a name are written once and referred to. */
import { descriptionOf } from "../../apis/descriptions/description-of.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";
import { META_KINDS } from "./meta-shapes.ts";
import { schemaName } from "./schema-names.ts";

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
    this.#fresh.set(name, {
      ...description(descriptionOf(name)),
      ...this.#shape(schema, name),
      ...extensions,
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
    const plain = this.#plain(schema);
    return plain ?? { ...this.#shape(schema), ...patchRules(schema) };
  }

  /** The schema of a field. */
  field(source: SchemaSource, words: string | undefined, rules: FieldRules): object {
    const schema = resolveSchema(source);
    const said = {
      ...description(words),
      ...(this.#dialect.tellsDefaults ? defaultOf(schema, rules) : {}),
      ...patchRules(schema),
    };
    const plain = this.#plain(schema);
    if (plain === undefined) return { ...this.#shape(schema), ...said };
    return Object.keys(said).length === 0 ? plain : this.#dialect.withRules(plain, said);
  }

  /** The schema of the elements of a list or a map: they are never left out. */
  item(reference: object): object {
    if (!this.#dialect.tellsDefaults) return reference;
    return this.#dialect.withRules(reference, { default: {} });
  }

  #element(source: SchemaSource): object {
    const schema = resolveSchema(source);
    if (schema.properties !== undefined) return this.item(this.write(schema));
    return this.#plain(schema) ?? this.field(schema, undefined, "value");
  }

  /** A reference, if the shape has a name. */
  #plain(schema: StructuralSchema): object | undefined {
    const name = schemaName(schema);
    if (name !== undefined) {
      if (!this.#names.has(name)) this.writeKind(schema, kindsOf(name, this.#versions));
      return this.#reference(name);
    }
    const plain = plainName(schema);
    if (plain === undefined) return undefined;
    const shape = { ...description(descriptionOf(plain)), ...this.#dialect.typeOf(schema) };
    return this.defineRaw(plain, shape);
  }

  #reference(name: string): object {
    return { $ref: this.#dialect.referencePrefix + name };
  }

  #shape(schema: StructuralSchema, name?: string): object {
    const { properties, additionalProperties, items, required = [] } = schema;
    const field = ([key, source]: readonly [string, SchemaSource]): readonly [string, object] => {
      const words = name === undefined ? undefined : descriptionOf(name, key);
      return [key, this.field(source, words, rulesOf(schema, key))];
    };
    return {
      ...this.#dialect.typeOf(schema),
      ...(properties === undefined
        ? {}
        : { properties: Object.fromEntries(Object.entries(properties).map(field)) }),
      ...(additionalProperties === undefined
        ? {}
        : { additionalProperties: this.#element(additionalProperties) }),
      ...(items === undefined ? {} : { items: this.#element(items) }),
      ...(required.length === 0 ? {} : { required }),
      ...listRules(schema),
    };
  }
}

const GVK = "x-kubernetes-group-version-kind";

type GroupVersion = { readonly group: string; readonly version: string };

/** Whether a field holds a value always, or may hold none. */
export type FieldRules = "value" | "optional";

function rulesOf({ required, writtenWhenEmpty }: StructuralSchema, key: string): FieldRules {
  const isThere = required?.includes(key) === true || writtenWhenEmpty?.includes(key) === true;
  return isThere ? "value" : "optional";
}

/** What a typed reader takes a field for that is left out. */
function defaultOf(schema: StructuralSchema, rules: FieldRules): { readonly default?: unknown } {
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
  if (name === SCALE) return [{ group: "autoscaling", kind, version: "v1" }];
  if (!name.startsWith(`${META}.`) || !META_KINDS.includes(kind)) return [];
  const isEverywhere = kind === "DeleteOptions" || kind === "WatchEvent";
  const others = isEverywhere ? versions.filter(({ group }) => group !== "") : [];
  return [{ group: "", version: "v1" }, ...others].map((each) => ({ ...each, kind }));
}

const SCALE = "io.k8s.api.autoscaling.v1.Scale";
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

function patchRules(schema: StructuralSchema): object {
  const { patchStrategy, patchMergeKey } = schema;
  return {
    ...(patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": patchStrategy }),
    ...(patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": patchMergeKey }),
  };
}
