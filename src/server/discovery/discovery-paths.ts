/** /api, /apis and what is below them: how clients learn what is served. */
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { valueAnswer } from "../answers.ts";
import type { PathHandler } from "../dispatch.ts";
import {
  aggregatedType,
  ANSWER_TYPES,
  negotiateDocument,
  type MediaType,
} from "../handlers/negotiation.ts";
import { renderValue } from "../handlers/render.ts";
import type { Resources } from "../registry/resource.ts";
import {
  aggregatedGroup,
  apiGroups,
  groupObject,
  resourceList,
  type ApiGroup,
} from "./api-groups.ts";
import { contentHash } from "./content-hash.ts";
import { withRemoteGroups, type RemoteVersion } from "./remote-groups.ts";

const AGGREGATED_GROUP = "apidiscovery.k8s.io";
const AGGREGATED_PARAMETERS = `g=${AGGREGATED_GROUP};v=v2;as=APIGroupDiscoveryList`;

/** Paths that clients may look for, besides those of groups. */
const OTHER_PATHS: readonly string[] = [
  "/healthz",
  "/livez",
  "/metrics",
  "/openapi/v2",
  "/openapi/v3",
  "/readyz",
  "/version",
];

/** `remote`: what other servers answer for; `resources` counts its changes. */
export function discoveryPaths(
  resources: Resources,
  remote: () => readonly RemoteVersion[] = () => [],
): PathHandler {
  const groupsNow = servedGroups(resources, remote);
  const documents = new AggregatedDocuments();
  return (request) => {
    const { path } = request;
    if (path === "/" || path === "/index.html") {
      return valueAnswer(200, { paths: allPaths(groupsNow()) });
    }
    const [, root, ...rest] = path.replace(/\/+$/, "").split("/");
    if (root !== "api" && root !== "apis") return undefined;
    const groups = groupsNow();
    const type = rest.length === 0 ? wantsAggregated(request) : undefined;
    if (type !== undefined) return withEtag(documents.of(groups, root, type), request);
    return root === "api" ? answerCore(rest, groups, request) : answerGroups(rest, groups, request);
  };
}

/** The groups of this moment, sorted anew only when something came or went. */
export function servedGroups(
  resources: Resources,
  remote: () => readonly RemoteVersion[] = () => [],
): () => readonly ApiGroup[] {
  let made: { readonly at: number; readonly groups: readonly ApiGroup[] } | undefined;
  return () => {
    const at = resources.generation;
    if (made?.at !== at) {
      made = { at, groups: withRemoteGroups(apiGroups(resources.all()), remote()) };
    }
    return made.groups;
  };
}

function answerCore(
  rest: readonly string[],
  groups: readonly ApiGroup[],
  request: ApiRequest,
): ApiResponse | undefined {
  const core = groups.filter((each) => each.group === "");
  const [version, ...deeper] = rest;
  if (version === undefined) {
    const versions = core.flatMap((each) => each.versions.map((known) => known.version));
    const value = { kind: "APIVersions", versions, serverAddressByClientCIDRs: [] };
    return document(value, request, ANSWER_TYPES);
  }
  return deeper.length > 0 ? undefined : answerVersion(core[0], version, request);
}

function answerGroups(
  rest: readonly string[],
  groups: readonly ApiGroup[],
  request: ApiRequest,
): ApiResponse | undefined {
  const named = groups.filter((each) => each.group !== "");
  const [name, version, ...deeper] = rest;
  if (name === undefined) {
    const value = { kind: "APIGroupList", apiVersion: "v1", groups: named.map(groupObject) };
    return document(value, request);
  }
  const group = named.find((each) => each.group === name);
  if (group === undefined || deeper.length > 0) return undefined;
  if (version === undefined) {
    return document({ kind: "APIGroup", apiVersion: "v1", ...groupObject(group) }, request);
  }
  return answerVersion(group, version, request);
}

function answerVersion(
  group: ApiGroup | undefined,
  version: string,
  request: ApiRequest,
): ApiResponse | undefined {
  const known = group?.versions.find((each) => each.version === version);
  if (group === undefined || known === undefined) return undefined;
  return document(resourceList(group.group, known), request, ANSWER_TYPES);
}

