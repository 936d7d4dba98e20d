/**
 * The Swagger document in protobuf, which is the only form kubectl before 1.31 reads. Numbers are
 * those of the published openapi.v2 messages; only what is in our documents is written.
 */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { VERSION } from "../version.ts";
import type { SwaggerDocument, SwaggerPath } from "./document.ts";

const encoder = new TextEncoder();

export function encodeSwagger(document: SwaggerDocument): Uint8Array {
  const { paths, definitions } = document;
  return message([
    [1, text("2.0")],
    [
      2,
      message([
        [1, text("Kubernetes")],
        [2, text(VERSION.gitVersion)],
      ]),
    ],
    [8, message(Object.entries(paths).map(([path, item]) => [2, named(path, pathItem(item))]))],
    [9, message(namedSchemas(definitions))],
  ]);
}

type Part = readonly [number: number, bytes: Uint8Array];

function pathItem(item: SwaggerPath): Uint8Array {
  const parameters = item.patch.parameters.map((name): Part => [8, queryParameter(name)]);
  const kind = extension("x-kubernetes-group-version-kind", item.patch.kind);
  const action = extension("x-kubernetes-action", "patch");
  return message([[8, message([...parameters, [13, action], [13, kind]])]]);
}

/** A query parameter inside the three messages that tell parameters apart. */
function queryParameter(name: string): Uint8Array {
  const query = message([
    [2, text("query")],
    [4, text(name)],
    [6, text("string")],
  ]);
  return message([[1, message([[2, message([[3, query]])]])]]);
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

/** Extensions are YAML texts; JSON is YAML. */
function extension(name: string, value: unknown): Uint8Array {
  return named(name, message([[2, text(JSON.stringify(value))]]));
}

function named(name: string, value: Uint8Array): Uint8Array {
  return message([
    [1, text(name)],
    [2, value],
  ]);
}

function text(value: string): Uint8Array {
  return encoder.encode(value);
}

/** Fields of bytes, each with its number and length. */
function message(parts: readonly Part[]): Uint8Array {
  const encoded = parts.map(([number, bytes]) => ({
    head: [...varint((number << 3) | 2), ...varint(bytes.length)],
    bytes,
  }));
  const size = encoded.reduce((sum, part) => sum + part.head.length + part.bytes.length, 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const { head, bytes } of encoded) {
    joined.set(head, at);
    joined.set(bytes, at + head.length);
    at += head.length + bytes.length;
  }
  return joined;
}

function varint(value: number): readonly number[] {
  if (value < 0x80) return [value];
  return [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
