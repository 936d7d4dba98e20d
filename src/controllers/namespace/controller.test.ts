import { describe, expect, test } from "vitest";
import { ConfigMap, EventObject, Namespace, Node, Pod } from "../../client/builtin.ts";
import type { Discovered } from "../../client/discovery.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { fixedKinds } from "../../informer/kind-informers.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { internalError, methodNotAllowed } from "../../machinery/status.ts";
import { namespaceController } from "./controller.ts";

const TYPES = [ConfigMap, EventObject, Node, Pod];

const VERBS = ["delete", "deletecollection", "list", "watch"];

function served(types: readonly ResourceType[]): Discovered {
  const names = { singular: "", shortNames: [], categories: [], verbs: VERBS };
  return { resources: types.map((type) => ({ type, ...names })), failures: [] };
}

async function aWorld(name = "doomed", discovered = served(TYPES)): Promise<ControllerWorld> {
  const world = controllerWorld();
  world.start((deps) =>
    namespaceController(deps, {
      discover: () => Promise.resolve(discovered),
      kinds: fixedKinds(TYPES, deps.informers),
    }),
  );
  const metadata = { name };
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
    spec: {},
    status: {},
  } as const;
  await world.cluster.client.create(Namespace, namespace, world.context);
  return world;
}

function aConfigMap(
  name: string,
  namespace: string,
  finalizers: readonly string[] = [],
): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, finalizers } };
}

function aPod(name: string, namespace: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: { nodeName: "n1", containers: [] },
    status: {},
  };
}

async function end(world: ControllerWorld): Promise<void> {
  await world.cluster.client.delete(Namespace, { namespace: "", name: "doomed" }, world.context);
}

function stored(world: ControllerWorld): Namespace | undefined {
  return world.cluster.find(Namespace, { namespace: "", name: "doomed" });
}

describe("namespace controller", () => {
  test("empties a namespace that is deleted, lets it go, and touches no other", async () => {
    const world = await aWorld();
    world.cluster.seed(ConfigMap, aConfigMap("a", "doomed"));
    world.cluster.seed(ConfigMap, aConfigMap("b", "other"));
    await end(world);
    await world.env.advance(10_000);
    expect(stored(world)).toBeUndefined();
    expect(world.cluster.list(ConfigMap).map(({ metadata }) => metadata.name)).toEqual(["b"]);
    await world.stop();
  });

  test("leaves an active namespace alone", async () => {
    const world = await aWorld();
    world.cluster.seed(ConfigMap, aConfigMap("a", "doomed"));
    await world.env.advance(60_000);
    expect(world.cluster.list(ConfigMap)).toHaveLength(1);
    await world.stop();
  });

  test("begins a moment after the request, so that late creates are seen", async () => {
    const world = await aWorld();
    await end(world);
    await world.env.advance(500);
    expect(stored(world)).toBeDefined();
    world.cluster.seed(ConfigMap, aConfigMap("late", "doomed"));
    await world.env.advance(10_000);
    expect(world.cluster.list(ConfigMap)).toEqual([]);
    expect(stored(world)).toBeUndefined();
    await world.stop();
  });

  test("lets pods end before it takes the rest away, and looks again when they have", async () => {
    const world = await aWorld();
    const pod = world.cluster.seed(Pod, aPod("p", "doomed"));
    world.cluster.seed(ConfigMap, aConfigMap("a", "doomed"));
    await end(world);
    await world.env.advance(3_000);
    expect(world.cluster.list(Pod)[0]?.metadata.deletionTimestamp).toBeDefined();
    expect(world.cluster.list(ConfigMap)).toHaveLength(1);
    expect(isConditionTrue(stored(world)?.status.conditions, "NamespaceContentRemaining")).toBe(
      true,
    );
    const key = { namespace: "doomed", name: "p" };
    const preconditions = { uid: pod.metadata.uid ?? "" };
    const options = { gracePeriodSeconds: 0, preconditions };
    await world.cluster.client.delete(Pod, key, world.context, options);
    await world.env.settle(); // long before the next look it planned
    expect(stored(world)).toBeUndefined();
    await world.stop();
  });

  test("waits for finalizers of others, and says which", async () => {
    const world = await aWorld();
    world.cluster.seed(ConfigMap, aConfigMap("a", "doomed", ["x/y"]));
    await end(world);
    await world.env.advance(5_000);
    const remaining = stored(world)?.status.conditions?.find(
      ({ type }) => type === "NamespaceFinalizersRemaining",
    );
    expect(remaining).toMatchObject({
      status: "True",
      message: expect.stringContaining("x/y in 1 resource instances"),
    });
    const revision = world.cluster.revision();
    await world.env.advance(30_000);
    expect(world.cluster.revision()).toBe(revision); // waiting writes nothing
    const patch = { kind: "merge", patch: { metadata: { finalizers: null } } } as const;
    const key = { namespace: "doomed", name: "a" };
    await world.cluster.client.patch(ConfigMap, key, patch, world.context);
    await world.env.advance(1_000);
    expect(stored(world)).toBeUndefined();
    await world.stop();
  });

  test("deletes one by one where the server has no collections", async () => {
    const world = await aWorld();
    world.cluster.intercept(({ verb }) => {
      if (verb === "deletecollection") throw methodNotAllowed();
      return "serve";
    });
    for (const name of ["a", "b"]) world.cluster.seed(ConfigMap, aConfigMap(name, "doomed"));
    await end(world);
    await world.env.advance(10_000);
    expect(stored(world)).toBeUndefined();
    await world.stop();
  });

  test("a kind that cannot be emptied holds the namespace, which tells of it", async () => {
    const world = await aWorld();
    let isBroken = true;
    world.cluster.intercept(({ verb, type }) => {
      if (isBroken && verb === "list" && type.kind === "ConfigMap") throw internalError("broken");
      return "serve";
    });
    await end(world);
    await world.env.advance(5_000);
    const { conditions } = stored(world)?.status ?? {};
    expect(isConditionTrue(conditions, "NamespaceDeletionContentFailure")).toBe(true);
    isBroken = false;
    await world.env.advance(10_000);
    expect(stored(world)).toBeUndefined();
    await world.stop();
  });

  test("keeps finalizers of others in the spec, and does not come back for them", async () => {
    const world = await aWorld();
    const namespace = stored(world);
    if (namespace === undefined) throw new Error("seeded");
    const finalizers = ["kubernetes", "other"];
    world.cluster.seed(Namespace, { ...namespace, spec: { finalizers } });
    await end(world);
    await world.env.advance(10_000);
    expect(stored(world)?.spec.finalizers).toEqual(["other"]);
    const { length } = world.cluster.requests;
    await world.env.advance(60_000);
    expect(world.cluster.requests.length - length).toBeLessThanOrEqual(1);
    await world.stop();
  });

  test("reads more than one page", async () => {
    const world = await aWorld();
    for (let count = 0; count < 1_200; count += 1) {
      world.cluster.seed(ConfigMap, aConfigMap(`c${count}`, "doomed", ["x/y"]));
    }
    await end(world);
    await world.env.advance(3_000);
    const remaining = stored(world)?.status.conditions?.find(
      ({ type }) => type === "NamespaceContentRemaining",
    );
    expect(remaining?.message).toContain("configmaps. has 1200 resource instances");
    await world.stop();
  });
});
