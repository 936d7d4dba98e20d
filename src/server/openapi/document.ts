/**
 * An OpenAPI v3 document, of one group and version or of paths that belong to none, from the same
 * shapes that decode and patch. kubectl reads from it which endpoints check fields themselves, how
 * lists merge, and what to explain. Written in pieces with pauses between, because there is much.
 */
import type { Env } from "../../base/env.ts";
import type { ApiVersion } from "../discovery/api-groups.ts";
import { Pace } from "../handlers/pace.ts";
import { VERSION } from "../version.ts";
import { defineKind, NOTHING_DEFINED, shapeSchema, type DefinedKind } from "./definitions.ts";
import { versionsKnownToClients } from "./field-facts.ts";
import { versionSketch } from "./fixed-sketches.ts";
import { JsonPieces } from "./json-pieces.ts";
import type { OperationSketch, Shape } from "./operation-sketch.ts";
import type { Parameter } from "./parameters.ts";
import type { PathSketch } from "./path-sketch.ts";
import { pathSketches } from "./path-sketches.ts";
import { OPENAPI_V3, SchemaWriter } from "./schema-writer.ts";

/** Who speaks: the server, or the definitions of custom resources. */
export const INFO = { title: "Kubernetes", version: `${VERSION.major}.${VERSION.minor}` };
const CUSTOM_INFO = { title: "Kubernetes CRD Swagger", version: "v0.1.0" };

/** How clients say who they are. */
export const BEARER_TOKEN = {
  description: "A token after the word Bearer.",
  type: "apiKey",
  name: "authorization",
  in: "header",
};

type Part = { readonly paths: readonly PathSketch[]; readonly defined: DefinedKind };

/** The document of a group's version. */
export async function openapiDocument(
  group: string,
  { version, resources }: ApiVersion,
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const isCustom = resources.every(({ custom }) => custom !== undefined);
  const versions = isCustom ? versionsKnownToClients() : [{ group, version }];
  const writer = new SchemaWriter(OPENAPI_V3, versions);
  const fixed = isCustom ? [] : versionSketch(group, version);
  const parts = function* (): Generator<Part, void, undefined> {
    yield { paths: fixed, defined: NOTHING_DEFINED };
    for (const resource of resources) {
      yield { paths: pathSketches(resource), defined: defineKind(resource, writer, "v3") };
    }
  };
  return writeDocument(parts(), writer, isCustom ? "custom" : "built-in", env);
}

/** The document of paths that belong to no version. */
export async function fixedDocument(
  paths: readonly PathSketch[],
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new SchemaWriter(OPENAPI_V3, []);
  return writeDocument([{ paths, defined: NOTHING_DEFINED }], writer, "built-in", env);
}

async function writeDocument(
  parts: Iterable<Part>,
  writer: SchemaWriter,
  origin: "built-in" | "custom",
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = new JsonPieces();
  const pace = new Pace(env);
  const info = JSON.stringify(origin === "custom" ? CUSTOM_INFO : INFO);
  pieces.text(`{"openapi":"3.0.0","info":${info},"paths":{`);
  for (const { paths, defined } of parts) {
    for (const sketch of paths) {
      await pace.step();
      pieces.member(sketch.path, pathItem(sketch, defined, writer));
    }
    for (const [name, component] of writer.take()) pieces.keep(name, component);
    await pace.step(); // the schema of one custom resource can take a turn by itself
  }
  pieces.text('},"components":{');
  const hasSchemas = pieces.hasKept();
  if (hasSchemas) pieces.text('"schemas":{').members().text("}");
  if (origin === "built-in") {
    const schemes = JSON.stringify({ BearerToken: BEARER_TOKEN });
    pieces.text(`${hasSchemas ? "," : ""}"securitySchemes":${schemes}`);
  }
  pieces.text("}}");
  return pieces.bytes();
}

function pathItem(sketch: PathSketch, defined: DefinedKind, writer: SchemaWriter): object {
  const operations = sketch.operations.map(
    (each) => [each.method, operationItem(each, defined, writer)] as const,
  );
  return { ...Object.fromEntries(operations), ...parametersOf(sketch.parameters) };
}

function operationItem(
  sketch: OperationSketch,
  defined: DefinedKind,
  writer: SchemaWriter,
): object {
  const { effect, body } = sketch;
  const content = (shape: Shape, types: readonly string[]): object => {
    const schema = shapeSchema(shape, sketch, defined, writer);
    return Object.fromEntries([...types].sort().map((type) => [type, { schema }]));
  };
  const answers = sketch.answers.map(([status, shape]) => [
    status,
    { description: ANSWERS.get(status), content: content(shape, sketch.produces) },
  ]);
  return {
    tags: [sketch.tag],
    description: sketch.description,
    operationId: sketch.id,
    ...parametersOf(sketch.parameters),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            content: content(body.shape, sketch.consumes),
            ...(body.isRequired ? { required: true } : {}),
          },
        }),
    responses: { ...Object.fromEntries(answers), "401": { description: "Unauthorized" } },
    ...(effect === undefined
      ? {}
      : {
          "x-kubernetes-action": effect.action,
          "x-kubernetes-group-version-kind": effect.kind,
        }),
  };
}

/** What answers are called. */
export const ANSWERS: ReadonlyMap<string, string> = new Map([
  ["200", "OK"],
  ["201", "Created"],
  ["202", "Accepted"],
]);

function parametersOf(parameters: readonly Parameter[]): { readonly parameters?: object } {
  if (parameters.length === 0) return {};
  return {
    parameters: parameters.map(({ name, in: place, type, description }) => ({
      name,
      in: place,
      description,
      ...(place === "path" ? { required: true } : {}),
      schema: { type, uniqueItems: true },
    })),
  };
}
