/**
 * A document of OpenAPI v3 in protobuf, made from its JSON. Numbers are those of the published
 * openapi.v3 messages; only what is in our documents is written.
 */
import type { Env } from "../../base/env.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { Pace } from "../handlers/pace.ts";
import { anything, extension, message, named, text, type Part } from "./protobuf-parts.ts";

/** Throws for what is no document of ours. */
export async function encodeDocument(json: Uint8Array, env: Env): Promise<Uint8Array<ArrayBuffer>> {
  const pace = new Pace(env);
  const document: unknown = JSON.parse(new TextDecoder().decode(json));
  await pace.step();
  const paths: Part[] = [];
  for (const [path, item] of entriesOf(document, "paths")) {
    paths.push([1, named(path, pathItem(item))]);
    await pace.step();
  }
  const schemas: Part[] = [];
  const components = isFields(document) ? own(document, "components") : undefined;
  for (const [name, value] of entriesOf(components, "schemas")) {
    schemas.push([1, named(name, schemaOrReference(value))]);
    await pace.step();
  }
  const info = isFields(document) ? own(document, "info") : undefined;
  return message([
    ...textPart(1, document, "openapi"),
    [2, message([...textPart(1, info, "title"), ...textPart(6, info, "version")])],
    [4, message(paths)],
    [5, message([[1, message(schemas)]])],
  ]);
}

/** Fields of a path item that hold operations. */
const METHOD_FIELDS: Readonly<Record<string, number>> = {
  get: 4,
  put: 5,
  post: 6,
  delete: 7,
  options: 8,
  head: 9,
  patch: 10,
};

function pathItem(value: unknown): Uint8Array {
  const operations = entriesIn(value).flatMap(([method, each]): readonly Part[] => {
    const number = Object.hasOwn(METHOD_FIELDS, method) ? METHOD_FIELDS[method] : undefined;
    return number === undefined ? [] : [[number, operation(each)]];
  });
  operations.sort(([a], [b]) => a - b);
  return message([...operations, ...listOf(value, "parameters").map(parameterPart(13))]);
}

function operation(value: unknown): Uint8Array {
  const body = isFields(value) ? own(value, "requestBody") : undefined;
  const responses = entriesOf(value, "responses").map(([status, each]): Part => {
    return [2, named(status, message([[1, response(each)]]))];
  });
  return message([
    ...listOf(value, "tags").map((tag): Part => [1, text(String(tag))]),
    ...textPart(3, value, "description"),
    ...textPart(5, value, "operationId"),
    ...listOf(value, "parameters").map(parameterPart(6)),
    ...(body === undefined ? [] : [[7, message([[1, requestBody(body)]])] as const]),
    [8, message(responses)],
    ...extensionParts(13, value),
  ]);
}

function parameterPart(number: number): (value: unknown) => Part {
  return (value) => {
    const schema = isFields(value) ? own(value, "schema") : undefined;
    const parameter = message([
      ...textPart(1, value, "name"),
      ...textPart(2, value, "in"),
      ...textPart(3, value, "description"),
      ...flagPart(4, value, "required"),
      ...(schema === undefined ? [] : [[10, schemaOrReference(schema)] as const]),
    ]);
    return [number, message([[1, parameter]])];
  };
}

function requestBody(value: unknown): Uint8Array {
  return message([[2, mediaTypes(value)], ...flagPart(3, value, "required")]);
}

function response(value: unknown): Uint8Array {
  return message([...textPart(1, value, "description"), [3, mediaTypes(value)]]);
}

function mediaTypes(value: unknown): Uint8Array {
  return message(
    entriesOf(value, "content").map(([type, each]): Part => {
      const schema = isFields(each) ? own(each, "schema") : undefined;
      return [1, named(type, message([[1, schemaOrReference(schema)]]))];
    }),
  );
}

function schemaOrReference(value: unknown): Uint8Array {
  const $ref = isFields(value) ? own(value, "$ref") : undefined;
  if (typeof $ref === "string") return message([[2, message([[1, text($ref)]])]]);
  return message([[1, schema(value)]]);
}

