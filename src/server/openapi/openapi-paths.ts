/**
 * /openapi/v3: an index, and one document a group and version, whose URL names its content.
 * /openapi/v2: all of it in one document, for older clients. Documents are made when they are asked
 * for; what they are made from is known beforehand, so the index and answers to those who have the
 * document already cost nothing.
 */
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { JSON_TYPE, TEXT_TYPE, valueAnswer } from "../answers.ts";
import type { ApiGroup, ApiVersion } from "../discovery/api-groups.ts";
import { contentHash } from "../discovery/content-hash.ts";
import { servedGroups, withEtag, withKnownEtag } from "../discovery/discovery-paths.ts";
import type { PathHandler } from "../dispatch.ts";
import { parseAccept } from "../handlers/negotiation.ts";
import type { Resources } from "../registry/resource.ts";
import { VERSION } from "../version.ts";
import { DocumentShelf } from "./document-shelf.ts";
import { encodeDocument } from "./document-protobuf.ts";
import { fixedDocument, INFO, openapiDocument } from "./document.ts";
import { fixedDocuments } from "./fixed-sketches.ts";
import { groupVersionPath } from "./group-version-path.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";
import { swaggerJson } from "./swagger.ts";

const ROOT = "/openapi/v3";
const SWAGGER_PATH = "/openapi/v2";

/** What can be asked for of one group and version, or of paths that belong to none. */
type Listed = {
  readonly hash: string;
  readonly make: (env: Env) => Promise<Uint8Array<ArrayBuffer>>;
};

export function openapiPaths(resources: Resources, env: Env): PathHandler {
  const shelf = new DocumentShelf();
  const groupsNow = servedGroups(resources);
  let index: { readonly at: number; readonly listed: ReadonlyMap<string, Listed> } | undefined;
  const listedNow = (): ReadonlyMap<string, Listed> => {
    const at = resources.generation;
    if (index?.at === at) return index.listed;
    index = { at, listed: listedOf(groupsNow()) };
    return index.listed;
  };
  return async (request) => {
    const { path } = request;
    if (path === SWAGGER_PATH) {
      return answerSwagger(request, listedNow(), shelf, groupsNow(), env);
    }
    if (path === ROOT || path === `${ROOT}/`) return answerIndex(listedNow(), request);
    if (!path.startsWith(`${ROOT}/`)) return undefined;
    const name = path.slice(ROOT.length + 1);
    const listed = listedNow().get(name);
    return listed === undefined ? NOT_FOUND : answerDocument(name, listed, request, shelf, env);
  };
}

/** Where no document is, nothing is said about it. */
const NOT_FOUND: ApiResponse = { status: 404, headers: {}, warnings: [], body: { kind: "none" } };
const NOT_ACCEPTABLE: ApiResponse = { ...NOT_FOUND, status: 406, headers: { vary: "Accept" } };

function listedOf(groups: readonly ApiGroup[]): ReadonlyMap<string, Listed> {
  const fixed = fixedDocuments(groups).map(([name, paths]): readonly [string, Listed] => {
    const hash = contentHash(JSON.stringify([INFO, paths]));
    return [name, { hash, make: (env) => fixedDocument(paths, env) }];
  });
  const versions = groups.flatMap(({ group, versions: all }) =>
    all.map((version): readonly [string, Listed] => [
      groupVersionPath(group, version.version),
      { hash: hashOf(version), make: (env) => openapiDocument(group, version, env) },
    ]),
  );
  return new Map([...fixed, ...versions]);
}

/** Of everything the document is made from. */
function hashOf({ version, resources }: ApiVersion): string {
  const texts = resources.map(({ custom, kind, listKind, resource, strategy }) => {
    if (custom === undefined) return `${resource}/${kind}`;
    const isTerminating = custom.isTerminating();
    return JSON.stringify([resource, kind, listKind, strategy.names, custom, isTerminating]);
  });
  return contentHash([VERSION.gitVersion, VERSION.gitCommit, version, ...texts].join("\n"));
}

function answerIndex(listed: ReadonlyMap<string, Listed>, request: ApiRequest): ApiResponse {
  const paths = Object.fromEntries(
    [...listed]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { hash }]) => [path, { serverRelativeURL: urlOf(path, hash) }]),
  );
  const answer = valueAnswer(200, { paths });
  return withEtag({ ...answer, headers: { "content-type": TEXT_TYPE } }, request);
}

async function answerDocument(
  name: string,
  { hash, make }: Listed,
  request: ApiRequest,
  shelf: DocumentShelf,
  env: Env,
): Promise<ApiResponse> {
  const form = formOf(request.headers["accept"] ?? "", "v3");
  if (form === undefined) return NOT_ACCEPTABLE;
  const asked = request.query.get("hash");
  if (asked !== null && asked !== hash.toUpperCase()) {
    const location = urlOf(name, hash);
    return { status: 301, headers: { location }, warnings: [], body: { kind: "none" } };
  }
  const answer = await withKnownEtag(form === "json" ? hash : `${hash}P`, request, async () => {
    const json = (): Promise<Uint8Array<ArrayBuffer>> => shelf.get(name, hash, () => make(env));
    const bytes =
      form === "json"
        ? await json()
        : await shelf.get(`${name} protobuf`, hash, async () => encodeDocument(await json(), env));
    const headers = { "content-type": form === "json" ? JSON_TYPE : protobufType("v3", ".") };
    return { status: 200, headers, warnings: [], body: { kind: "bytes", bytes } };
  });
  if (asked === null) return answer;
  // The URL names the content, so it can be kept for ever.
  const headers = { ...answer.headers, "cache-control": "public, immutable" };
  return { ...answer, headers };
}

async function answerSwagger(
  request: ApiRequest,
  listed: ReadonlyMap<string, Listed>,
  shelf: DocumentShelf,
  groups: readonly ApiGroup[],
  env: Env,
): Promise<ApiResponse> {
  const form = formOf(request.headers["accept"] ?? "", "v2");
  if (form === undefined) return NOT_ACCEPTABLE;
  const isProtobuf = form === "protobuf";
  const hash = contentHash([...listed].map(([path, each]) => `${path} ${each.hash}`).join("\n"));
  return withKnownEtag(isProtobuf ? `${hash}P` : hash, request, async () => {
    const bytes = await shelf.get(isProtobuf ? "v2 protobuf" : "v2", hash, () =>
      isProtobuf ? encodeSwagger(groups, env) : swaggerJson(groups, env),
    );
    const headers = { "content-type": isProtobuf ? protobufType("v2", ".") : JSON_TYPE };
    return { status: 200, headers, warnings: [], body: { kind: "bytes", bytes } };
  });
}

/** The first form the client names that we have. */
function formOf(accept: string, version: "v2" | "v3"): "json" | "protobuf" | undefined {
  if (accept.trim() === "") return "json";
  for (const clause of parseAccept(accept)) {
    const type = `${clause.type}/${clause.subtype}`;
    if (type === protobufType(version, "@") || type === protobufType(version, ".")) {
      return "protobuf";
    }
    if (type === JSON_TYPE || type === "*/*" || type === "application/*") return "json";
  }
  return undefined;
}

/** Clients ask with "@"; upstream answers with another spelling than it is asked for. */
function protobufType(version: "v2" | "v3", separator: "@" | "."): string {
  return `application/com.github.proto-openapi.spec.${version}${separator}v1.0+protobuf`;
}

function urlOf(path: string, hash: string): string {
  return `${ROOT}/${path}?hash=${hash.toUpperCase()}`;
}
