import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  VolumeAttributesClass,
} from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { attributesClassProtectionController } from "./classes.ts";
import { claimProtectionController } from "./claims.ts";
import { volumeProtectionController } from "./volumes.ts";

const CLAIM = { namespace: "default", name: "data" };
const VOLUME = { namespace: "", name: "disk" };
const CLASS = { namespace: "", name: "gold" };

let world: ControllerWorld;
beforeEach(() => {
  world = controllerWorld();
  world.start(
    claimProtectionController,
    volumeProtectionController,
    attributesClassProtectionController,
  );
});
afterEach(() => world.stop());

function aClaim(more: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { ...CLAIM, uid: "claim-uid", finalizers: ["kubernetes.io/pvc-protection"] },
    spec: {},
    status: {},
    ...more,
  };
}

function aPod(more: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "pod-uid" },
    spec: {
      nodeName: "node-1",
      containers: [{ name: "c", image: "i" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }],
      ...more,
    },
    status: { phase: "Running" },
  };
}

function aVolume(phase: string): PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "disk", finalizers: ["kubernetes.io/pv-protection"] },
    spec: {},
    status: { phase },
  };
}

async function deletes<T extends ApiObject>(type: ResourceType<T>, key: ObjectKey): Promise<void> {
  await world.env.settle();
  await world.cluster.client.delete(type, key, world.context);
  await world.env.settle();
}

describe("protection of claims", () => {
  test("lets a claim go that no pod uses", async () => {
    world.cluster.seed(PersistentVolumeClaim, aClaim());
    await deletes(PersistentVolumeClaim, CLAIM);
    expect(world.cluster.find(PersistentVolumeClaim, CLAIM)).toBeUndefined();
  });

  test("keeps a claim until its last pod has gone", async () => {
    world.cluster.seed(PersistentVolumeClaim, aClaim());
    world.cluster.seed(Pod, aPod());
    await deletes(PersistentVolumeClaim, CLAIM);
    expect(world.cluster.find(PersistentVolumeClaim, CLAIM)?.metadata.finalizers).toHaveLength(1);
    world.cluster.vanish(Pod, { namespace: "default", name: "p" });
    await world.env.settle();
    expect(world.cluster.find(PersistentVolumeClaim, CLAIM)).toBeUndefined();
  });

  for (const { name, pod, claim } of [
    { name: "has no node yet", pod: aPod({ nodeName: "" }), claim: aClaim() },
    {
      name: "has a claim of this name, which another pod owns",
      pod: aPod({ volumes: [{ name: "v", ephemeral: {} }] }),
      claim: aClaim({ metadata: { ...aClaim().metadata, name: "p-v" } }),
    },
    {
      name: "is in another namespace",
      pod: { ...aPod(), metadata: { ...aPod().metadata, namespace: "other" } },
      claim: aClaim(),
    },
  ]) {
    test(`lets a claim go whose only pod ${name}`, async () => {
      world.cluster.seed(PersistentVolumeClaim, claim);
      world.cluster.seed(Pod, pod);
      const key = { ...CLAIM, name: claim.metadata.name ?? "" };
      await deletes(PersistentVolumeClaim, key);
      expect(world.cluster.find(PersistentVolumeClaim, key)).toBeUndefined();
    });
  }

  test("keeps a claim made for a pod until that pod's node has done with it", async () => {
    const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "pod-uid", controller: true };
    const metadata = { ...aClaim().metadata, name: "p-v", ownerReferences: [owner] };
    const pod = aPod({ volumes: [{ name: "v", ephemeral: {} }] });
    const key = { ...CLAIM, name: "p-v" };
    world.cluster.seed(PersistentVolumeClaim, aClaim({ metadata }));
    world.cluster.seed(Pod, pod);
    await deletes(PersistentVolumeClaim, key);
    expect(world.cluster.find(PersistentVolumeClaim, key)).toBeDefined();
    world.cluster.seed(Pod, {
      ...pod,
      metadata: {
        ...pod.metadata,
        finalizers: ["example.com/waits-for-the-claim"],
        deletionTimestamp: "2026-01-01T00:00:00Z",
        deletionGracePeriodSeconds: 0,
      },
    });
    await world.env.settle();
    expect(world.cluster.find(PersistentVolumeClaim, key)).toBeUndefined();
  });

  test("protects a claim that came before there was protection", async () => {
    world.cluster.seed(PersistentVolumeClaim, aClaim({ metadata: CLAIM }));
    await world.env.settle();
    expect(world.cluster.find(PersistentVolumeClaim, CLAIM)?.metadata.finalizers).toEqual([
      "kubernetes.io/pvc-protection",
    ]);
  });
});

describe("protection of volumes", () => {
  test("keeps a bound volume until it is released", async () => {
    world.cluster.seed(PersistentVolume, aVolume("Bound"));
    await deletes(PersistentVolume, VOLUME);
    const kept = world.cluster.find(PersistentVolume, VOLUME);
    if (kept === undefined) throw new Error("the volume is kept");
    world.cluster.seed(PersistentVolume, { ...kept, status: { phase: "Released" } });
    await world.env.settle();
    expect(world.cluster.find(PersistentVolume, VOLUME)).toBeUndefined();
  });

  test("leaves the finalizers of others", async () => {
    const volume = aVolume("Available");
    const finalizers = ["example.com/mine", ...(volume.metadata.finalizers ?? [])];
    world.cluster.seed(PersistentVolume, {
      ...volume,
      metadata: { ...volume.metadata, finalizers },
    });
    await deletes(PersistentVolume, VOLUME);
    expect(world.cluster.find(PersistentVolume, VOLUME)?.metadata.finalizers).toEqual([
      "example.com/mine",
    ]);
  });
});

describe("protection of classes of volume attributes", () => {
  test("keeps a class while a claim has or wants it, or a volume has it", async () => {
    world.cluster.seed(VolumeAttributesClass, {
      apiVersion: "storage.k8s.io/v1",
      kind: "VolumeAttributesClass",
      metadata: { name: "gold", finalizers: ["kubernetes.io/vac-protection"] },
      driverName: "d",
    });
    const current = { currentVolumeAttributesClassName: "gold" };
    world.cluster.seed(PersistentVolumeClaim, aClaim({ status: current }));
    const volume = aVolume("Available");
    world.cluster.seed(PersistentVolume, {
      ...volume,
      spec: { ...volume.spec, volumeAttributesClassName: "gold" },
    });
    await deletes(VolumeAttributesClass, CLASS);
    expect(world.cluster.find(VolumeAttributesClass, CLASS)).toBeDefined();
    world.cluster.seed(PersistentVolumeClaim, aClaim());
    await world.env.settle();
    expect(world.cluster.find(VolumeAttributesClass, CLASS)).toBeDefined();
    world.cluster.vanish(PersistentVolume, VOLUME);
    await world.env.settle();
    expect(world.cluster.find(VolumeAttributesClass, CLASS)).toBeUndefined();
  });
});
