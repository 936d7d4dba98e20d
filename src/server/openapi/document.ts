/**
 * The OpenAPI v3 document of one group and version, from the same shapes that decode and patch.
 * kubectl reads from it which endpoints check fields themselves, how lists merge, and what to
 * explain. Written in pieces with pauses between, because custom resources can be large.
 */
import type { Env } from "../../base/env.ts";
import type { ApiVersion } from "../discovery/api-groups.ts";
import { Pace } from "../handlers/pace.ts";
import type { Resource } from "../registry/resource.ts";
import { VERSION } from "../version.ts";
import { defineForeign, defineKind, type DefinedKind } from "./definitions.ts";
import { JsonPieces } from "./json-pieces.ts";
import { pathSketches, type OperationSketch, type PathSketch } from "./path-sketches.ts";
import { OPENAPI_V3, SchemaWriter } from "./schema-writer.ts";

const ANSWER_TYPES: readonly string[] = ["application/json", "application/yaml"];

export async function openapiDocument(
  version: ApiVersion,
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = new JsonPieces();
  const pace = new Pace(env);
  const writer = new SchemaWriter(OPENAPI_V3);
  const info = { title: "Kubernetes", version: VERSION.gitVersion };
  pieces.text(`{"openapi":"3.0.0","info":${JSON.stringify(info)},"paths":{`);
  for (const resource of version.resources) {
    for (const [path, item] of pathsOf(resource, writer)) pieces.member(path, item);
    for (const [name, component] of writer.take()) pieces.keep(name, component);
    await pace.step(); // the schema of one custom resource can take a turn by itself
  }
  pieces.text('},"components":{"schemas":{').members().text("}}}");
  return pieces.bytes();
}

function pathsOf(
  resource: Resource,
  writer: SchemaWriter,
): readonly (readonly [path: string, item: object])[] {
  const defined = defineKind(resource, writer, "v3");
  return pathSketches(resource).map((sketch) => [sketch.path, pathItem(sketch, defined, writer)]);
}

function pathItem(sketch: PathSketch, defined: DefinedKind, writer: SchemaWriter): object {
  const operations = sketch.operations.map(
    (each) => [each.method, operationItem(each, defined, writer)] as const,
  );
  return {
    parameters: sketch.parameters.map((name) => parameter(name, "path")),
    ...Object.fromEntries(operations),
  };
}

function operationItem(
  sketch: OperationSketch,
  defined: DefinedKind,
  writer: SchemaWriter,
): object {
  const schema = shapeOf(sketch, defined, writer);
  const content = Object.fromEntries(ANSWER_TYPES.map((type) => [type, { schema }]));
  const status = sketch.action === "post" ? "201" : "200";
  const { group, version, kind } = sketch.kind;
  return {
    parameters: sketch.parameters.map((name) => parameter(name, "query")),
    ...bodyOf(sketch, schema),
    responses: { [status]: { description: "OK", content } },
    "x-kubernetes-action": sketch.action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

function shapeOf(sketch: OperationSketch, defined: DefinedKind, writer: SchemaWriter): object {
  switch (sketch.shape) {
    case "object":
      return defined.object;
    case "list":
      return defined.list;
    case "kind":
      return defineForeign(sketch.kind, writer);
  }
}

function bodyOf(sketch: OperationSketch, schema: object): object {
  const { action, patchTypes } = sketch;
  if (action === "patch") {
    const content = patchTypes.map((type) => [type, { schema: { type: "object" } }] as const);
    return { requestBody: { content: Object.fromEntries(content), required: true } };
  }
  if (action !== "post" && action !== "put") return {};
  return { requestBody: { content: { "*/*": { schema } }, required: true } };
}

function parameter(name: string, where: "path" | "query"): object {
  const schema = { type: "string", uniqueItems: true };
  return { name, in: where, ...(where === "path" ? { required: true } : {}), schema };
}