/** Throws 406. `routes`: of endpoints that are checked before all else. */
function document(value: object, request: ApiRequest, routes?: readonly string[]): ApiResponse {
  return renderValue(value, negotiateDocument(request.headers["accept"], routes));
}

/** All groups in one document: large, asked for every half minute by many, and nearly the same. */
class AggregatedDocuments {
  #groups: readonly ApiGroup[] = [];
  #going = "";
  readonly #made = new Map<string, ApiResponse>();

  of(groups: readonly ApiGroup[], root: "api" | "apis", mediaType: MediaType): ApiResponse {
    const going = goingKinds(groups);
    if (groups !== this.#groups || going !== this.#going) this.#made.clear();
    this.#groups = groups;
    this.#going = going;
    const key = `${root} ${mediaType}`;
    const made = this.#made.get(key) ?? aggregated(groups, root, mediaType);
    this.#made.set(key, made);
    return made;
  }
}

/** Kinds with fewer verbs, as their definitions are deleted: not counted as a change of groups. */
function goingKinds(groups: readonly ApiGroup[]): string {
  const resources = groups.flatMap(({ versions }) => versions.flatMap((each) => each.resources));
  const going = resources.filter(({ custom }) => custom?.isTerminating() === true);
  return going.map(({ group, version, resource }) => `${resource}.${version}.${group}`).join();
}

function aggregated(
  groups: readonly ApiGroup[],
  root: "api" | "apis",
  mediaType: MediaType,
): ApiResponse {
  const value = {
    kind: "APIGroupDiscoveryList",
    apiVersion: `${AGGREGATED_GROUP}/v2`,
    metadata: {},
    items: groups.filter(({ group }) => (group === "") === (root === "api")).map(aggregatedGroup),
  };
  const answer = renderValue(value, mediaType);
  const headers = {
    "content-type": `application/${mediaType};${AGGREGATED_PARAMETERS}`,
    "cache-control": "public",
  };
  return { ...answer, headers };
}

/** As `withEtag`, of content whose name is known before it is made. */
export async function withKnownEtag(
  name: string,
  request: ApiRequest,
  make: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const etag = `"${name}"`;
  if (isKnown(etag, request)) return notModified(etag);
  const answer = await make();
  return { ...answer, headers: { ...answer.headers, etag, vary: "Accept" } };
}

function isKnown(etag: string, request: ApiRequest): boolean {
  return (request.headers["if-none-match"] ?? "").split(/,\s*/).includes(etag);
}

function notModified(etag: string): ApiResponse {
  return { status: 304, headers: { etag }, warnings: [], body: { kind: "none" } };
}

/** Adds the ETag of the body; a client that has that content already is sent none. */
export function withEtag(answer: ApiResponse, request: ApiRequest): ApiResponse {
  const { body } = answer;
  if (body.kind !== "object" && body.kind !== "bytes") return answer;
  const etag = `"${hashOf(body.kind === "object" ? body.object.bytes : body.bytes)}"`;
  const headers = { ...answer.headers, etag, vary: "Accept" };
  return isKnown(etag, request) ? notModified(etag) : { ...answer, headers };
}

const hashes = new WeakMap<Uint8Array, string>();

/** Of bytes that do not change: those of a document that is kept are counted once. */
function hashOf(bytes: Uint8Array): string {
  const hash = hashes.get(bytes) ?? contentHash(LATIN1.decode(bytes));
  hashes.set(bytes, hash);
  return hash;
}

/** One letter a byte, so that the hash is one of bytes. */
const LATIN1 = new TextDecoder("latin1");

/** The first form the client names counts, as with objects. */
function wantsAggregated(request: ApiRequest): MediaType | undefined {
  return aggregatedType(request.headers["accept"], AGGREGATED_GROUP);
}

function allPaths(groups: readonly ApiGroup[]): readonly string[] {
  const ofGroups = groups.flatMap((each) => {
    const base = each.group === "" ? "/api" : `/apis/${each.group}`;
    return [base, ...each.versions.map((known) => `${base}/${known.version}`)];
  });
  return [...new Set(["/api", "/apis", ...ofGroups])].concat(OTHER_PATHS).sort();
}
