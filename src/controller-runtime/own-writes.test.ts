import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { Namespace, Pod } from "../client/builtin.ts";
import { interceptedClient } from "../client/wrappers/intercepted-client.ts";
import { keyOf } from "../machinery/key.ts";
import { observingClient } from "./own-writes.ts";
import { fakeCluster, type FakeCluster } from "./testing/fake-cluster.ts";
import { aWidget, Widget } from "./testing/widget.ts";

const key = { namespace: "default", name: "a" };
let cluster: FakeCluster;
let context: Context;
let settle: () => Promise<void>;

function writes(): readonly string[] {
  return cluster.requests.map(({ verb }) => verb);
}

beforeEach(() => {
  const env = virtualEnv();
  cluster = fakeCluster(env);
  context = aContext(env);
  settle = () => env.settle();
  cluster.informers.for(Widget);
});

describe("observing client", () => {
  test("all writes of an object are in the lister before the watch", async () => {
    cluster.lag.hold();
    const { client } = cluster.deps;
    const shown = (): Widget | undefined => cluster.informers.for(Widget).lister.get(key);
    const made = await client.create(Widget, aWidget("a"), context);
    expect(shown()).toEqual(made);
    const updated = await client.update(Widget, { ...made, spec: { n: 1 } }, context);
    expect(shown()).toEqual(updated);
    const judged = await client.updateStatus(Widget, { ...updated, status: { ok: 1 } }, context);
    expect(shown()).toEqual(judged);
    const patch = { kind: "merge", patch: { metadata: { labels: { x: "y" } } } } as const;
    const patched = await client.patch(Widget, key, patch, context);
    expect(patched.metadata.labels).toEqual({ x: "y" });
    expect(shown()).toEqual(patched);
  });

  test("a life deleted here is shown again when a restored server takes a write", async () => {
    const { client } = cluster.deps;
    const made = await client.create(Widget, aWidget("a"), context);
    cluster.lag.hold();
    await client.delete(Widget, key, context);
    const { lister } = cluster.informers.for(Widget);
    expect(lister.get(key)).toBeUndefined();
    cluster.seed(Widget, made); // of a backup, with its uid
    const patch = { kind: "merge", patch: { spec: { n: 1 } } } as const;
    expect(lister.get(key)).toBeUndefined();
    expect(await client.patch(Widget, key, patch, context)).toEqual(lister.get(key));
    expect(lister.get(key)?.metadata.uid).toBe(made.metadata.uid);
  });

  test("a late reply does not show a life that was deleted here meanwhile", async () => {
    const { client } = cluster.deps;
    await client.create(Widget, aWidget("a"), context);
    cluster.lag.hold();
    const patch = { kind: "merge", patch: { spec: { n: 1 } } } as const;
    const answered = Promise.withResolvers<void>();
    const late = interceptedClient(cluster.client, async (_, next) => {
      const reply = await next();
      await answered.promise;
      return reply;
    });
    const patching = observingClient(late, cluster.informers).patch(Widget, key, patch, context);
    await client.delete(Widget, key, context);
    answered.resolve();
    expect((await patching).spec).toEqual({ n: 1 });
    expect(cluster.informers.for(Widget).lister.get(key)).toBeUndefined();
  });

  test("a put that changes nothing is not sent", async () => {
    const made = await cluster.deps.client.create(Widget, aWidget("a"), context);
    const before = cluster.requests.length;
    expect(await cluster.deps.client.update(Widget, { ...made, spec: {} }, context)).toEqual(made);
    expect(await cluster.deps.client.updateStatus(Widget, { ...made }, context)).toEqual(made);
    expect(cluster.requests).toHaveLength(before);
  });

  test("a put of an older state is sent, so that the conflict is seen", async () => {
    const made = await cluster.deps.client.create(Widget, aWidget("a"), context);
    await cluster.client.update(Widget, { ...made, spec: { n: 1 } }, context);
    await settle();
    const call = cluster.deps.client.update(Widget, made, context);
    await expect(call).rejects.toThrow("the object has been modified");
    expect(writes()).toEqual(["create", "update", "update"]);
  });

  test("a dry run leaves the lister alone", async () => {
    await cluster.deps.client.create(Widget, aWidget("a"), context, { dryRun: true });
    expect(cluster.informers.for(Widget).lister.get(key)).toBeUndefined();
  });

  test("a delete that lasts shows the terminating object, one that ends it hides it", async () => {
    const { client } = cluster.deps;
    const { lister } = cluster.informers.for(Widget);
    await client.create(Widget, aWidget("a", { metadata: { finalizers: ["x/y"] } }), context);
    cluster.lag.hold();
    await client.delete(Widget, key, context);
    expect(lister.get(key)?.metadata.deletionTimestamp).toBeDefined();
    const patch = { kind: "merge", patch: { metadata: { finalizers: null } } } as const;
    await client.patch(Widget, key, patch, context);
    expect(lister.get(key)).toBeUndefined();
  });

  test("a pod killed without grace is hidden though the server answers with it", async () => {
    const { lister } = cluster.informers.for(Pod);
    const pod = cluster.seed(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "default" },
      spec: { nodeName: "n1", containers: [] },
      status: {},
    });
    await settle();
    cluster.lag.hold();
    await cluster.deps.client.delete(Pod, key, context);
    expect(lister.get(key)?.metadata.deletionGracePeriodSeconds).toBe(30);
    const options = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid ?? "" } };
    await cluster.deps.client.delete(Pod, key, context, options);
    expect(lister.get(key)).toBeUndefined();
  });

  test("a namespace that still has to be finalized stays in view", async () => {
    const namespace = await cluster.client.create(
      Namespace,
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" }, spec: {}, status: {} },
      context,
    );
    const { lister } = cluster.informers.for(Namespace);
    cluster.lag.hold();
    await cluster.deps.client.delete(Namespace, keyOf(namespace), context);
    expect(lister.get(keyOf(namespace))?.metadata.deletionTimestamp).toBeDefined();
  });

  test("an overlay ends when the watch has passed it: others' later writes win", async () => {
    const made = await cluster.deps.client.create(Widget, aWidget("a"), context);
    await cluster.client.update(Widget, { ...made, spec: { theirs: true } }, context);
    await settle();
    expect(cluster.informers.for(Widget).lister.get(key)?.spec).toEqual({ theirs: true });
  });
});
