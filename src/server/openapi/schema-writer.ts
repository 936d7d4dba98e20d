/** Shapes as OpenAPI schemas; those with a name are written once and referred to. */
import { descriptionOf } from "../../apis/descriptions/description-of.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";
import { schemaName } from "./schema-names.ts";

/** What the versions of OpenAPI spell differently. */
export type Dialect = {
  /** Where named schemas are. */
  readonly referencePrefix: string;
  /** Type and format of a shape. */
  readonly typeOf: (schema: StructuralSchema) => object;
  /** A reference with more to say about the field that holds it. */
  readonly withRules: (reference: object, rules: object) => object;
};

export const OPENAPI_V3: Dialect = {
  referencePrefix: "#/components/schemas/",
  typeOf: typeInV3,
  withRules: (reference, rules) => ({ allOf: [reference], ...rules }),
};

/** Swagger knows no alternatives: what may be a number or a text is a text with a format. */
export const OPENAPI_V2: Dialect = {
  referencePrefix: "#/definitions/",
  typeOf: typeInV2,
  withRules: (reference, rules) => ({ ...reference, ...rules }),
};

/** Collects the components that the schemas it writes refer to. */
export class SchemaWriter {
  readonly #dialect: Dialect;
  /** Names of all components, so that each is written once. */
  readonly #names = new Set<string>();
  readonly #fresh = new Map<string, object>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Written since this was last asked. */
  take(): readonly (readonly [name: string, component: object])[] {
    const written = [...this.#fresh];
    this.#fresh.clear();
    return written;
  }

  /** A reference to a component that is defined elsewhere. */
  reference(name: string, words?: string): object {
    const reference = { $ref: this.#dialect.referencePrefix + name };
    return words === undefined ? reference : this.#dialect.withRules(reference, description(words));
  }

  /** A component under a given name, with more fields than its shape says. */
  define(name: string, schema: StructuralSchema, extensions: object): object {
    this.#names.add(name);
    this.#fresh.set(name, {
      ...description(descriptionOf(name)),
      ...this.#shape(schema, name),
      ...extensions,
    });
    return this.reference(name);
  }

  /** A component that is not made from a shape. */
  defineRaw(name: string, schema: object): object {
    if (!this.#names.has(name)) this.#fresh.set(name, schema);
    this.#names.add(name);
    return this.reference(name);
  }

  /** The schema of a field, an item or a map's values. */
  write(source: SchemaSource, words?: string): object {
    const schema = resolveSchema(source);
    const name = schemaName(schema);
    const rules = { ...description(words), ...patchRules(schema) };
    if (name === undefined) return { ...this.#shape(schema), ...rules };
    if (!this.#names.has(name)) this.define(name, schema, {});
    const reference = this.reference(name);
    return Object.keys(rules).length === 0 ? reference : this.#dialect.withRules(reference, rules);
  }

  #shape(schema: StructuralSchema, name?: string): object {
    const { properties, additionalProperties, items, required } = schema;
    return {
      ...this.#dialect.typeOf(schema),
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([key, source]) => [
                key,
                this.write(source, name === undefined ? undefined : descriptionOf(name, key)),
              ]),
            ),
          }),
      ...(additionalProperties === undefined
        ? {}
        : { additionalProperties: this.write(additionalProperties) }),
      ...(items === undefined ? {} : { items: this.write(items) }),
      ...(required === undefined || required.length === 0 ? {} : { required }),
      ...listRules(schema),
    };
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
