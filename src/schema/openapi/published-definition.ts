/**
 * A version's schema as OpenAPI shows it to clients: with the fields that all resources have, and
 * for version 2, which knows less, without what its readers would stumble over.
 */
import { isDeeperThan, setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { SCHEMA_DEPTH_MAX } from "../compile.ts";
import {
  isSet,
  namedSchemasAt,
  schemaAt,
  schemasAt,
  textsAt,
  type SchemaProps,
} from "../schema-props.ts";
import { isIntOrStringAnyOf } from "../check/nested-schema.ts";
import { forVersion2 } from "./version-2.ts";

export type OpenApiVersion = "v2" | "v3";

/** The version of a kind that is published. */
export type PublishedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  /** JSON paths of its selectable fields. Default: none. */
  readonly selectableFields?: readonly string[];
};

/** The name of a definition: `dev.example.v1.Site`. */
export function definitionName(group: string, version: string, kind: string): string {
  return `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
}

/**
 * The definition of a kind from its `openAPIV3Schema` (plain JSON); of a kind without a schema that
 * is undefined. `ObjectMeta` is referred to by upstream's name.
 */
export function publishedDefinition(
  openApiSchema: unknown,
  kind: PublishedKind,
  version: OpenApiVersion,
): Fields {
  const isUsable = isFields(openApiSchema) && !isDeeperThan(openApiSchema, SCHEMA_DEPTH_MAX);
  const schema = isUsable ? openApiSchema : undefined;
  return { ...body(schema, version), ...extensions(kind, kind.kind) };
}

/** The definition of the list of a kind. */
export function publishedListDefinition(kind: PublishedKind, version: OpenApiVersion): Fields {
  const items = definitionName(kind.group, kind.version, kind.kind);
  return {
    description: `${kind.listKind} is a list of ${kind.kind}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { description: API_VERSION, type: "string" },
      items: {
        description: `List of ${kind.plural}. More info: ${CONVENTIONS}`,
        type: "array",
        items: { $ref: `${prefixOf(version)}${items}` },
      },
      kind: { description: KIND, type: "string" },
      metadata: reference("ListMeta", LIST_METADATA, version),
    },
    ...extensions(kind, kind.listKind),
  };
}

const CONVENTIONS =
  "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
const API_VERSION =
  "APIVersion defines the versioned schema of this representation of an object. Servers should " +
  "convert recognized schemas to the latest internal value, and may reject unrecognized values. " +
  `More info: ${CONVENTIONS}#resources`;
const KIND =
  "Kind is a string value representing the REST resource this object represents. Servers may " +
  "infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. " +
  `More info: ${CONVENTIONS}#types-kinds`;
const METADATA = `Standard object's metadata. More info: ${CONVENTIONS}#metadata`;
const LIST_METADATA = `Standard list metadata. More info: ${CONVENTIONS}#types-kinds`;
const EMBEDDED_API_VERSION =
  "apiVersion defines the versioned schema of this representation of an object. " +
  `More info: ${CONVENTIONS}#resources`;
const EMBEDDED_KIND =
  "kind is a string value representing the type of this object. In CamelCase. " +
  `More info: ${CONVENTIONS}#types-kinds`;

function body(schema: SchemaProps | undefined, version: OpenApiVersion): Fields {
  if (schema === undefined) return { type: "object" };
  // Old clients take what is not listed for refused: so nothing is listed.
  if (version === "v2" && isSet(schema, PRESERVE)) return { type: "object" };
  const shown = shownSchema(version === "v2" ? forVersion2(schema) : schema, version);
  const properties = {
    ...schemaAt(shown, "properties"),
    apiVersion: { description: API_VERSION, type: "string" },
    kind: { description: KIND, type: "string" },
    metadata: reference("ObjectMeta", METADATA, version),
  };
  return { ...shown, properties };
}

const PRESERVE = "x-kubernetes-preserve-unknown-fields";

