/** Where pods, services and nodes are reached, in the words of upstream when they are not. */
import type { Node, Pod, Service } from "../../apis/core/v1/types.generated.ts";
import type { EndpointSlice } from "../../apis/discovery/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Backend, BackendTls } from "../../machinery/backend.ts";
import { badRequest, internalError, serviceUnavailable } from "../../machinery/status.ts";
import { addressNotAllowed, isProxiableAddress } from "./proxiable-address.ts";
import {
  ENDPOINT_SLICES,
  findObject,
  listObjects,
  NODES,
  PODS,
  readObject,
  SERVICES,
  type ObjectSource,
} from "./read-objects.ts";
import { splitSchemeNamePort, type SchemeNamePort } from "./scheme-name-port.ts";

export type LocationDeps = ObjectSource & { readonly env: Env };

/** What a path names: `name` as in `SchemeNamePort`, and its namespace if it has one. */
export type Place = { readonly namespace: string; readonly name: string };

/** The first address of the pod, at the port that is asked for or its first one. */
export async function podLocation(
  place: Place,
  deps: LocationDeps,
  context: Context,
): Promise<Backend> {
  const { scheme, name, port } = split("pod", place.name);
  const pod = await readObject<Pod>(PODS, { ...place, name }, deps, context);
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  const wanted = port === "" ? String(ports[0]?.containerPort ?? "") : port;
  const host = pod.status.podIPs?.[0]?.ip ?? pod.status.podIP ?? "";
  if (!isProxiableAddress(host)) throw addressNotAllowed();
  return backendAt(scheme, host, wanted);
}

/** A ready pod behind the service. */
export async function serviceLocation(
  place: Place,
  deps: LocationDeps,
  context: Context,
): Promise<Backend> {
  const { scheme, name, port } = split("service", place.name);
  const service = await readObject<Service>(SERVICES, { ...place, name }, deps, context);
  const portName = portNameOf(service, name, port);
  const found = await readyPod({ ...place, name }, portName, deps, context);
  if (found === undefined) throw noEndpoints(name);
  return backendAt(scheme, found.host, String(found.port));
}

/** The node's agent, or another port of the node. */
export async function nodeLocation(
  place: Place,
  deps: LocationDeps,
  context: Context,
): Promise<Backend> {
  const { scheme, name, port } = split("node", place.name);
  const { status } = await readObject<Node>(NODES, { namespace: "", name }, deps, context);
  const host = status.addresses?.find(({ type }) => type === "InternalIP")?.address;
  if (host === undefined) {
    const types = "[Hostname InternalDNS InternalIP ExternalDNS ExternalIP]";
    throw internalError(`no preferred addresses found; known addresses: ${types}`);
  }
  const agentPort = String(status.daemonEndpoints?.kubeletEndpoint?.Port ?? AGENT_PORT);
  if (port !== "" && port !== agentPort) {
    if (!isProxiableAddress(host)) throw addressNotAllowed();
    return backendAt(scheme, host, port);
  }
  return { ...backendAt("https", host, agentPort), tls: AGENT_TLS };
}

const AGENT_PORT = 10_250;
const AGENT_TLS: BackendTls = {
  trust: { kind: "agents" },
  serverName: "",
  identity: "node-client",
};

function split(kind: string, text: string): SchemeNamePort {
  const parts = splitSchemeNamePort(text);
  if (parts === undefined) throw badRequest(`invalid ${kind} request ${JSON.stringify(text)}`);
  return parts;
}

/** Services may be asked for by the number of a port; what is behind them has names. */
function portNameOf({ spec }: Service, name: string, port: string): string {
  if (!/^[+-]?[0-9]+$/.test(port)) return port;
  const found = spec.ports?.find((each) => each.port === Number(port));
  if (found !== undefined) return found.name ?? "";
  const quoted = JSON.stringify(name);
  throw serviceUnavailable(`no service port ${Number(port)} found for service ${quoted}`);
}

type Address = { readonly host: string; readonly port: number };

/** Any endpoint that is ready and really is a pod: others may be anywhere. */
async function readyPod(
  service: Place,
  portName: string,
  deps: LocationDeps,
  context: Context,
): Promise<Address | undefined> {
  const { namespace, name } = service;
  const slices = await listObjects<EndpointSlice>(ENDPOINT_SLICES, namespace, deps, context);
  const candidates = slices.flatMap((slice) => {
    if (slice.metadata.labels?.["kubernetes.io/service-name"] !== name) return [];
    const port = slice.ports?.find((each) => (each.name ?? "") === portName)?.port;
    if (port === undefined) return [];
    const ready = (slice.endpoints ?? []).filter((each) => each.conditions?.ready !== false);
    return ready.map((endpoint) => ({ endpoint, port }));
  });
  const first = Math.floor(deps.env.random.next() * candidates.length);
  for (const { endpoint, port } of [...candidates.slice(first), ...candidates.slice(0, first)]) {
    const { targetRef, addresses } = endpoint;
    const host = addresses[0] ?? "";
    if (targetRef?.kind !== "Pod" || targetRef.namespace !== namespace) continue;
    const key = { namespace, name: targetRef.name ?? "" };
    if (key.name === "") continue;
    const pod = await findObject<Pod>(PODS, key, deps, context);
    if (pod === undefined || !isProxiableAddress(host)) continue;
    const own = [pod.status.podIP, ...(pod.status.podIPs ?? []).map(({ ip }) => ip)];
    if (own.includes(host)) return { host, port };
  }
  return undefined;
}

function noEndpoints(name: string): Error {
  return serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
}

/** Nobody asks pods and services who they are. */
const ANYONE: BackendTls = { trust: { kind: "anyone" }, serverName: "", identity: "none" };

function backendAt(scheme: string, host: string, port: string): Backend {
  const tls = scheme === "https" ? ANYONE : undefined;
  const number = port === "" ? (tls === undefined ? 80 : 443) : Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    const why = `dial tcp: lookup tcp/${port}: unknown port`;
    throw serviceUnavailable(`error trying to reach service: ${why}`);
  }
  const name = host.includes(":") ? `[${host}]` : host;
  return { tls, host, port: number, authority: port === "" ? name : `${name}:${port}` };
}