function schema(value: unknown): Uint8Array {
  if (!isFields(value)) return message([]);
  const not = own(value, "not");
  return message([
    ...flagPart(1, value, "nullable"),
    ...textPart(9, value, "title"),
    ...doublePart(10, value, "multipleOf"),
    ...doublePart(11, value, "maximum"),
    ...flagPart(12, value, "exclusiveMaximum"),
    ...doublePart(13, value, "minimum"),
    ...flagPart(14, value, "exclusiveMinimum"),
    ...countPart(15, value, "maxLength"),
    ...countPart(16, value, "minLength"),
    ...textPart(17, value, "pattern"),
    ...countPart(18, value, "maxItems"),
    ...countPart(19, value, "minItems"),
    ...flagPart(20, value, "uniqueItems"),
    ...countPart(21, value, "maxProperties"),
    ...countPart(22, value, "minProperties"),
    ...listOf(value, "required").map((name): Part => [23, text(String(name))]),
    ...listOf(value, "enum").map((each): Part => [24, anything(each)]),
    ...textPart(25, value, "type"),
    ...listOf(value, "allOf").map((each): Part => [26, schemaOrReference(each)]),
    ...listOf(value, "oneOf").map((each): Part => [27, schemaOrReference(each)]),
    ...listOf(value, "anyOf").map((each): Part => [28, schemaOrReference(each)]),
    ...(not === undefined ? [] : [[29, schema(not)] as const]),
    ...nestedParts(value),
    ...defaultPart(own(value, "default")),
    ...textPart(34, value, "description"),
    ...textPart(35, value, "format"),
    ...extensionParts(36, value),
  ]);
}

/** Of items, properties and all other properties. */
function nestedParts(value: Fields): readonly Part[] {
  const items = own(value, "items");
  const properties = entriesOf(value, "properties");
  const others = own(value, "additionalProperties");
  const parts: Part[] = [];
  if (items !== undefined) parts.push([30, message([[1, schemaOrReference(items)]])]);
  if (properties.length > 0) {
    const all = properties.map(([name, each]): Part => [1, named(name, schemaOrReference(each))]);
    parts.push([31, message(all)]);
  }
  if (typeof others === "boolean") parts.push([32, message([[2, Number(others)]])]);
  else if (others !== undefined) parts.push([32, message([[1, schemaOrReference(others)]])]);
  return parts;
}

/** There are only simple ones in this form. */
function defaultPart(value: unknown): readonly Part[] {
  switch (typeof value) {
    case "number":
      return [[33, message([[1, { double: value }]])]];
    case "boolean":
      return [[33, message([[2, Number(value)]])]];
    case "string":
      return [[33, message([[3, text(value)]])]];
    default:
      return [];
  }
}

function extensionParts(number: number, value: unknown): readonly Part[] {
  return entriesIn(value)
    .filter(([name]) => name.startsWith("x-"))
    .map(([name, each]) => [number, extension(name, each)]);
}

function textPart(number: number, value: unknown, name: string): readonly Part[] {
  const field = isFields(value) ? own(value, name) : undefined;
  return typeof field === "string" ? [[number, text(field)]] : [];
}

function flagPart(number: number, value: unknown, name: string): readonly Part[] {
  return isFields(value) && own(value, name) === true ? [[number, 1]] : [];
}

function doublePart(number: number, value: unknown, name: string): readonly Part[] {
  const field = isFields(value) ? own(value, name) : undefined;
  return typeof field === "number" ? [[number, { double: field }]] : [];
}

function countPart(number: number, value: unknown, name: string): readonly Part[] {
  const field = isFields(value) ? own(value, name) : undefined;
  return typeof field === "number" && field > 0 ? [[number, field]] : [];
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const field = isFields(value) ? own(value, name) : undefined;
  return Array.isArray(field) ? field : [];
}

function entriesOf(value: unknown, name: string): readonly (readonly [string, unknown])[] {
  return entriesIn(isFields(value) ? own(value, name) : undefined);
}

function entriesIn(value: unknown): readonly (readonly [string, unknown])[] {
  return isFields(value) ? Object.entries(value) : [];
}
