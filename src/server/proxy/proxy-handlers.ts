/** `proxy` of pods, services and nodes: any request, handed on to what listens there. */
import type { Context } from "../../base/context.ts";
import type { Backend } from "../../machinery/backend.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { serviceUnavailable } from "../../machinery/status.ts";
import { writeTarget } from "../handlers/target.ts";
import { reviewOf } from "../registry/write.ts";
import type { Handler, HandlerDeps, ObjectRequest } from "../handlers/request.ts";
import { BackendError } from "./backends.ts";
import { forward, readAll } from "./forward.ts";
import { isUpgradeRequest } from "./forwarded-headers.ts";
import { backendPath, pathBefore, targetOf } from "./forwarded-path.ts";
import { nodeLocation, podLocation, serviceLocation, type Place } from "./locations.ts";
import { rewriteLink, rewritePage, type LinkPlace } from "./rewrite-links.ts";

/** Bytes of a page whose links are rewritten. */
export const PAGE_BYTES_MAX: number = 8 * 1024 * 1024;

type Locate = (place: Place, deps: HandlerDeps, context: Context) => Promise<Backend>;

export const proxyPod: Handler = proxyTo("PodProxyOptions", podLocation);
export const proxyService: Handler = proxyTo("ServiceProxyOptions", serviceLocation);
export const proxyNode: Handler = proxyTo("NodeProxyOptions", nodeLocation);

function proxyTo(kind: string, locate: Locate): Handler {
  return async (asked, deps, context) => {
    const { info, request } = asked;
    await admit(asked, kind, deps, context);
    const backend = await locate(info, deps, context);
    const path = backendPath(info.tail);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (path === "" && isRead && !isUpgradeRequest(request.headers)) return withSlash(request);
    const before = pathBefore(request.path, info.tail);
    const authority = request.headers["host"] ?? backend.authority;
    const place = { hosts: [backend.authority, authority], pathBefore: before };
    const target = targetOf(path === "" ? "/" : path, request.query);
    const headers = { "x-forwarded-uri": `${before}${path}` };
    const forwarded = { backend: { ...backend, authority }, target, headers };
    try {
      const answer = await forward(request, forwarded, deps.backends, context);
      return await rewritten(answer, place);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      throw serviceUnavailable(`error trying to reach service: ${error.message}`);
    }
  };
}

/** Plug-ins see what is asked as an object of its own kind. */
async function admit(
  request: ObjectRequest,
  kind: string,
  deps: HandlerDeps,
  context: Context,
): Promise<void> {
  const target = writeTarget(request, { isDryRun: false, manager: "" }, "connect");
  const path = backendPath(request.info.tail);
  const object = { apiVersion: "v1", kind, metadata: {}, ...(path === "" ? {} : { path }) };
  const gvk = { group: "", version: "v1", kind };
  const review = { ...reviewOf(target, "connect"), old: undefined, object, kind: gvk };
  await deps.admission.admit(review, context);
}

/** Relative links of a page are only right below a path that ends in a slash. */
function withSlash({ path, query }: ObjectRequest["request"]): ApiResponse {
  const location = targetOf(`${path}/`, query);
  return { status: 301, headers: { location }, warnings: [], body: { kind: "none" } };
}

async function rewritten(answer: ApiResponse, place: LinkPlace): Promise<ApiResponse> {
  const { headers, body } = answer;
  const { location } = headers;
  if (location !== undefined && location !== "") {
    return { ...answer, headers: { ...headers, location: rewriteLink(location, place) } };
  }
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim();
  const isPage = type === "text/html" && headers["content-encoding"] === undefined;
  if (!isPage || body.kind !== "stream") return answer;
  // Of a page in another alphabet each byte is a letter, so that it comes out as it went in.
  const page = Buffer.from(await readAll(body.chunks, PAGE_BYTES_MAX)).toString("latin1");
  const bytes = Buffer.from(rewritePage(page, place), "latin1");
  const { "content-length": _length, ...others } = headers;
  return { ...answer, headers: others, body: { kind: "bytes", bytes } };
}
