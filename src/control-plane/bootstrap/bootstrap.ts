/**
 * Objects that every control plane has. They are made at the first start and brought up to date at
 * every other one: what is missing is added, what people changed stays, and where nothing is to be
 * done nothing is written.
 */
import type { Endpoints } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { ConfigMap, EndpointSlice, Namespace, Service } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { equalValues } from "../../machinery/json-value.ts";
import {
  apiEndpoints,
  apiEndpointSlice,
  apiService,
  authenticationConfig,
  serviceCidr,
  serviceCidrReady,
  systemNamespaces,
  systemPriorityClasses,
  type ApiAddress,
  type FrontProxyFacts,
} from "./cluster-objects.ts";
import { ensure, type EnsureDeps, keep, type Reconcile } from "./ensure.ts";
import { flowSchemas, priorityLevels, reconcileSpec } from "./flow-control.ts";
import {
  clusterRoleBindings,
  clusterRoles,
  nodeProxyBinding,
  nodeProxyRole,
  roleBindings,
  roles,
} from "./rbac-objects.ts";
import { reconcileBinding, reconcileRole } from "./rbac-plan.ts";
import * as types from "./resource-types.ts";

export type BootstrapOptions = {
  /** Addresses of services, CIDR. */
  readonly serviceRange: string;
  /** Undefined: the API is not served to other processes. */
  readonly api: ApiAddress | undefined;
  /** PEM of the authority that signs certificates of users; undefined: there is none. */
  readonly authorityPem: string | undefined;
  /** Undefined: requests are handed on without a certificate. */
  readonly frontProxy?: FrontProxyFacts;
};

/** What others need from the first moment on: in a namespace that is missing nothing is made. */
export async function createNamespaces(client: Client, context: Context): Promise<void> {
  const deps: EnsureDeps = { client, pace: "together" };
  await Promise.all([
    ensure(Namespace, systemNamespaces(), keep, deps, context),
    ensure(types.PRIORITY_CLASS_TYPE, systemPriorityClasses(), keep, deps, context),
  ]);
}

/** The way to the API: a service, its range, where it leads, and whom it believes. */
export async function createApiService(
  options: BootstrapOptions,
  client: Client,
  context: Context,
): Promise<void> {
  const { serviceRange, api, authorityPem, frontProxy } = options;
  const authentication = authenticationConfig(authorityPem, frontProxy);
  const deps: EnsureDeps = { client, pace: "together" };
  await Promise.all([
    createServiceRange(serviceRange, deps, context),
    ensure(Service, [apiService(serviceRange, api)], reconcileService, deps, context),
    ensure(ConfigMap, [authentication], reconcileConfig, deps, context),
    ...(api === undefined ? [] : [createEndpoints(api, deps, context)]),
  ]);
}

/** Its condition is applied by an owner of its own, as upstream. */
async function createServiceRange(
  range: string,
  deps: EnsureDeps,
  context: Context,
): Promise<void> {
  const wanted = serviceCidr(range);
  await ensure(types.SERVICE_CIDR_TYPE, [wanted], keep, deps, context);
  try {
    const made = await deps.client.get(types.SERVICE_CIDR_TYPE, keyOf(wanted), context);
    const { conditions = [] } = made.status;
    if (conditions.some(({ type }) => type === "Ready")) return;
    const patch = { kind: "apply", object: serviceCidrReady(made), isForced: true } as const;
    await deps.client.patch(types.SERVICE_CIDR_TYPE, keyOf(made), patch, context, {
      subresource: "status",
      fieldManager: "kubernetes-service-cidr-controller",
    });
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error; // the server does not have the kind
  }
}

async function createEndpoints(api: ApiAddress, deps: EnsureDeps, context: Context): Promise<void> {
  await Promise.all([
    ensure(types.ENDPOINTS_TYPE, [apiEndpoints(api)], reconcileEndpoints, deps, context),
    ensure(EndpointSlice, [apiEndpointSlice(api)], reconcileSlice, deps, context),
  ]);
}

/** What people may do, and how much of the server each gets: some hundred and fifty objects. */
export async function createPolicies(deps: EnsureDeps, context: Context): Promise<void> {
  const steps = [
    () =>
      ensure(
        types.CLUSTER_ROLE_TYPE,
        [...clusterRoles(), nodeProxyRole()],
        reconcileRole,
        deps,
        context,
      ),
    () => ensure(types.ROLE_TYPE, roles(), reconcileRole, deps, context),
    () =>
      ensure(
        types.CLUSTER_ROLE_BINDING_TYPE,
        [...clusterRoleBindings(), nodeProxyBinding()],
        reconcileBinding,
        deps,
        context,
      ),
    () => ensure(types.ROLE_BINDING_TYPE, roleBindings(), reconcileBinding, deps, context),
    () => ensure(types.PRIORITY_LEVEL_TYPE, priorityLevels(), reconcileSpec, deps, context),
    () => ensure(types.FLOW_SCHEMA_TYPE, flowSchemas(), reconcileSpec, deps, context),
  ];
  switch (deps.pace) {
    case "together":
      await Promise.all(steps.map((step) => step()));
      return;
    case "in turn":
      for (const step of steps) await step();
  }
}

/** The server may listen at another port than the last time. */
const reconcileService = copying<Service>(({ spec: { ports = [] } }, present) => ({
  spec: { ...present.spec, ports },
}));
const reconcileEndpoints = copying<Endpoints>(({ subsets = [] }) => ({ subsets }));
const reconcileSlice = copying<EndpointSlice>(({ endpoints = [], ports = [] }) => ({
  endpoints,
  ports,
}));
const reconcileConfig = copying<ConfigMap>(({ data }) => (data === undefined ? {} : { data }));

/** The present object with some parts of the wanted one. */
function copying<T extends ApiObject>(
  partsOf: (wanted: T, present: T) => Partial<T>,
): Reconcile<T> {
  return (wanted, present) => {
    const object = { ...present, ...partsOf(wanted, present) };
    return equalValues(object, present) ? { kind: "nothing" } : { kind: "update", object };
  };
}
