/** The Swagger document (OpenAPI v2) of all that is served, for clients that know no other. */
import type { Env } from "../../base/env.ts";
import type { ApiGroup } from "../discovery/api-groups.ts";
import { Pace } from "../handlers/pace.ts";
import { defineKind, NOTHING_DEFINED, shapeSchema, type DefinedKind } from "./definitions.ts";
import { ANSWERS, BEARER_TOKEN, INFO } from "./document.ts";
import { versionsWithOptions } from "./field-facts.ts";
import { fixedDocuments, versionSketch } from "./fixed-sketches.ts";
import { JsonPieces } from "./json-pieces.ts";
import type { OperationSketch } from "./operation-sketch.ts";
import type { Parameter } from "./parameters.ts";
import type { PathSketch } from "./path-sketch.ts";
import { pathSketches } from "./path-sketches.ts";
import { OPENAPI_V2, SchemaWriter } from "./schema-writer.ts";

/** Some paths, and the definitions that no earlier part brought. */
export type SwaggerPart = {
  readonly paths: readonly PathSketch[];
  readonly items: readonly (readonly [path: string, item: object])[];
  readonly definitions: readonly (readonly [name: string, definition: object])[];
};

/** The document part by part, with pauses between. */
export async function* swaggerParts(
  groups: readonly ApiGroup[],
  env: Env,
): AsyncGenerator<SwaggerPart, void, undefined> {
  const writer = new SchemaWriter(OPENAPI_V2, versionsWithOptions());
  const pace = new Pace(env);
  for (const { paths, define } of sketches(groups)) {
    const defined = define(writer);
    const items: (readonly [string, object])[] = [];
    for (const each of paths) {
      await pace.step(); // pods alone bring a third of all shapes, and fifteen paths
      items.push([each.path, pathItem(each, defined, writer)]);
    }
    yield { paths, items, definitions: writer.take() };
    await pace.step();
  }
}

type Sketches = {
  readonly paths: readonly PathSketch[];
  readonly define: (writer: SchemaWriter) => DefinedKind;
};

/** Fixed paths, versions and resources. */
function* sketches(groups: readonly ApiGroup[]): Generator<Sketches, void, undefined> {
  const nothing = (): DefinedKind => NOTHING_DEFINED;
  yield { paths: fixedDocuments(groups).flatMap(([, paths]) => paths), define: nothing };
  for (const { group, versions } of groups) {
    for (const { version, resources } of versions) {
      const isCustom = resources.every(({ custom }) => custom !== undefined);
      if (!isCustom) yield { paths: versionSketch(group, version), define: nothing };
      for (const resource of resources) {
        yield {
          paths: pathSketches(resource),
          define: (writer) => defineKind(resource, writer, "v2"),
        };
      }
    }
  }
}

/** The document in JSON. */
export async function swaggerJson(
  groups: readonly ApiGroup[],
  env: Env,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = new JsonPieces();
  pieces.text(`{"swagger":"2.0","info":${JSON.stringify(INFO)},"paths":{`);
  for await (const { items, definitions } of swaggerParts(groups, env)) {
    for (const [path, item] of items) pieces.member(path, item);
    for (const [name, definition] of definitions) pieces.keep(name, definition);
  }
  pieces.text('},"definitions":{').members();
  const rest = {
    securityDefinitions: { BearerToken: BEARER_TOKEN },
    security: [{ BearerToken: [] }],
  };
  pieces.text(`},${JSON.stringify(rest).slice(1)}`);
  return pieces.bytes();
}

function pathItem(sketch: PathSketch, defined: DefinedKind, writer: SchemaWriter): object {
  const operations = sketch.operations.map(
    (each) => [each.method, operationItem(each, defined, writer)] as const,
  );
  return { ...Object.fromEntries(operations), ...parametersOf([], sketch.parameters) };
}

function operationItem(
  sketch: OperationSketch,
  defined: DefinedKind,
  writer: SchemaWriter,
): object {
  const { body, consumes, effect } = sketch;
  const answers = sketch.answers.map(([status, shape]) => [
    status,
    { description: ANSWERS.get(status), schema: shapeSchema(shape, sketch, defined, writer) },
  ]);
  const required = body?.isRequired === true ? { required: true } : {};
  const bodies =
    body === undefined
      ? []
      : [
          {
            name: "body",
            in: "body",
            ...required,
            schema: shapeSchema(body.shape, sketch, defined, writer),
          },
        ];
  return {
    description: sketch.description,
    ...(consumes.length === 0 ? {} : { consumes }),
    produces: sketch.produces,
    schemes: ["https"],
    tags: [sketch.tag],
    operationId: sketch.id,
    ...parametersOf(bodies, sketch.parameters),
    responses: { ...Object.fromEntries(answers), "401": { description: "Unauthorized" } },
    ...(effect === undefined
      ? {}
      : {
          "x-kubernetes-action": effect.action,
          "x-kubernetes-group-version-kind": {
            group: effect.kind.group,
            kind: effect.kind.kind,
            version: effect.kind.version,
          },
        }),
  };
}

function parametersOf(
  bodies: readonly object[],
  parameters: readonly Parameter[],
): { readonly parameters?: object } {
  if (bodies.length + parameters.length === 0) return {};
  const others = parameters.map(({ name, in: place, type, description }) => ({
    uniqueItems: true,
    type,
    description,
    name,
    in: place,
    ...(place === "path" ? { required: true } : {}),
  }));
  return { parameters: [...bodies, ...others] };
}
