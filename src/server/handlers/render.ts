/** One object or list as the client wants to see it. */
import type { Env } from "../../base/env.ts";
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import type { ListMeta } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { JSON_TYPE, objectAnswer, textAnswer, YAML_TYPE } from "../answers.ts";
import { negotiate, type Format, type View } from "./negotiation.ts";
import type { ObjectRequest } from "./request.ts";
import { includeObjectOf, metadataOf, tableOf } from "./views.ts";

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
  const format = negotiate(request.request.headers["accept"]);
  const seen = viewOf(answer.object, format.view, request, env);
  return inMediaType(objectAnswer(answer.status, seen, answer.warnings), format);
}

/** The answer with a foreign object, such as a Scale, that has no other views. */
export function renderForeign(
  request: ObjectRequest,
  status: number,
  object: EncodedObject,
  warnings: readonly string[] = [],
): ApiResponse {
  const format = negotiate(request.request.headers["accept"]);
  return inMediaType(objectAnswer(status, object, warnings), format);
}

/** The answer with a list. `objects` have kinds, `items` are how they stand in lists. */
export function renderList(
  request: ObjectRequest,
  metadata: ListMeta,
  items: readonly EncodedObject[],
  env: Env,
): ApiResponse {
  const { resource } = request;
  const format = negotiate(request.request.headers["accept"]);
  const { view } = format;
  switch (view.kind) {
    case "object":
      return inMediaType(
        listAnswer(resource.apiVersion, resource.listKind, metadata, items),
        format,
      );
    case "metadata": {
      const views = items.map((item) => metadataOf(item.value, view.version));
      const apiVersion = `meta.k8s.io/${view.version}`;
      const answer = listAnswer(apiVersion, "PartialObjectMetadataList", metadata, views);
      return inMediaType(answer, format);
    }
    case "table": {
      const values = items.map((item) => item.value);
      const table = tableOf(values, metadata, resource, {
        version: view.version,
        include: includeObjectOf(request.request.query),
        nowMs: env.clock.now(),
        hasColumns: true,
      });
      return inMediaType(objectAnswer(200, table), format);
    }
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
      return metadataOf(object.value, view.version);
    case "table": {
      const { resourceVersion } = object.value.metadata;
      const metadata = resourceVersion === undefined ? {} : { resourceVersion };
      return tableOf([object.value], metadata, request.resource, {
        version: view.version,
        include: includeObjectOf(request.request.query),
        nowMs: env.clock.now(),
        hasColumns,
      });
    }
  }
}

function listAnswer(
  apiVersion: string,
  listKind: string,
  metadata: ListMeta,
  items: readonly EncodedObject[],
): ApiResponse {
  return {
    status: 200,
    headers: { "content-type": JSON_TYPE },
    warnings: [],
    body: { kind: "list", apiVersion, listKind, metadata, items },
  };
}

/** YAML is for people who ask by hand: it costs parsing and printing each object. */
function inMediaType(answer: ApiResponse, format: Format): ApiResponse {
  if (format.mediaType === "json") return answer;
  const { body } = answer;
  if (body.kind === "object") return yamlAnswer(answer, body.object.value);
  if (body.kind !== "list") return answer;
  const { apiVersion, listKind: kind, metadata } = body;
  const items = body.items.map((item) => item.value);
  return yamlAnswer(answer, { apiVersion, kind, metadata, items });
}

function yamlAnswer(answer: ApiResponse, value: object): ApiResponse {
  const text = textAnswer(answer.status, encodeYaml(value), YAML_TYPE);
  return { ...text, warnings: answer.warnings };
}
