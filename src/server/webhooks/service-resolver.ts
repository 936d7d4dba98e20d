/** Where the webhook of a Service is: an endpoint that is ready, else its cluster address. */
import type { Service } from "../../apis/core/v1/types.generated.ts";
import type { EndpointSlice } from "../../apis/discovery/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { Store } from "../../store/store.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey, storePrefix, type Resource, type Resources } from "../registry/resource.ts";
import { WebhookCallError } from "./webhook-client.ts";

export type ServicePort = {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
};

export type SocketAddress = { readonly host: string; readonly port: number };

/** Finds a socket for a port of a Service. Rejects with a `WebhookCallError` if there is none. */
export type ServiceResolver = (service: ServicePort, context: Context) => Promise<SocketAddress>;

export function storeServiceResolver(deps: {
  readonly store: Store;
  readonly resources: Resources;
}): ServiceResolver {
  return async (wanted, context) => {
    const quoted = JSON.stringify(wanted.name);
    const service = await readService(wanted, deps, context);
    if (service === undefined) throw new WebhookCallError(`service ${quoted} not found`);
    const { spec } = service;
    const port = spec.ports?.find((each) => each.port === wanted.port);
    if (port === undefined) {
      const why = `no service port ${wanted.port} found for service ${quoted}`;
      throw new WebhookCallError(why);
    }
    if (spec.type === "ExternalName") {
      return { host: spec.externalName ?? "", port: wanted.port };
    }
    const endpoint = await readEndpoint(wanted, port.name ?? "", deps, context);
    if (endpoint !== undefined) return endpoint;
    const { clusterIP = "" } = spec;
    if (clusterIP !== "" && clusterIP !== "None") return { host: clusterIP, port: wanted.port };
    throw new WebhookCallError(`no endpoints available for service ${quoted}`);
  };
}

type Deps = { readonly store: Store; readonly resources: Resources };

async function readService(
  wanted: ServicePort,
  deps: Deps,
  context: Context,
): Promise<Service | undefined> {
  const resource = deps.resources.find({ group: "", version: "v1", resource: "services" });
  return resource === undefined ? undefined : readOne<Service>(resource, wanted, deps, context);
}

async function readEndpoint(
  wanted: ServicePort,
  portName: string,
  deps: Deps,
  context: Context,
): Promise<SocketAddress | undefined> {
  const group = "discovery.k8s.io";
  const slices = deps.resources.find({ group, version: "v1", resource: "endpointslices" });
  if (slices !== undefined) {
    const prefix = storePrefix(slices, wanted.namespace);
    const { entries } = await deps.store.range({ prefix }, context);
    for (const entry of entries) {
      const slice = objectOf(entry, slices).value as EndpointSlice;
      if (slice.metadata.labels?.["kubernetes.io/service-name"] !== wanted.name) continue;
      const found = addressIn(slice, portName);
      if (found !== undefined) return found;
    }
  }
  const endpoints = deps.resources.find({ group: "", version: "v1", resource: "endpoints" });
  if (endpoints === undefined) return undefined;
  const object = await readOne<ApiObject>(endpoints, wanted, deps, context);
  return object === undefined ? undefined : addressInSubsets(object, portName);
}

async function readOne<T extends ApiObject>(
  resource: Resource,
  key: { readonly namespace: string; readonly name: string },
  deps: Deps,
  context: Context,
): Promise<T | undefined> {
  const entry = await deps.store.get(storeKey(resource, key), context);
  if (entry === undefined) return undefined;
  await prepare([entry], resource, context);
  return objectOf(entry, resource).value as T;
}

function addressIn(slice: EndpointSlice, portName: string): SocketAddress | undefined {
  const port = slice.ports?.find((each) => (each.name ?? "") === portName)?.port;
  const ready = slice.endpoints?.find((each) => each.conditions?.ready !== false);
  const host = ready?.addresses[0];
  return port === undefined || host === undefined ? undefined : { host, port };
}

/** The older form of the same, for Services whose endpoints people write by hand. */
function addressInSubsets(object: ApiObject, portName: string): SocketAddress | undefined {
  const { subsets }: { readonly subsets?: unknown } = object as { readonly subsets?: unknown };
  if (!Array.isArray(subsets)) return undefined;
  for (const subset of subsets) {
    if (!isFields(subset)) continue;
    const port = fieldsIn(own(subset, "ports")).find(
      (each) => (own(each, "name") ?? "") === portName,
    );
    const [address] = fieldsIn(own(subset, "addresses"));
    const [host, number] = [own(address ?? {}, "ip"), own(port ?? {}, "port")];
    if (typeof host === "string" && typeof number === "number") return { host, port: number };
  }
  return undefined;
}

function fieldsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}
