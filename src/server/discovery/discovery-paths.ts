/** /api, /apis and what is below them: how clients learn what is served. */
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { pageNotFound, valueAnswer } from "../answers.ts";
import type { PathHandler } from "../dispatch.ts";
import { parseClause } from "../handlers/negotiation.ts";
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
const AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

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
  return (request) => {
    const [, root, ...rest] = withoutTrailingSlash(request.path).split("/");
    if (root !== "" && root !== "api" && root !== "apis") return undefined;
    const groups = groupsNow();
    if (root === "") return valueAnswer(200, { paths: allPaths(groups) });
    if (root === "api") return answerCore(rest, groups, request);
    return answerGroups(rest, groups, request);
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
    if (wantsAggregated(request)) return aggregated(core, request);
    return valueAnswer(200, {
      kind: "APIVersions",
      versions: core.flatMap((each) => each.versions.map((known) => known.version)),
      serverAddressByClientCIDRs: [],
    });
  }
  return deeper.length > 0 ? undefined : answerVersion(core[0], version);
}

function answerGroups(
  rest: readonly string[],
  groups: readonly ApiGroup[],
  request: ApiRequest,
): ApiResponse | undefined {
  const named = groups.filter((each) => each.group !== "");
  const [name, version, ...deeper] = rest;
  if (name === undefined) {
    if (wantsAggregated(request)) return aggregated(named, request);
    return valueAnswer(200, {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: named.map(groupObject),
    });
  }
  const group = named.find((each) => each.group === name);
  if (group === undefined || deeper.length > 0) return undefined;
  if (version === undefined) {
    return valueAnswer(200, { kind: "APIGroup", apiVersion: "v1", ...groupObject(group) });
  }
  return answerVersion(group, version);
}

function answerVersion(group: ApiGroup | undefined, version: string): ApiResponse {
  const known = group?.versions.find((each) => each.version === version);
  if (group === undefined || known === undefined) return pageNotFound();
  return valueAnswer(200, resourceList(group.group, known));
}

function aggregated(groups: readonly ApiGroup[], request: ApiRequest): ApiResponse {
  const answer = valueAnswer(200, {
    kind: "APIGroupDiscoveryList",
    apiVersion: `${AGGREGATED_GROUP}/v2`,
    metadata: {},
    items: groups.map(aggregatedGroup),
  });
  return withEtag({ ...answer, headers: { "content-type": AGGREGATED_TYPE } }, request);
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
  const bytes = body.kind === "object" ? body.object.bytes : body.bytes;
  const etag = `"${contentHash(LATIN1.decode(bytes))}"`;
  const headers = { ...answer.headers, etag, vary: "Accept" };
  return isKnown(etag, request) ? notModified(etag) : { ...answer, headers };
}

/** One letter a byte, so that the hash is one of bytes. */
const LATIN1 = new TextDecoder("latin1");

/** The first form the client names counts, as with objects. */
function wantsAggregated(request: ApiRequest): boolean {
  for (const text of (request.headers["accept"] ?? "").split(",", 32)) {
    const { type, parameters } = parseClause(text);
    if (type !== "application/json" && type !== "*/*") continue;
    const as = parameters.get("as");
    if (as === undefined) return false;
    const isKnown = parameters.get("g") === AGGREGATED_GROUP && parameters.get("v") === "v2";
    if (as === "APIGroupDiscoveryList" && isKnown) return true;
  }
  return false;
}

function allPaths(groups: readonly ApiGroup[]): readonly string[] {
  const ofGroups = groups.flatMap((each) => {
    const base = each.group === "" ? "/api" : `/apis/${each.group}`;
    return [base, ...each.versions.map((known) => `${base}/${known.version}`)];
  });
  return [...new Set(["/api", "/apis", ...ofGroups])].concat(OTHER_PATHS).sort();
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
