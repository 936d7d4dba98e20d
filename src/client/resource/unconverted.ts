/**
 * Schemas whose values are other ones than what is written: a transform, a codec. Servers run no
 * code, so a reconcile would find what was written, under the type of what it should become.
 */
import { SchemaError } from "./schema-error.ts";

type Json = Readonly<Record<string, unknown>>;
type Direction = (options: { readonly target: "openapi-3.0" }) => Json;

const ADVICE = "servers run no code; describe what is written, and convert it where it is read";

/** Throws `SchemaError` for a schema that converts. Libraries that do not tell are believed. */
export function refuseConversions(schema: { readonly input: Direction }, path: string): void {
  const input = schema.input({ target: "openapi-3.0" });
  if (!saysOutput(schema)) return;
  let output: Json;
  try {
    output = schema.output({ target: "openapi-3.0" });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError(path, `${why}: ${ADVICE}`);
  }
  refuseDifference(input, output, path);
}

function saysOutput(schema: object): schema is { readonly output: Direction } {
  return "output" in schema && typeof schema.output === "function";
}

/** Types alone: defaults and what must be there differ between the two as they should. */
function refuseDifference(input: unknown, output: unknown, path: string): void {
  if (!isJson(input) || !isJson(output)) return;
  const { type: from, properties, items } = input;
  const { type: to } = output;
  if (typeof from === "string" && typeof to === "string" && from !== to) {
    throw new SchemaError(path, `${from} is made a ${to}: ${ADVICE}`);
  }
  refuseDifference(items, output["items"], `${path}[]`);
  refuseDifference(input["additionalProperties"], output["additionalProperties"], `${path}[*]`);
  if (!isJson(properties) || !isJson(output["properties"])) return;
  const outputs = new Map(Object.entries(output["properties"]));
  for (const [name, inner] of Object.entries(properties)) {
    refuseDifference(inner, outputs.get(name), `${path}.${name}`);
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
