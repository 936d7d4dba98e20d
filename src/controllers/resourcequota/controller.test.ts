import { describe, expect, test } from "vitest";
import {
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Service,
} from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { aWidget, Widget } from "../../controller-runtime/testing/widget.ts";
import { fixedKinds } from "../../informer/kind-informers.ts";
import { groupResource } from "../../machinery/gvk.ts";
import { resourceQuotaController } from "./controller.ts";
import { COUNT_AGAIN_MS } from "./watches.ts";

const KINDS = [ConfigMap, Pod, Service, PersistentVolumeClaim, ResourceQuota, Widget];
const KEY = { namespace: "default", name: "q" };

function aWorld(): ControllerWorld {
  const world = controllerWorld();
  world.start((deps) => {
    return resourceQuotaController(deps, { kinds: fixedKinds(KINDS, deps.informers) });
  });
  return world;
}

function seedQuota(world: ControllerWorld, spec: ResourceQuota["spec"]): void {
  const base = { apiVersion: "v1", kind: "ResourceQuota", metadata: KEY } as const;
  world.cluster.seed(ResourceQuota, { ...base, spec, status: {} });
}

function used(world: ControllerWorld): Readonly<Record<string, string>> | undefined {
  return world.cluster.find(ResourceQuota, KEY)?.status.used;
}

function aPod(name: string, cpu: string, more: Partial<Pod["spec"]> = {}): Pod {
  const resources = cpu === "" ? {} : { requests: { cpu, memory: "1Gi" }, limits: { cpu } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "c", image: "i", resources }], ...more },
    status: { phase: "Running" },
  };
}

function aConfigMap(name: string, namespace = "default"): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
}

function aClaim(name: string, storageClassName: string): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { storageClassName, resources: { requests: { storage: "2Gi" } } },
    status: {},
  };
}

describe("resource quota controller", () => {
  test("says at once what is used of everything that is limited, nothing included", async () => {
    const world = aWorld();
    world.cluster.seed(ConfigMap, aConfigMap("a"));
    world.cluster.seed(ConfigMap, aConfigMap("b", "other"));
    world.cluster.seed(Widget, aWidget("w"));
    world.cluster.seed(PersistentVolumeClaim, aClaim("c", "fast"));
    const widgets = `count/${groupResource(Widget)}`;
    const hard = {
      configmaps: "5",
      "count/configmaps": "5",
      "count/secrets": "5",
      "fast.storageclass.storage.k8s.io/requests.storage": "5Gi",
      persistentvolumeclaims: "5",
      pods: "5",
      "requests.storage": "10Gi",
      "services.nodeports": "0",
      [widgets]: "5",
    };
    seedQuota(world, { hard });
    await world.env.settle();
    expect(world.cluster.find(ResourceQuota, KEY)?.status.hard).toEqual(hard);
    expect(used(world)).toEqual({
      configmaps: "1",
      "count/configmaps": "1", // nobody follows secrets here, so nobody can count them
      "fast.storageclass.storage.k8s.io/requests.storage": "2Gi",
      persistentvolumeclaims: "1",
      pods: "0",
      "requests.storage": "2Gi",
      "services.nodeports": "0",
      [widgets]: "1",
    });
    await world.stop();
  });

  test("gives back what pods asked for when they end, and when they go", async () => {
    const world = aWorld();
    for (const name of ["a", "b", "c"]) world.cluster.seed(Pod, aPod(name, "500m"));
    seedQuota(world, {
      hard: { pods: "9", "requests.cpu": "9", memory: "9Gi", "limits.cpu": "9" },
    });
    await world.env.settle();
    expect(used(world)).toEqual({
      pods: "3",
      "requests.cpu": "1500m",
      memory: "3Gi",
      "limits.cpu": "1500m",
    });
    world.cluster.seed(Pod, { ...aPod("a", "500m"), status: { phase: "Succeeded" } });
    await world.env.settle();
    expect(used(world)).toMatchObject({ pods: "2", "requests.cpu": "1" });
    world.cluster.vanish(Pod, { namespace: "default", name: "b" });
    await world.env.settle();
    expect(used(world)).toMatchObject({ pods: "1", "limits.cpu": "500m" });
    await world.stop();
  });

  for (const { scopes, pods } of [
    { scopes: ["BestEffort"], pods: "1" },
    { scopes: ["NotBestEffort"], pods: "2" },
    { scopes: ["Terminating"], pods: "1" },
    { scopes: ["NotTerminating", "NotBestEffort"], pods: "1" },
  ]) {
    test(`counts the pods of its scopes: ${scopes.join(" and ")}`, async () => {
      const world = aWorld();
      world.cluster.seed(Pod, aPod("free", ""));
      world.cluster.seed(Pod, aPod("asks", "1"));
      world.cluster.seed(Pod, aPod("ends", "1", { activeDeadlineSeconds: 60 }));
      seedQuota(world, { hard: { pods: "9" }, scopes });
      await world.env.settle();
      expect(used(world)).toEqual({ pods });
      await world.stop();
    });
  }

  test("follows a changed limit, and forgets what is no longer limited", async () => {
    const world = aWorld();
    world.cluster.seed(ConfigMap, aConfigMap("a"));
    seedQuota(world, { hard: { configmaps: "5", pods: "5" } });
    await world.env.settle();
    const patch = {
      kind: "merge",
      patch: { spec: { hard: { pods: null, services: "2" } } },
    } as const;
    await world.cluster.client.patch(ResourceQuota, KEY, patch, world.context);
    await world.env.settle();
    expect(used(world)).toEqual({ configmaps: "1", services: "0" });
    await world.stop();
  });

  test("leaves what is charged alone, and counts anew every five minutes", async () => {
    const world = aWorld();
    seedQuota(world, { hard: { configmaps: "5" } });
    await world.env.advance(10_000);
    const { length } = world.cluster.requests;
    await world.env.advance(60_000);
    expect(world.cluster.requests.length).toBe(length);
    world.cluster.seed(ConfigMap, aConfigMap("a"));
    await world.env.advance(COUNT_AGAIN_MS);
    expect(used(world)).toEqual({ configmaps: "1" });
    await world.stop();
  });
});
