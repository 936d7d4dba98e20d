/** The Swagger document (OpenAPI v2) of all that is served, for clients that know no other. */
import type { Env } from "../../base/env.ts";
import { Pace } from "../handlers/pace.ts";
import type { Resource } from "../registry/resource.ts";
import { VERSION } from "../version.ts";
import { defineForeign, defineKind, type DefinedKind } from "./definitions.ts";
import { JsonPieces } from "./json-pieces.ts";
import { pathSketches, type OperationSketch, type PathSketch } from "./path-sketches.ts";
import { OPENAPI_V2, SchemaWriter } from "./schema-writer.ts";

/** One resource in it: its paths, and the definitions that no earlier resource brought. */
export type SwaggerPart = {
  readonly paths: readonly PathSketch[];
  readonly defined: DefinedKind;
  readonly definitions: readonly (readonly [name: string, definition: object])[];
};

/** The document part by part, with pauses between. */
export async function* swaggerParts(
  resources: readonly Resource[],
  env: Env,
): AsyncGenerator<SwaggerPart, void, undefined> {
  const writer = new SchemaWriter(OPENAPI_V2);
  const pace = new Pace(env);
  for (const resource of resources) {
    const defined = defineKind(resource, writer, "v2");
    const paths = pathSketches(resource);
    for (const { operations } of paths) {
      for (const each of operations) if (each.shape === "kind") defineForeign(each.kind, writer);
    }
    yield { paths, defined, definitions: writer.take() };
    await pace.step();
  }
}

/** The document in JSON. */
export async function swaggerJson(
  resources: readonly Resource[],
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = new JsonPieces();
  const info = { title: "Kubernetes", version: VERSION.gitVersion };
  pieces.text(`{"swagger":"2.0","info":${JSON.stringify(info)},"paths":{`);
  for await (const { paths, defined, definitions } of swaggerParts(resources, env)) {
    for (const sketch of paths) pieces.member(sketch.path, pathItem(sketch, defined));
    for (const [name, definition] of definitions) pieces.keep(name, definition);
  }
  pieces.text('},"definitions":{').members().text("}}");
  return pieces.bytes();
}

function pathItem(sketch: PathSketch, defined: DefinedKind): object {
  const operations = sketch.operations.map(
    (each) => [each.method, operationItem(each, defined)] as const,
  );
  return {
    parameters: sketch.parameters.map((name) => ({ ...parameter(name, "path"), required: true })),
    ...Object.fromEntries(operations),
  };
}

function operationItem(sketch: OperationSketch, defined: DefinedKind): object {
  const schema = shapeOf(sketch, defined);
  const { action, kind, patchTypes } = sketch;
  const isWrite = action === "post" || action === "put" || action === "patch";
  const bodySchema = action === "patch" ? { type: "object" } : schema;
  return {
    consumes: patchTypes.length > 0 ? patchTypes : ["*/*"],
    produces: ["application/json", "application/yaml"],
    schemes: ["https"],
    parameters: [
      ...(isWrite ? [{ name: "body", in: "body", required: true, schema: bodySchema }] : []),
      ...sketch.parameters.map((name) => parameter(name, "query")),
    ],
    responses: { [action === "post" ? "201" : "200"]: { description: "OK", schema } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": {
      group: kind.group,
      kind: kind.kind,
      version: kind.version,
    },
  };
}

function shapeOf(sketch: OperationSketch, defined: DefinedKind): object {
  switch (sketch.shape) {
    case "object":
      return defined.object;
    case "list":
      return defined.list;
    case "kind":
      return { type: "object" };
  }
}

function parameter(name: string, where: "path" | "query"): object {
  return { name, in: where, type: "string", uniqueItems: true };
}
