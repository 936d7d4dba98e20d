/** Controllers that care for objects of every kind, those of custom resources included. */
import { afterEach, expect, test } from "vitest";
import type { CustomResourceDefinition } from "../apis/apiextensions/v1/types.generated.ts";
import type { ResourceQuota } from "../apis/core/v1/types.generated.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap, Namespace, Secret } from "../client/builtin.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { ApiObject, OwnerReference } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";

const Definition: ResourceType<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  resource: "customresourcedefinitions",
  isNamespaced: false,
};
const Quota: ResourceType<ResourceQuota> = {
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  resource: "resourcequotas",
  isNamespaced: true,
};
const Boat: ResourceType = {
  group: "sea.example",
  version: "v1",
  kind: "Boat",
  resource: "boats",
  isNamespaced: true,
};

let plane: ControlPlane | undefined;
afterEach(async () => {
  await plane?.close();
  plane = undefined;
});

async function aPlane(): Promise<{ readonly plane: ControlPlane; readonly env: VirtualEnv }> {
  const env = virtualEnv();
  plane = await createControlPlane({ env });
  return { plane, env };
}

async function until(env: VirtualEnv, look: () => Promise<boolean>, seconds = 10): Promise<void> {
  for (let step = 0; step < seconds * 10; step += 1) {
    if (await look()) return;
    await env.advance(100);
  }
  throw new Error(`it did not come to pass within ${seconds} virtual seconds`);
}

async function isThere(
  { client, context }: ControlPlane,
  type: ResourceType,
  name: string,
  namespace = type.isNamespaced ? "default" : "",
): Promise<boolean> {
  try {
    await client.get(type, { namespace, name }, context);
    return true;
  } catch (error) {
    if (isStatus(error, "NotFound")) return false;
    throw error;
  }
}

async function defineBoats(plane: ControlPlane, env: VirtualEnv): Promise<void> {
  const { client, context } = plane;
  const schema = { openAPIV3Schema: { type: "object" } };
  await client.create(
    Definition,
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "boats.sea.example" },
      spec: {
        group: "sea.example",
        scope: "Namespaced",
        names: { plural: "boats", singular: "boat", kind: "Boat", listKind: "BoatList" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
      status: {},
    },
    context,
  );
  await until(env, async () => {
    const key = { namespace: "", name: "boats.sea.example" };
    const { status } = await client.get(Definition, key, context);
    return (status.conditions ?? []).some(
      ({ type, status: is }) => type === "Established" && is === "True",
    );
  });
}

function create(
  { client, context }: ControlPlane,
  type: ResourceType,
  name: string,
  metadata: ApiObject["metadata"] = {},
): Promise<ApiObject> {
  const namespace = type.isNamespaced ? { namespace: "default" } : {};
  return client.create(type, { metadata: { name, ...namespace, ...metadata } }, context);
}

function ref(owner: ApiObject): OwnerReference {
  const { apiVersion = "", kind = "", metadata } = owner;
  return { apiVersion, kind, name: metadata.name ?? "", uid: metadata.uid ?? "" };
}

test("a custom resource goes after its owner, and what it owns goes after it", async () => {
  const { plane, env } = await aPlane();
  await defineBoats(plane, env);
  const owner = await create(plane, ConfigMap, "harbour");
  const boat = await create(plane, Boat, "boat", { ownerReferences: [ref(owner)] });
  await create(plane, Secret, "key", { ownerReferences: [ref(boat)] });
  await env.advance(5_000);
  expect(await isThere(plane, Secret, "key")).toBe(true);
  await plane.client.delete(ConfigMap, { namespace: "default", name: "harbour" }, plane.context);
  await until(env, async () => !(await isThere(plane, Boat, "boat")));
  await until(env, async () => !(await isThere(plane, Secret, "key")));
});

test("what a kind not served yet owns stays, and is judged as soon as it is served", async () => {
  const { plane, env } = await aPlane();
  const nobody = { apiVersion: "sea.example/v1", kind: "Boat", name: "boat", uid: "gone" };
  await create(plane, ConfigMap, "cargo", { ownerReferences: [nobody] });
  await env.advance(60_000);
  expect(await isThere(plane, ConfigMap, "cargo")).toBe(true);
  await defineBoats(plane, env);
  await until(env, async () => !(await isThere(plane, ConfigMap, "cargo")), 3);
});

for (const propagationPolicy of ["Foreground", "Orphan"] as const) {
  test(`${propagationPolicy} deletion of a kind without a controller ends`, async () => {
    const { plane, env } = await aPlane();
    await defineBoats(plane, env);
    const boat = await create(plane, Boat, "boat");
    const reference = { ...ref(boat), blockOwnerDeletion: true };
    await create(plane, ConfigMap, "cargo", { ownerReferences: [reference] });
    const key = { namespace: "default", name: "boat" };
    await plane.client.delete(Boat, key, plane.context, { propagationPolicy });
    await until(env, async () => !(await isThere(plane, Boat, "boat")));
    await env.advance(1_000);
    expect(await isThere(plane, ConfigMap, "cargo")).toBe(propagationPolicy === "Orphan");
  });
}

test("a namespace with custom resources is emptied and goes", async () => {
  const { plane, env } = await aPlane();
  await create(plane, Namespace, "team");
  await defineBoats(plane, env);
  for (const name of ["a", "b"]) await create(plane, Boat, name, { namespace: "team" });
  await create(plane, Secret, "key", { namespace: "team" });
  await plane.client.delete(Namespace, { namespace: "", name: "team" }, plane.context);
  await until(env, async () => !(await isThere(plane, Namespace, "team")));
  const left = await plane.client.list(Boat, {}, plane.context);
  expect(left.items).toEqual([]);
});

test("a quota counts custom resources, and gives back what is deleted", async () => {
  const { plane, env } = await aPlane();
  const { client, context } = plane;
  const metadata = { name: "boats", namespace: "default" };
  const spec = { hard: { "count/boats.sea.example": "5" } };
  const base = { apiVersion: "v1", kind: "ResourceQuota" } as const;
  await client.create(Quota, { ...base, metadata, spec, status: {} }, context);
  const used = async (): Promise<string | undefined> =>
    (await client.get(Quota, metadata, context)).status.used?.["count/boats.sea.example"];
  await env.advance(1_000);
  expect(await used()).toBeUndefined();
  await defineBoats(plane, env);
  await until(env, async () => (await used()) === "0");
  for (const name of ["a", "b", "c"]) await create(plane, Boat, name);
  await client.delete(Boat, { namespace: "default", name: "a" }, context);
  await until(env, async () => (await used()) === "2");
});

test("a kind that goes is let go, and may come again", async () => {
  const { plane, env } = await aPlane();
  for (let round = 0; round < 2; round += 1) {
    await defineBoats(plane, env);
    const owner = await create(plane, ConfigMap, "harbour");
    await create(plane, Boat, "boat", { ownerReferences: [ref(owner)] });
    await plane.client.delete(ConfigMap, { namespace: "default", name: "harbour" }, plane.context);
    await until(env, async () => !(await isThere(plane, Boat, "boat")));
    const key = { namespace: "", name: "boats.sea.example" };
    await plane.client.delete(Definition, key, plane.context);
    await until(env, async () => !(await isThere(plane, Definition, key.name)));
    await env.advance(1_000);
  }
  const complaints = env.lines.filter(({ level }) => level === "warn" || level === "error");
  expect(complaints.length).toBeLessThan(4);
});
