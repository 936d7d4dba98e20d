/**
 * The Swagger document in protobuf, which is the only form kubectl before 1.31 reads. Numbers are
 * those of the published openapi.v2 messages; only what is in our documents is written.
 */
import type { Env } from "../../base/env.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ApiGroup } from "../discovery/api-groups.ts";
import { VERSION } from "../version.ts";
import type { HttpMethod, OperationSketch } from "./operation-sketch.ts";
import type { Parameter } from "./parameters.ts";
import type { PathSketch } from "./path-sketch.ts";
import { extension, message, named, text, type Part } from "./protobuf-parts.ts";
import { swaggerParts } from "./swagger.ts";

/** The document of all groups; paths have their operations, without bodies and answers. */
export async function encodeSwagger(
  groups: readonly ApiGroup[],
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const paths: Part[] = [];
  const definitions: Part[] = [];
  for await (const part of swaggerParts(groups, env)) {
    for (const sketch of part.paths) paths.push([2, named(sketch.path, pathItem(sketch))]);
    for (const [name, definition] of part.definitions) {
      definitions.push([1, named(name, schema(definition))]);
    }
  }
  return message([
    [1, text("2.0")],
    [
      2,
      message([
        [1, text("Kubernetes")],
        [2, text(VERSION.gitVersion)],
      ]),
    ],
    [8, message(paths)],
    [9, message(definitions)],
  ]);
}

/** Fields of a path item that hold operations. */
const METHOD_FIELDS: Readonly<Record<HttpMethod, number>> = {
  get: 2,
  put: 3,
  post: 4,
  delete: 5,
  options: 6,
  head: 7,
  patch: 8,
};

function pathItem({ operations, parameters }: PathSketch): Uint8Array {
  return message([
    ...operations.map((each): Part => [METHOD_FIELDS[each.method], operation(each)]),
    ...parameters.map((each): Part => [9, parameterItem(each)]),
  ]);
}

function operation({ id, tag, description, effect, ...rest }: OperationSketch): Uint8Array {
  return message([
    [1, text(tag)],
    [3, text(description)],
    [5, text(id)],
    ...rest.produces.map((type): Part => [6, text(type)]),
    ...rest.consumes.map((type): Part => [7, text(type)]),
    ...rest.parameters.map((each): Part => [8, parameterItem(each)]),
    [10, text("https")],
    ...(effect === undefined
      ? []
      : ([
          [13, extension("x-kubernetes-action", effect.action)],
          [13, extension("x-kubernetes-group-version-kind", effect.kind)],
        ] as const)),
  ]);
}

/** A parameter inside the three messages that tell parameters apart. */
function parameterItem({ name, in: place, type, description }: Parameter): Uint8Array {
  const inPath = message([
    [1, 1],
    [2, text(place)],
    [3, text(description)],
    [4, text(name)],
    [5, text(type)],
  ]);
  const inQuery = message([
    [2, text(place)],
    [3, text(description)],
    [4, text(name)],
    [6, text(type)],
  ]);
  const told: Part = place === "path" ? [4, inPath] : [3, inQuery];
  return message([[1, message([[2, message([told])]])]]);
}

function namedSchemas(schemas: Fields): readonly Part[] {
  return Object.entries(schemas).map(([name, value]) => [1, named(name, schema(value))]);
}

function schema(value: unknown): Uint8Array {
  if (!isFields(value)) return new Uint8Array();
  const parts: Part[] = [];
  const $ref = own(value, "$ref");
  if (typeof $ref === "string") parts.push([1, text($ref)]);
  const format = own(value, "format");
  if (typeof format === "string") parts.push([2, text(format)]);
  const description = own(value, "description");
  if (typeof description === "string") parts.push([4, text(description)]);
  const required = own(value, "required");
  if (Array.isArray(required)) {
    parts.push(...required.map((name): Part => [19, text(String(name))]));
  }
  const additional = own(value, "additionalProperties");
  if (additional !== undefined) parts.push([21, message([[1, schema(additional)]])]);
  const type = own(value, "type");
  if (typeof type === "string") parts.push([22, message([[1, text(type)]])]);
  const items = own(value, "items");
  if (items !== undefined) parts.push([23, message([[1, schema(items)]])]);
  const properties = own(value, "properties");
  if (isFields(properties)) parts.push([25, message(namedSchemas(properties))]);
  for (const [name, extra] of Object.entries(value)) {
    if (name.startsWith("x-")) parts.push([31, extension(name, extra)]);
  }
  return message(parts);
}
