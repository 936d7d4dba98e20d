/** One object, list or refusal as the client wants to see it. */
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { Env } from "../../base/env.ts";
import type { ApiObject, ListMeta } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { Status } from "../../machinery/status.ts";
import { JSON_TYPE, objectAnswer, statusAnswer, YAML_TYPE } from "../answers.ts";
import { PROTOBUF_TYPE } from "../protobuf/decode-body.ts";
import { protobufBody, protobufItem, protobufList } from "../protobuf/encode-object.ts";
import {
  formatOf,
  plainFormatOf,
  refusalType,
  type Format,
  type MediaType,
  type View,
} from "./negotiation.ts";
import { Pace } from "./pace.ts";
import type { ObjectRequest } from "./request.ts";
import { checkView, includeObjectOf, metadataOf, tableOf, TableWriter } from "./views.ts";
import { yamlList } from "./yaml-list.ts";

/** The answer with one object of the requested resource. */
export function renderObject(
  request: ObjectRequest,
  answer: {
    readonly status: number;
    readonly object: EncodedObject;
    readonly warnings?: readonly string[];
  },
  env: Env,
): ApiResponse {
  const format = formatOf(request);
  checkView(format.view, "object", request);
  const seen = viewOf(answer.object, format.view, request, env);
  return inMediaType(answer.status, seen, format.mediaType, answer.warnings);
}

/** The answer with a foreign object, such as a Scale, that no table shows. */
export function renderForeign(
  request: ObjectRequest,
  status: number,
  object: EncodedObject,
  warnings: readonly string[] = [],
): ApiResponse {
  const { mediaType, view } = plainFormatOf(request);
  const seen = view.kind === "metadata" ? metadataOf(object.peek(), view.version) : object;
  return inMediaType(status, seen, mediaType, warnings);
}

/** What is kept nowhere and has no other views, such as a document of discovery. */
export function renderValue(value: object, mediaType: MediaType): ApiResponse {
  return inMediaType(200, EncodedObject.fromValue(value as ApiObject), mediaType);
}

/** A refusal, or a success without an object, for a client that accepts `accept`. */
export function renderStatus(
  status: Status,
  accept: string | undefined,
  warnings: readonly string[] = [],
): ApiResponse {
  const answer = statusAnswer(status, warnings);
  const mediaType = refusalType(accept);
  if (mediaType === "json" || answer.body.kind !== "object") return answer;
  const { headers, body } = inMediaType(answer.status, answer.body.object, mediaType, warnings);
  return { ...answer, headers: { ...answer.headers, ...headers }, body };
}

/** The objects of a list: with their kinds, and as they stand in lists. */
export type ListedObject = {
  readonly object: () => EncodedObject;
  readonly item: () => EncodedObject;
};

/** Objects that are kept nowhere, as a list shows them. */
export function listedValues(values: readonly ApiObject[]): readonly ListedObject[] {
  return values.map((value) => {
    const { apiVersion: _apiVersion, kind: _kind, ...item } = value;
    return {
      object: () => EncodedObject.fromValue(value),
      item: () => EncodedObject.fromValue(item),
    };
  });
}

/** The answer with a list. Takes as many turns of the event loop as it needs. */
export async function renderList(
  request: ObjectRequest,
  metadata: ListMeta,
  listed: readonly ListedObject[],
  env: Env,
): Promise<ApiResponse> {
  const { resource } = request;
  const format = formatOf(request);
  const { view } = format;
  checkView(view, "list", request);
  switch (view.kind) {
    case "object": {
      const type = { apiVersion: resource.apiVersion, kind: resource.listKind };
      // Protobuf is made of whole objects, whose messages all readers share.
      const isWhole = format.mediaType === "protobuf";
      const encodedOf = (each: ListedObject): EncodedObject =>
        isWhole ? each.object() : each.item();
      const items = await gathered(listed, encodedOf, env);
      // Lists of custom resources have no type that would leave out an empty token.
      const told = resource.custom === undefined ? metadata : { continue: "", ...metadata };
      return listAnswer(type, told, items, format, env);
    }
    case "metadata": {
      const apiVersion = `meta.k8s.io/${view.version}`;
      const shown = (each: ListedObject): EncodedObject =>
        metadataOf(each.object().peek(), view.version);
      const items = await gathered(listed, shown, env);
      const type = { apiVersion, kind: "PartialObjectMetadataList" };
      return listAnswer(type, metadata, items, format, env);
    }
    case "table":
      return tableAnswer(request, metadata, listed, { view, mediaType: format.mediaType }, env);
  }
}

