/**
 * A request in, an answer out. This is the whole server but for sockets: `http/` calls it with what
 * came over the wire, programs in the same process call it with values.
 *
 * Promises: every request is answered, a refusal as a `Status`; filters run in the order of the
 * array below; it rejects only when the caller's own signal aborts.
 */
import type { Context } from "../base/context.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../machinery/request.ts";
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  StatusError,
} from "../machinery/status.ts";
import { pageNotFound, textAnswer } from "./answers.ts";
import { answerErrors } from "./filters/answer-errors.ts";
import { answerHeaders, requestIdOf } from "./filters/answer-headers.ts";
import { authorize } from "./filters/authorize.ts";
import { deadline } from "./filters/deadline.ts";
import { flowHeaders } from "./filters/flow-headers.ts";
import { impersonate } from "./filters/impersonate.ts";
import { chain, type Exchange, type Next } from "./filters/filter.ts";
import { measure } from "./filters/measure.ts";
import { trace, type RequestTracer } from "./filters/trace.ts";
import { FlowSchemas } from "./flow-control/flow-schemas.ts";
import type { HandlerDeps } from "./handlers/request.ts";
import { renderStatus } from "./handlers/render.ts";
import { handlersFor } from "./handlers/routes.ts";
import type { ServerMetrics } from "./metrics/server-metrics.ts";
import type { Resource, Resources } from "./registry/resource.ts";
import {
  parseRequestInfo,
  UnreadablePathError,
  type RequestInfo,
  type ResourceInfo,
  type Verb,
} from "./request-info.ts";

/** Answers a request made by `user`. */
export type Dispatch = (
  request: ApiRequest,
  user: UserInfo,
  context: Context,
) => Promise<ApiResponse>;

/** Answers paths that are not about objects; undefined: not mine. */
export type PathHandler = (
  request: ApiRequest,
  context: Context,
) => ApiResponse | undefined | Promise<ApiResponse | undefined>;

export type DispatchDeps = HandlerDeps & {
  readonly metrics: ServerMetrics;
  /** Absent: requests are no spans. */
  readonly requestTracer?: RequestTracer;
  /** What another server answers; undefined: the request is ours. */
  readonly remote: (exchange: Exchange, context: Context) => Promise<ApiResponse> | undefined;
  /** Asked in order. */
  readonly paths: readonly PathHandler[];
};

export function createDispatch(deps: DispatchDeps): Dispatch {
  const { requestTracer } = deps;
  const answer = chain(
    [
      ...(requestTracer === undefined ? [] : [trace(requestTracer)]),
      answerHeaders(),
      flowHeaders(new FlowSchemas(deps)),
      measure(deps),
      deadline(deps.env),
      answerErrors(),
      impersonate(deps.authorizer),
      authorize(deps.authorizer),
    ],
    route(deps),
  );
  return async (request, user, context) => {
    const requestId = requestIdOf(request, deps.env);
    const info = infoOf(request);
    if (info instanceof UnreadablePathError) return unreadable(info, requestId);
    return answer({ request, user, info, requestId }, context);
  };
}

function infoOf(request: ApiRequest): RequestInfo | UnreadablePathError {
  try {
    return parseRequestInfo(request);
  } catch (error) {
    if (!(error instanceof UnreadablePathError)) throw error;
    return error;
  }
}

function unreadable({ code, message }: UnreadablePathError, requestId: string): ApiResponse {
  const answer = textAnswer(code, code === 400 ? message : `${message}\n`);
  return { ...answer, headers: { ...answer.headers, "audit-id": requestId } };
}

function route(deps: DispatchDeps): Next {
  return async (exchange, context) => {
    const { info } = exchange;
    const elsewhere = deps.remote(exchange, context);
    if (elsewhere !== undefined) return elsewhere;
    if (exchange.request.path.startsWith("//")) return pageNotFound();
    if (info.kind === "resource") return routeToResource(exchange, info, deps, context);
    return routeToPath(exchange, deps, context);
  };
}

async function routeToPath(
  exchange: Exchange,
  deps: DispatchDeps,
  context: Context,
): Promise<ApiResponse> {
  const { request } = exchange;
  for (const handle of deps.paths) {
    const answer = await handle(request, context);
    if (answer === undefined) continue;
    if (request.method !== "GET" && isReadOnly(request.path)) throw methodNotAllowed();
    return answer;
  }
  if (isUnderKnownRoot(request.path, deps.resources)) throw noSuchResource();
  return pageNotFound();
}

/** Of discovery and identity: other pages are shown whatever the method. */
function isReadOnly(path: string): boolean {
  return /^\/(?:api|apis\/[^/]+\/[^/]+|version|openid|\.well-known)(?:\/|$)/.test(path);
}

/** Below these paths what is not found is told as a Status. */
function isUnderKnownRoot(path: string, resources: Resources): boolean {
  const [, root, group = "", ...rest] = path.split("/");
  if (root === "api" || root === "version") return true;
  return root === "apis" && rest.length > 0 && resources.hasBuiltInGroup(group);
}

