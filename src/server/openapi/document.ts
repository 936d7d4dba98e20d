/**
 * The OpenAPI v3 document of one group and version, from the same shapes that decode and patch.
 * kubectl reads from it which endpoints check fields themselves, how lists merge, and what to
 * explain; descriptions are not published.
 */
import { apiVersionOf } from "../../machinery/gvk.ts";
import { endpointsOf, type ApiVersion, type Endpoint } from "../discovery/api-groups.ts";
import { JSON_PATCH_TYPE, MERGE_PATCH_TYPE, STRATEGIC_PATCH_TYPE } from "../handlers/patch-body.ts";
import type { Resource } from "../registry/resource.ts";
import { VERSION } from "../version.ts";
import { schemaName } from "./schema-names.ts";
import { OPENAPI_V2, OPENAPI_V3, SchemaWriter } from "./schema-writer.ts";

const PATCH_TYPES: readonly string[] = [JSON_PATCH_TYPE, MERGE_PATCH_TYPE, STRATEGIC_PATCH_TYPE];

const ANSWER_TYPES: readonly string[] = ["application/json", "application/yaml"];

/** Path below the server's root, without a slash: `api/v1`, `apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return `${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
}

export function openapiDocument(group: string, version: ApiVersion): object {
  const writer = new SchemaWriter(OPENAPI_V3);
  const base = `/${groupVersionPath(group, version.version)}`;
  const paths = Object.fromEntries(
    version.resources.flatMap((resource) => pathsOf(base, resource, writer)),
  );
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: VERSION.gitVersion },
    paths,
    components: { schemas: writer.components },
  };
}

/**
 * The Swagger document of everything, for clients that know no other. It has all definitions; of
 * the paths only those that can be patched, whose parameters are what such clients look for.
 */
export function swaggerDocument(resources: readonly Resource[]): SwaggerDocument {
  const writer = new SchemaWriter(OPENAPI_V2);
  const paths = resources.flatMap((resource): readonly (readonly [string, SwaggerPath])[] => {
    defineKind(resource, writer);
    const { group, version, kind } = resource;
    const scope = resource.isNamespaced ? "/namespaces/{namespace}" : "";
    const path = `/${groupVersionPath(group, version)}${scope}/${resource.resource}/{name}`;
    return [
      [path, { patch: { parameters: WRITE_PARAMETER_NAMES, kind: { group, version, kind } } }],
    ];
  });
  return { paths: Object.fromEntries(paths), definitions: writer.components };
}

/** What of a path the Swagger document tells. */
export type SwaggerPath = {
  readonly patch: { readonly parameters: readonly string[]; readonly kind: Kind };
};

export type SwaggerDocument = {
  readonly paths: Readonly<Record<string, SwaggerPath>>;
  readonly definitions: Readonly<Record<string, object>>;
};

type PathEntry = readonly [path: string, item: object];

function pathsOf(base: string, resource: Resource, writer: SchemaWriter): readonly PathEntry[] {
  const object = defineKind(resource, writer);
  const scoped = resource.isNamespaced ? `${base}/namespaces/{namespace}` : base;
  const collection = `${scoped}/${resource.resource}`;
  const everywhere: readonly PathEntry[] = resource.isNamespaced
    ? [[`${base}/${resource.resource}`, { get: operation("list", resource, object) }]]
    : [];
  const own = endpointsOf(resource).flatMap((endpoint): readonly PathEntry[] => {
    if (endpoint.subresource === "") return mainPaths(collection, endpoint, resource, object);
    const path = `${collection}/{name}/${endpoint.subresource}`;
    return [[path, endpointItem(endpoint, resource, object)]];
  });
  return [...everywhere, ...own];
}

function mainPaths(
  collection: string,
  endpoint: Endpoint,
  resource: Resource,
  object: object,
): readonly PathEntry[] {
  const has = (verb: string): boolean => endpoint.verbs.includes(verb);
  const item = {
    parameters: pathParameters(resource, false),
    ...(has("list") ? { get: operation("list", resource, object) } : {}),
    ...(has("create") ? { post: operation("post", resource, object) } : {}),
    ...(has("deletecollection") ? { delete: operation("deletecollection", resource, object) } : {}),
  };
  return [
    [collection, item],
    [`${collection}/{name}`, endpointItem(endpoint, resource, object)],
  ];
}

/** The operations on a named object or one of its subresources. */
function endpointItem(endpoint: Endpoint, resource: Resource, object: object): object {
  const has = (verb: string): boolean => endpoint.verbs.includes(verb);
  const isMain = endpoint.subresource === "";
  const kind = isMain ? resource : endpoint;
  return {
    parameters: pathParameters(resource, true),
    ...(has("get") ? { get: operation("get", kind, object) } : {}),
    ...(has("update") ? { put: operation("put", kind, object) } : {}),
    ...(has("patch") ? { patch: operation("patch", kind, object) } : {}),
    ...(has("delete") ? { delete: operation("delete", kind, object) } : {}),
    ...(has("create") && !isMain ? { post: operation("post", kind, object) } : {}),
  };
}

type Action = "get" | "list" | "post" | "put" | "patch" | "delete" | "deletecollection";
export type Kind = { readonly group: string; readonly version: string; readonly kind: string };

function operation(action: Action, kind: Kind, object: object): object {
  const { group, version } = kind;
  const isWrite = action === "post" || action === "put" || action === "patch";
  const content = Object.fromEntries(ANSWER_TYPES.map((type) => [type, { schema: object }]));
  return {
    parameters: isWrite ? WRITE_PARAMETERS : action === "list" ? LIST_PARAMETERS : [],
    ...(isWrite ? { requestBody: { content: bodyContent(action, object), required: true } } : {}),
    responses: { [action === "post" ? "201" : "200"]: { description: "OK", content } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
  };
}

function bodyContent(action: Action, object: object): object {
  if (action !== "patch") return { "*/*": { schema: object } };
  return Object.fromEntries(PATCH_TYPES.map((type) => [type, { schema: { type: "object" } }]));
}

const WRITE_PARAMETER_NAMES: readonly string[] = ["dryRun", "fieldManager", "fieldValidation"];

const WRITE_PARAMETERS: readonly object[] = WRITE_PARAMETER_NAMES.map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

const LIST_PARAMETERS: readonly object[] = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
].map((name) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } }));

function pathParameters(resource: Resource, isNamed: boolean): readonly object[] {
  const names = [...(isNamed ? ["name"] : []), ...(resource.isNamespaced ? ["namespace"] : [])];
  return names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", uniqueItems: true },
  }));
}

/** The kind and its list as components that name their group, version and kind. */
function defineKind(resource: Resource, writer: SchemaWriter): object {
  const { group, version, kind, listKind, strategy } = resource;
  const name = schemaName(strategy.schema) ?? `${group}.${version}.${kind}`;
  const gvk = (of: string): object => ({
    "x-kubernetes-group-version-kind": [{ group, version, kind: of }],
  });
  const object = writer.define(name, strategy.schema, gvk(kind));
  const listName = name.slice(0, name.lastIndexOf(".") + 1) + listKind;
  writer.defineRaw(listName, {
    type: "object",
    properties: {
      apiVersion: { type: "string" },
      items: { type: "array", items: object },
      kind: { type: "string" },
      metadata: LIST_META,
    },
    required: ["items"],
    ...gvk(listKind),
  });
  return object;
}

const LIST_META: object = {
  type: "object",
  properties: {
    continue: { type: "string" },
    remainingItemCount: { type: "integer", format: "int64" },
    resourceVersion: { type: "string" },
    selfLink: { type: "string" },
  },
};
