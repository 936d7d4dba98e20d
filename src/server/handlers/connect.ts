/**
 * Commands in containers and ports of pods: what is asked is checked here, then the connection is
 * handed on to the agent of the pod's node, which speaks the protocol the client wants.
 */
import type { Context } from "../../base/context.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { badRequest, notFound } from "../../machinery/status.ts";
import { objectOf } from "../registry/read.ts";
import { storeKey } from "../registry/resource.ts";
import { reviewOf } from "../registry/write.ts";
import { isTrue } from "../request-info.ts";
import { mayCreate } from "./may-create.ts";
import { chooseContainer, nodeOf } from "./pod-containers.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { writeTarget } from "./target.ts";

/** `exec` and `attach`: a command of a container. */
export async function connectToContainer(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { info, resource } = request;
  const { query } = request.request;
  const kind = info.subresource === "exec" ? "PodExecOptions" : "PodAttachOptions";
  await admitConnection(request, kind, deps, context);
  await mayCreate(request, deps)(context); // a WebSocket asks with GET, and gets as much
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  const pod = objectOf(entry, resource).value;
  const container = chooseContainer(pod, info.name, query.get("container") ?? "");
  const node = await nodeOf(pod, info.name, deps, context);
  checkUpgrade(request.request);
  const streams = ["stdin", "stdout", "stderr", "tty"].filter((name) => isTrue(query.get(name)));
  if (info.subresource === "exec" && query.getAll("command").length === 0) {
    throw badRequest("you must specify at least 1 command for the container");
  }
  if (!streams.some((name) => name !== "tty")) {
    throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
  }
  const wanted = new URLSearchParams();
  for (const name of streams) wanted.append(name, "true");
  for (const word of query.getAll("command")) wanted.append("command", word);
  const path = [info.subresource, info.namespace, info.name, container];
  return upgrade(node, `${pathOf(path)}?${wanted.toString()}`);
}

/** `portforward`: any number of connections to ports of a pod. */
export async function connectToPorts(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { info, resource } = request;
  await admitConnection(request, "PodPortForwardOptions", deps, context);
  await mayCreate(request, deps)(context);
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) throw notFound(resource, info.name);
  const node = await nodeOf(objectOf(entry, resource).value, info.name, deps, context);
  checkUpgrade(request.request);
  const wanted = new URLSearchParams();
  for (const port of request.request.query.getAll("ports")) wanted.append("ports", port);
  const path = pathOf(["portForward", info.namespace, info.name]);
  return upgrade(node, `${path}?${wanted.toString()}`);
}

/** Plug-ins see what is asked as an object of its own kind. */
async function admitConnection(
  request: ObjectRequest,
  kind: string,
  deps: HandlerDeps,
  context: Context,
): Promise<void> {
  const { query } = request.request;
  const flags = ["stdin", "stdout", "stderr", "tty"].filter((name) => isTrue(query.get(name)));
  const [container, command] = [query.get("container") ?? "", query.getAll("command")];
  const ports = query.getAll("ports").map(Number).filter(Number.isInteger);
  const asked = {
    kind,
    apiVersion: "v1",
    metadata: {},
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...(container === "" ? {} : { container }),
    ...(command.length === 0 ? {} : { command }),
    ...(ports.length === 0 ? {} : { ports }),
  };
  const target = writeTarget(request, { isDryRun: false, manager: "" }, "connect");
  const review = { ...reviewOf(target, "connect"), old: undefined };
  await deps.admission.admit(
    { ...review, object: asked, kind: { group: "", version: "v1", kind } },
    context,
  );
}

function checkUpgrade({ headers }: ApiRequest): void {
  const isAsked = /(^|,)\s*upgrade\s*(,|$)/i.test(headers["connection"] ?? "");
  if (!isAsked || headers["upgrade"] === undefined) throw badRequest("Upgrade request required");
}

function pathOf(parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

function upgrade(node: string, target: string): ApiResponse {
  return { status: 101, headers: {}, warnings: [], body: { kind: "upgrade", node, target } };
}