async function routeToResource(
  exchange: Exchange,
  info: ResourceInfo,
  deps: DispatchDeps,
  context: Context,
): Promise<ApiResponse> {
  const { request, user } = exchange;
  const resource = deps.resources.find(info);
  if (resource === undefined) {
    // Groups of custom resources know nothing of resources they do not have.
    if (isUnderKnownRoot(request.path, deps.resources)) throw noSuchResource();
    return pageNotFound();
  }
  const { custom } = resource;
  const isProxy = info.subresource === "proxy";
  if (info.tail.length > 1 && !isProxy) {
    if (custom === undefined) throw noSuchResource();
    return pageNotFound();
  }
  if (custom !== undefined && !isInCustomScope(info, resource)) return pageNotFound();
  const handlers = handlersFor(resource, info.subresource);
  if (handlers === undefined && custom !== undefined) throw notFound(resource, info.name);
  if (handlers === undefined || !isInScope(info, resource)) throw noSuchResource();
  const verb = verbOf(exchange, info);
  const verbs = Object.keys(handlers) as readonly Verb[];
  if (!verbs.some((each) => isRightTarget(each, info, resource))) throw noSuchResource();
  const handler = verb === undefined ? undefined : handlers[verb];
  if (verb === undefined || handler === undefined || !isRightTarget(verb, info, resource)) {
    throw custom === undefined ? methodNotAllowed() : unsupported(info.verb, resource);
  }
  if (info.isNamed) checkName(info.name);
  // Only authorization sees a namespace as being in itself.
  const located = resource.isNamespaced ? info : { ...info, namespace: "" };
  const warnings = new Set(custom?.warnings);
  const { deprecation } = resource.strategy;
  if (deprecation !== undefined) warnings.add(deprecation);
  const warn = (text: string): void => void warnings.add(text);
  const asked = { info: located, resource, request, user, warn };
  const answer = await refusalsWith(warnings, request, () => handler(asked, deps, context));
  if (warnings.size === 0) return answer;
  return { ...answer, warnings: [...new Set([...warnings, ...answer.warnings])] };
}

/** Who is refused is warned all the same. */
async function refusalsWith(
  warnings: ReadonlySet<string>,
  request: ApiRequest,
  answer: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof StatusError) || warnings.size === 0) throw error;
    return renderStatus(error.status, request.headers["accept"]);
  }
}

/** Custom resources say which of them it is. */
function unsupported(verb: string, { group, resource }: Resource): StatusError {
  const { status } = methodNotAllowed();
  const message = `${verb} is not supported on resources of kind "${resource}.${group}"`;
  return new StatusError({ ...status, message, details: { group, kind: resource } });
}

/** Only reads look at custom resources of all namespaces. */
function isInCustomScope(info: ResourceInfo, resource: Resource): boolean {
  const isAcross = info.verb === "list" || info.verb === "watch";
  const isLocated = !resource.isNamespaced || info.namespace !== "";
  return isInScope(info, resource) && (isAcross || isLocated);
}

/** Objects of a namespaced kind are named in a namespace, others outside any. */
function isInScope(info: ResourceInfo, resource: Resource): boolean {
  if (!resource.isNamespaced) return info.namespace === "" || resource.resource === "namespaces";
  return info.namespace !== "" || !info.isNamed;
}

/** What is done where; undefined: no method of ours. Proxies hand on every method. */
function verbOf({ request }: Exchange, info: ResourceInfo): Verb | undefined {
  const { verb } = info;
  if (verb === "proxy") throw noSuchResource();
  if (info.subresource === "proxy") return verb === "" ? "get" : verb;
  const { method } = request;
  if (verb === "" || method === "HEAD") return undefined;
  const reads = verb === "get" || verb === "list" || verb === "watch";
  return reads && method !== "GET" ? undefined : verb; // a watch by its path
}

/** New objects are posted to collections, existing ones are addressed by name. */
function isRightTarget(verb: Verb, info: ResourceInfo, resource: Resource): boolean {
  const isWhole = !resource.isNamespaced || info.namespace !== "";
  switch (verb) {
    case "create":
      return info.subresource === "" ? !info.isNamed && isWhole : info.isNamed;
    case "get":
    case "update":
    case "patch":
    case "delete":
      return info.isNamed;
    case "deletecollection":
      // Upstream has no deletion of a kind over all namespaces.
      return !info.isNamed && isWhole;
    case "list":
      return !info.isNamed;
    case "watch":
      return true;
  }
}

/** What can be no part of a key. */
function checkName(name: string): void {
  const problem =
    name === "." || name === ".."
      ? `may not be '${name}'`
      : name.includes("%")
        ? "may not contain '%'"
        : undefined;
  if (problem === undefined) return;
  throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problem}`);
}
