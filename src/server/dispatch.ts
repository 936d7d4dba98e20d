/**
 * A request in, an answer out. This is the whole server but for sockets: `http/` calls it with what
 * came over the wire, programs in the same process call it with values.
 *
 * Promises: every request is answered, a refusal as a `Status`; filters run in the order of the
 * array below; it rejects only when the caller's own signal aborts.
 */
import type { Context } from "../base/context.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../machinery/request.ts";
import { methodNotAllowed, noSuchResource, notFound, StatusError } from "../machinery/status.ts";
import { pageNotFound } from "./answers.ts";
import { answerErrors } from "./filters/answer-errors.ts";
import { answerHeaders, requestIdOf } from "./filters/answer-headers.ts";
import { authorize } from "./filters/authorize.ts";
import { deadline } from "./filters/deadline.ts";
import { flowHeaders } from "./filters/flow-headers.ts";
import { impersonate } from "./filters/impersonate.ts";
import { chain, type Exchange, type Next } from "./filters/filter.ts";
import { measure } from "./filters/measure.ts";
import { FlowSchemas } from "./flow-control/flow-schemas.ts";
import type { HandlerDeps } from "./handlers/request.ts";
import { renderStatus } from "./handlers/render.ts";
import { handlersFor } from "./handlers/routes.ts";
import type { ServerMetrics } from "./metrics/server-metrics.ts";
import type { Resource } from "./registry/resource.ts";
import { parseRequestInfo, type RequestInfo, type ResourceInfo } from "./request-info.ts";

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
  /** What another server answers; undefined: the request is ours. */
  readonly remote: (exchange: Exchange, context: Context) => Promise<ApiResponse> | undefined;
  /** Asked in order. */
  readonly paths: readonly PathHandler[];
};

export function createDispatch(deps: DispatchDeps): Dispatch {
  const answer = chain(
    [
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
  return (request, user, context) => {
    const requestId = requestIdOf(request, deps.env);
    return answer({ request, user, info: infoOf(request), requestId }, context);
  };
}

/** A path that cannot be read is about nothing; the router says what is wrong with it. */
function infoOf(request: ApiRequest): RequestInfo {
  try {
    return parseRequestInfo(request);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { kind: "path", verb: request.method.toLowerCase(), path: request.path };
  }
}

function route(deps: DispatchDeps): Next {
  return async (exchange, context) => {
    const { info } = exchange;
    const elsewhere = deps.remote(exchange, context);
    if (elsewhere !== undefined) return elsewhere;
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
  parseRequestInfo(request); // a malformed path is refused here
  for (const handle of deps.paths) {
    const answer = await handle(request, context);
    if (answer === undefined) continue;
    if (request.method !== "GET") throw methodNotAllowed();
    return answer;
  }
  const asGet = parseRequestInfo({ ...request, method: "GET" });
  if (asGet.kind === "resource" && asGet.subresource === "proxy") {
    return routeToResource(exchange, asGet, deps, context); // OPTIONS
  }
  const isObject = asGet.kind === "resource" && deps.resources.find(asGet) !== undefined;
  if (isObject) throw methodNotAllowed(); // HEAD and OPTIONS
  return pageNotFound();
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
    const isKnown = deps.resources.hasBuiltInGroupVersion(info.group, info.version);
    if (isKnown) throw noSuchResource();
    return pageNotFound();
  }
  if (info.tail.length > 1 && info.subresource !== "proxy") return pageNotFound();
  const { custom } = resource;
  if (custom !== undefined && !isInScope(info, resource)) return pageNotFound();
  const handlers = handlersFor(resource, info.subresource);
  if (handlers === undefined && custom !== undefined) throw notFound(resource, info.name);
  if (handlers === undefined || !isInScope(info, resource)) throw noSuchResource();
  const isProxy = info.subresource === "proxy";
  if (request.method === "HEAD" && !isProxy) throw methodNotAllowed();
  const handler = handlers[info.verb];
  if (handler === undefined || !isRightTarget(info, resource)) throw methodNotAllowed();
  if (custom?.isTerminating() === true && info.verb === "create") throw isGoing(resource);
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

/** What who creates an object is told while all objects of its kind are deleted. */
function isGoing({ group, resource }: Resource): StatusError {
  const message = "create not allowed while custom resource definition is terminating";
  const { status } = methodNotAllowed();
  return new StatusError({ ...status, message, details: { group, kind: resource } });
}

/** Objects of a namespaced kind are named in a namespace, others outside any. */
function isInScope(info: ResourceInfo, resource: Resource): boolean {
  if (!resource.isNamespaced) return info.namespace === "" || resource.resource === "namespaces";
  return info.namespace !== "" || !info.isNamed;
}

/** New objects are posted to collections, existing ones are addressed by name. */
function isRightTarget(info: ResourceInfo, resource: Resource): boolean {
  switch (info.verb) {
    case "create":
      if (info.subresource !== "") return info.isNamed;
      return !info.isNamed && (!resource.isNamespaced || info.namespace !== "");
    case "get":
    case "update":
    case "patch":
    case "delete":
      return info.isNamed;
    case "deletecollection":
      // Upstream has no deletion of a kind over all namespaces.
      return !info.isNamed && (!resource.isNamespaced || info.namespace !== "");
    case "list":
    case "watch":
      return true;
  }
}
