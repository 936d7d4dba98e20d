/** The components that a resource brings along: its kind, its list, and what they refer to. */
import { descriptionOf } from "../../apis/descriptions/description-of.ts";
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import {
  definitionName,
  publishedDefinition,
  publishedListDefinition,
  type OpenApiVersion,
  type PublishedKind,
} from "../../schema/openapi/published-definition.ts";
import { endpointsOf } from "../discovery/api-groups.ts";
import type { Resource } from "../registry/resource.ts";
import { listMetaSchema, META_SHAPES } from "./meta-shapes.ts";
import type { Kind, OperationSketch, Shape } from "./operation-sketch.ts";
import { schemaName, schemaNamed } from "./schema-names.ts";
import { description, type SchemaWriter } from "./schema-writer.ts";

/** References to a kind and its list. */
export type DefinedKind = { readonly object: object; readonly list: object };

/** Of paths that belong to no resource. */
export const NOTHING_DEFINED: DefinedKind = { object: {}, list: {} };

/** Defines the kind of a resource, and its list. */
export function defineKind(
  resource: Resource,
  writer: SchemaWriter,
  version: OpenApiVersion,
): DefinedKind {
  return resource.custom === undefined
    ? defineBuiltIn(resource, writer)
    : defineCustom(resource, resource.custom.publishedSchema(), writer, version);
}

/** A reference to what an operation sends or answers. */
export function shapeSchema(
  shape: Shape,
  sketch: OperationSketch,
  defined: DefinedKind,
  writer: SchemaWriter,
): object {
  switch (shape) {
    case "object":
      return defined.object;
    case "list":
      return defined.list;
    case "kind":
      return sketch.effect === undefined ? {} : defineForeign(sketch.effect.kind, writer);
    case "text":
      return { type: "string" };
    default:
      return writer.write(META_SHAPES[shape]);
  }
}

/** A reference to the kind of a subresource; anything if its shape is not known. */
function defineForeign({ group, version, kind }: Kind, writer: SchemaWriter): object {
  const [first = ""] = group.split(".");
  const schema = schemaNamed(`io.k8s.api.${group === "" ? "core" : first}.${version}.${kind}`);
  return schema === undefined
    ? { type: "object" }
    : writer.writeKind(schema, [{ group, version, kind }]);
}

function defineCustom(
  resource: Resource,
  schema: unknown,
  writer: SchemaWriter,
  openapi: OpenApiVersion,
): DefinedKind {
  const { group, version, kind, listKind, resource: plural, strategy } = resource;
  const selectableFields = Object.keys(strategy.fieldSelectors);
  const published: PublishedKind = { group, version, kind, listKind, plural, selectableFields };
  writer.write(objectMetaSchema);
  writer.write(listMetaSchema);
  const object = publishedDefinition(schema, published, openapi);
  const list = publishedListDefinition(published, openapi);
  return {
    object: writer.defineRaw(definitionName(group, version, kind), object),
    list: writer.defineRaw(definitionName(group, version, listKind), list),
  };
}

function defineBuiltIn(resource: Resource, writer: SchemaWriter): DefinedKind {
  const { group, version, kind, listKind, strategy } = resource;
  const name = schemaName(strategy.schema) ?? definitionName(group, version, kind);
  const gvk = (of: string): object => ({
    "x-kubernetes-group-version-kind": [{ group, version, kind: of }],
  });
  const object = writer.define(name, strategy.schema, gvk(kind));
  if (!isListed(resource)) return { object, list: {} };
  const listName = name.slice(0, name.lastIndexOf(".") + 1) + listKind;
  const fields = {
    apiVersion: { type: "string" },
    items: { type: "array", items: writer.item(object) },
    kind: { type: "string" },
  };
  const { properties, ...shape } = described(listName, fields);
  const metadata = writer.field(listMetaSchema, "", descriptionOf(listName, "metadata"), "value");
  const list = writer.defineRaw(listName, {
    ...shape,
    properties: { ...properties, metadata },
    required: ["items"],
    ...gvk(listKind),
  });
  return { object, list };
}

/** Reviews and the like are made, answered and forgotten. */
function isListed(resource: Resource): boolean {
  return endpointsOf(resource).some(
    ({ subresource, verbs }) => subresource === "" && verbs.includes("list"),
  );
}

/** An object with these fields, in words too. */
function described(
  name: string,
  fields: Readonly<Record<string, object>>,
): { readonly description?: string; readonly type: "object"; readonly properties: object } {
  const properties = Object.entries(fields).map(([field, schema]) => [
    field,
    { ...description(descriptionOf(name, field)), ...schema },
  ]);
  return {
    ...description(descriptionOf(name)),
    type: "object",
    properties: Object.fromEntries(properties) as object,
  };
}