/** The object of a watch event or an answer, in the wanted view. */
export function viewOf(
  object: EncodedObject,
  view: View,
  request: ObjectRequest,
  env: Env,
  hasColumns = true,
): EncodedObject {
  switch (view.kind) {
    case "object":
      return object;
    case "metadata":
      return metadataOf(object.peek(), view.version);
    case "table": {
      const value = object.peek();
      const { resourceVersion } = value.metadata;
      const metadata = resourceVersion === undefined ? {} : { resourceVersion };
      return tableOf([value], metadata, request.resource, {
        version: view.version,
        include: includeObjectOf(request.request.query),
        nowMs: env.clock.now(),
        hasColumns,
      });
    }
  }
}

type ListType = { readonly apiVersion: string; readonly kind: string };

async function listAnswer(
  type: ListType,
  metadata: ListMeta,
  items: readonly EncodedObject[],
  format: Format,
  env: Env,
): Promise<ApiResponse> {
  const { apiVersion, kind: listKind } = type;
  const list = { kind: "list", apiVersion, listKind, metadata, items } as const;
  const answer = { status: 200, warnings: [] };
  switch (format.mediaType) {
    case "json":
      return { ...answer, headers: { "content-type": JSON_TYPE }, body: list };
    case "yaml": {
      const encoded = await yamlList(type, metadata, items, env);
      return { ...answer, headers: { "content-type": YAML_TYPE }, body: { ...list, encoded } };
    }
    case "protobuf": {
      const pieces = await gathered(items, protobufItem, env);
      const encoded = protobufList(type, metadata, pieces.flat());
      return { ...answer, headers: { "content-type": PROTOBUF_TYPE }, body: { ...list, encoded } };
    }
  }
}

/** As `map`, in as many turns as it needs. */
async function gathered<T, R>(
  values: readonly T[],
  make: (value: T) => R,
  env: Env,
): Promise<readonly R[]> {
  const made: R[] = [];
  const pace = new Pace(env);
  for (const value of values) {
    made.push(make(value));
    const rest = pace.step();
    if (rest !== undefined) await rest;
  }
  return made;
}

async function tableAnswer(
  request: ObjectRequest,
  metadata: ListMeta,
  listed: readonly ListedObject[],
  format: { readonly view: View & { kind: "table" }; readonly mediaType: MediaType },
  env: Env,
): Promise<ApiResponse> {
  const writer = new TableWriter(request.resource, metadata, {
    version: format.view.version,
    include: includeObjectOf(request.request.query),
    nowMs: env.clock.now(),
    hasColumns: true,
  });
  const pace = new Pace(env);
  for (const each of listed) {
    writer.add(each.object().peek());
    await pace.step();
  }
  const { object, encoded } = writer.finish();
  if (format.mediaType !== "json") return inMediaType(200, object, format.mediaType);
  return {
    status: 200,
    headers: { "content-type": JSON_TYPE },
    warnings: [],
    body: { kind: "object", object, encoded },
  };
}

/** YAML is for people who ask by hand: it costs parsing and printing the object. */
function inMediaType(
  status: number,
  object: EncodedObject,
  mediaType: MediaType,
  warnings: readonly string[] = [],
): ApiResponse {
  switch (mediaType) {
    case "json":
      return objectAnswer(status, object, warnings);
    case "yaml":
      return bytesAnswer(status, encoder.encode(encodeYaml(object.peek())), YAML_TYPE, warnings);
    case "protobuf":
      return bytesAnswer(status, protobufBody(object), PROTOBUF_TYPE, warnings);
  }
}

const encoder = new TextEncoder();

function bytesAnswer(
  status: number,
  bytes: Uint8Array,
  contentType: string,
  warnings: readonly string[],
): ApiResponse {
  const headers = { "content-type": contentType };
  return { status, headers, warnings, body: { kind: "bytes", bytes } };
}
