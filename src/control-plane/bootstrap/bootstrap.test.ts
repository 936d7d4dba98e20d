import { expect, test } from "vitest";
import type { ClusterRole, ClusterRoleBinding } from "../../apis/rbac/v1/types.generated.ts";
import { inProcessTransport } from "../../client/in-process.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { ADMIN, aServer, type TestServer } from "../../server/testing/test-server.ts";
import { createApiService, createNamespaces, createPolicies } from "./bootstrap.ts";
import type { Pace } from "./ensure.ts";
import {
  CLUSTER_ROLE_BINDING_TYPE,
  CLUSTER_ROLE_TYPE,
  FLOW_SCHEMA_TYPE,
  PRIORITY_CLASS_TYPE,
  PRIORITY_LEVEL_TYPE,
  ROLE_BINDING_TYPE,
  ROLE_TYPE,
} from "./resource-types.ts";

const RANGE = "10.0.0.0/24";

type World = { readonly server: TestServer; readonly client: RestClient };

async function aWorld(): Promise<World> {
  const server = await aServer({ serviceIpRange: RANGE });
  const transport = inProcessTransport({ dispatch: server.dispatch, user: ADMIN });
  return { server, client: new RestClient({ transport, env: server.env }) };
}

async function bootstrap({ server, client }: World, pace: Pace = "together"): Promise<void> {
  const frontProxy = { authorityPem: "proxies", name: "proxy" };
  const options = { serviceRange: RANGE, api: undefined, authorityPem: "pem", frontProxy };
  await createNamespaces(client, server.context);
  await createApiService(options, client, server.context);
  await createPolicies({ client, pace }, server.context);
}

async function namesOf<T extends ApiObject>(
  { server, client }: World,
  type: ResourceType<T>,
): Promise<readonly string[]> {
  const { items } = await client.list(type, {}, server.context);
  return items.map(({ metadata }) => metadata.name ?? "");
}

test("the first start makes everything, and every other one writes nothing", async () => {
  const world = await aWorld();
  await bootstrap(world);
  const { revision } = world.server.store.status();
  await bootstrap(world, "in turn");
  expect(world.server.store.status().revision).toBe(revision);
  expect(await namesOf(world, CLUSTER_ROLE_TYPE)).toContain("cluster-admin");
  expect(await namesOf(world, CLUSTER_ROLE_TYPE)).toHaveLength(70);
  expect(await namesOf(world, CLUSTER_ROLE_BINDING_TYPE)).toHaveLength(51);
  expect(await namesOf(world, ROLE_TYPE)).toHaveLength(7);
  expect(await namesOf(world, ROLE_BINDING_TYPE)).toHaveLength(7);
  expect(await namesOf(world, FLOW_SCHEMA_TYPE)).toHaveLength(11);
  expect(await namesOf(world, PRIORITY_LEVEL_TYPE)).toHaveLength(8);
  expect(await namesOf(world, PRIORITY_CLASS_TYPE)).toEqual([
    "system-cluster-critical",
    "system-node-critical",
  ]);
});

test("the service of the API has the first address of the range", async () => {
  const world = await aWorld();
  await bootstrap(world);
  const call = (path: string): ReturnType<TestServer["call"]> => world.server.call("GET", path);
  const service = await call("/api/v1/namespaces/default/services/kubernetes");
  expect(service.value.spec).toMatchObject({ clusterIP: "10.0.0.1", sessionAffinity: "None" });
  const range = await call("/apis/networking.k8s.io/v1/servicecidrs/kubernetes");
  expect(range.value.spec).toEqual({ cidrs: [RANGE] });
  expect(range.value.metadata.finalizers).toEqual(["networking.k8s.io/service-cidr-finalizer"]);
  expect(range.value.status.conditions).toEqual([
    {
      type: "Ready",
      status: "True",
      lastTransitionTime: range.value.metadata.creationTimestamp,
      reason: "",
      message: "Kubernetes default Service CIDR is ready",
    },
  ]);
  const address = await call("/apis/networking.k8s.io/v1/ipaddresses/10.0.0.1");
  expect(address.value.spec.parentRef.name).toBe("kubernetes");
  const config = await call(
    "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
  );
  expect(config.value.data).toEqual({
    "client-ca-file": "pem",
    "requestheader-allowed-names": '["proxy"]',
    "requestheader-client-ca-file": "proxies",
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-uid-headers": '["X-Remote-Uid"]',
    "requestheader-username-headers": '["X-Remote-User"]',
  });
});

test("what people took away from a role comes back, and what they added stays", async () => {
  const world = await aWorld();
  const { server, client } = world;
  await bootstrap(world);
  const key = { namespace: "", name: "system:basic-user" };
  const role = await client.get(CLUSTER_ROLE_TYPE, key, server.context);
  const own = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
  const changed: ClusterRole = { ...role, rules: [own] };
  await client.update(CLUSTER_ROLE_TYPE, changed, server.context);
  await bootstrap(world);
  const after = await client.get(CLUSTER_ROLE_TYPE, key, server.context);
  expect(after.rules).toEqual([own, ...(role.rules ?? [])]);
});

test("a role that says so is let be", async () => {
  const world = await aWorld();
  const { server, client } = world;
  await bootstrap(world);
  const key = { namespace: "", name: "system:basic-user" };
  const role = await client.get(CLUSTER_ROLE_TYPE, key, server.context);
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
  const mine: ClusterRole = { ...role, metadata: { ...role.metadata, annotations }, rules: [] };
  await client.update(CLUSTER_ROLE_TYPE, mine, server.context);
  await bootstrap(world);
  const after = await client.get(CLUSTER_ROLE_TYPE, key, server.context);
  expect(after.rules ?? []).toEqual([]);
});

test("a binding to another role is made anew", async () => {
  const world = await aWorld();
  const { server, client } = world;
  await bootstrap(world);
  const key = { namespace: "", name: "system:discovery" };
  const binding = await client.get(CLUSTER_ROLE_BINDING_TYPE, key, server.context);
  await client.delete(CLUSTER_ROLE_BINDING_TYPE, key, server.context);
  const { resourceVersion: _, ...metadata } = binding.metadata;
  const other: ClusterRoleBinding = {
    ...binding,
    metadata,
    roleRef: { ...binding.roleRef, name: "view" },
  };
  await client.create(CLUSTER_ROLE_BINDING_TYPE, other, server.context);
  await bootstrap(world);
  const after = await client.get(CLUSTER_ROLE_BINDING_TYPE, key, server.context);
  expect(after.roleRef.name).toBe("system:discovery");
});

test("a priority level that people took over keeps its numbers", async () => {
  const world = await aWorld();
  const { server, client } = world;
  await bootstrap(world);
  const change = async (name: string, annotation: string): Promise<number | undefined> => {
    const key = { namespace: "", name };
    const level = await client.get(PRIORITY_LEVEL_TYPE, key, server.context);
    const annotations = { "apf.kubernetes.io/autoupdate-spec": annotation };
    const limited = { ...level.spec.limited, nominalConcurrencyShares: 7 };
    const metadata = { ...level.metadata, annotations };
    const changed = { ...level, metadata, spec: { ...level.spec, limited } };
    await client.update(PRIORITY_LEVEL_TYPE, changed, server.context);
    await bootstrap(world);
    const after = await client.get(PRIORITY_LEVEL_TYPE, key, server.context);
    return after.spec.limited?.nominalConcurrencyShares;
  };
  expect(await change("system", "false")).toBe(7);
  expect(await change("workload-low", "true")).toBe(100);
});