/** Members that are published as they are, if they are not empty. */
const PLAIN: readonly string[] = [
  "description",
  "type",
  "nullable",
  "format",
  "title",
  "default",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "multipleOf",
  "enum",
  "maxProperties",
  "minProperties",
  "required",
  "externalDocs",
  "example",
  PRESERVE,
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-validations",
];

function shownSchema(props: SchemaProps, version: OpenApiVersion): Fields {
  const shown: MutableFields = {};
  for (const key of PLAIN) {
    const value = own(props, key);
    if (!isEmpty(value)) shown[key] = value;
  }
  for (const key of ["items", "not"] as const) {
    const schema = schemaAt(props, key);
    if (schema !== undefined) shown[key] = shownSchema(schema, version);
  }
  for (const key of ["allOf", "anyOf", "oneOf"] as const) {
    const schemas = schemasAt(props, key).map((schema) => shownSchema(schema, version));
    if (schemas.length > 0) shown[key] = schemas;
  }
  const properties = shownProperties(props, version);
  if (properties !== undefined) shown["properties"] = properties;
  const additional = own(props, "additionalProperties");
  if (isFields(additional)) shown["additionalProperties"] = shownSchema(additional, version);
  else if (typeof additional === "boolean") shown["additionalProperties"] = additional;
  return withResourceFields(withAlternatives(shown, version), version);
}

function shownProperties(props: SchemaProps, version: OpenApiVersion): Fields | undefined {
  const named = namedSchemasAt(props, "properties");
  if (named.length === 0) return undefined;
  const properties: MutableFields = {};
  for (const [name, schema] of named) setField(properties, name, shownSchema(schema, version));
  return properties;
}

const INT_OR_STRING: readonly Fields[] = [{ type: "integer" }, { type: "string" }];

/** Spells out what int-or-string means, for readers who do not know the word. */
function withAlternatives(shown: Fields, version: OpenApiVersion): Fields {
  if (version === "v2" || !isSet(shown, "x-kubernetes-int-or-string")) return shown;
  const all = schemasAt(shown, "allOf");
  const [first] = all;
  if (isIntOrStringAnyOf(shown) || (first !== undefined && isIntOrStringAnyOf(first))) return shown;
  if (!Object.hasOwn(shown, "anyOf")) return { ...shown, anyOf: INT_OR_STRING };
  return { ...shown, allOf: [{ anyOf: INT_OR_STRING }, ...all] };
}

/** The fields of an embedded resource, which its schema need not name. */
function withResourceFields(shown: Fields, version: OpenApiVersion): Fields {
  if (!isSet(shown, "x-kubernetes-embedded-resource")) return shown;
  if (version === "v2" && isSet(shown, PRESERVE)) return shown;
  const required = textsAt(shown, "required");
  const missing = ["kind", "apiVersion"].filter((name) => !required.includes(name));
  const properties = {
    ...schemaAt(shown, "properties"),
    apiVersion: { description: EMBEDDED_API_VERSION, type: "string" },
    kind: { description: EMBEDDED_KIND, type: "string" },
    metadata: reference("ObjectMeta", METADATA, version),
  };
  return { ...shown, properties, required: [...required, ...missing] };
}

/** Version 3 knows nothing beside a reference; what is said besides wraps it. */
function reference(name: string, description: string, version: OpenApiVersion): Fields {
  const $ref = `${prefixOf(version)}io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;
  return version === "v2" ? { description, $ref } : { description, allOf: [{ $ref }] };
}

function prefixOf(version: OpenApiVersion): string {
  return version === "v2" ? "#/definitions/" : "#/components/schemas/";
}

function extensions(
  { group, version, selectableFields = [] }: PublishedKind,
  kind: string,
): Fields {
  const fields = selectableFields.map((path) => ({ fieldPath: path.replace(/^\./, "") }));
  return {
    "x-kubernetes-group-version-kind": [{ group, kind, version }],
    ...(fields.length === 0 ? {} : { "x-kubernetes-selectable-fields": fields }),
  };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}
