import { describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { TransportError } from "../../client/transport.ts";
import { isStatus } from "../../machinery/status.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";
import { aWidget, Widget } from "./widget.ts";

const Pod: ResourceType<Widget> = {
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  isNamespaced: true,
};

const key = { namespace: "default", name: "a" };

function aWorld(): { cluster: FakeCluster; context: ReturnType<typeof aContext>; env: VirtualEnv } {
  const env = virtualEnv();
  return { cluster: fakeCluster(env), context: aContext(env), env };
}
type VirtualEnv = ReturnType<typeof virtualEnv>;

async function reasonOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: unknown) => (isStatus(error) ? error.reason : String(error)),
  );
}

describe("fake cluster", () => {
  test("an update with a stale resourceVersion is refused and changes nothing", async () => {
    const { cluster, context } = aWorld();
    const first = await cluster.client.create(Widget, aWidget("a"), context);
    await cluster.client.update(Widget, { ...first, spec: { size: 1 } }, context);
    const stale = cluster.client.update(Widget, { ...first, spec: { size: 2 } }, context);
    expect(await reasonOf(stale)).toBe("Conflict");
    expect(cluster.find(Widget, key)?.spec).toEqual({ size: 1 });
  });

  test("a no-op makes no revision; the spec moves the generation, a status does not", async () => {
    const { cluster, context } = aWorld();
    const first = await cluster.client.create(Widget, aWidget("a"), context);
    await cluster.client.update(Widget, first, context);
    expect(cluster.revision()).toBe(1);
    const second = await cluster.client.update(Widget, { ...first, spec: { n: 1 } }, context);
    expect(second.metadata.generation).toBe(2);
    const third = await cluster.client.updateStatus(
      Widget,
      { ...second, spec: { n: 9 }, status: { ok: true } },
      context,
    );
    expect(third).toMatchObject({ spec: { n: 1 }, status: { ok: true } });
    expect(third.metadata.generation).toBe(2);
  });

  test("a finalizer keeps a deleted object until it is taken away", async () => {
    const { cluster, context } = aWorld();
    await cluster.client.create(
      Widget,
      aWidget("a", { metadata: { finalizers: ["x/y"] } }),
      context,
    );
    await cluster.client.delete(Widget, key, context);
    expect(cluster.find(Widget, key)?.metadata.deletionTimestamp).toBeDefined();
    const patch = { kind: "merge", patch: { metadata: { finalizers: [] } } } as const;
    await cluster.client.patch(Widget, key, patch, context);
    expect(cluster.find(Widget, key)).toBeUndefined();
  });

  test("a scheduled pod gets its grace; a second delete without grace ends it", async () => {
    const { cluster, context } = aWorld();
    cluster.seed(Pod, aWidget("a", { spec: { nodeName: "n1" } }));
    await cluster.client.delete(Pod, key, context);
    expect(cluster.find(Pod, key)?.metadata.deletionGracePeriodSeconds).toBe(30);
    await cluster.client.delete(Pod, key, context, { gracePeriodSeconds: 0 });
    expect(cluster.find(Pod, key)).toBeUndefined();
  });

  test("deletes are refused for another uid", async () => {
    const { cluster, context } = aWorld();
    await cluster.client.create(Widget, aWidget("a"), context);
    const call = cluster.client.delete(Widget, key, context, { preconditions: { uid: "other" } });
    expect(await reasonOf(call)).toBe("Conflict");
  });

  test("listers lag behind the store, but show own writes at once", async () => {
    const { cluster, context, env } = aWorld();
    const { lister } = cluster.informers.for(Widget);
    cluster.lag.delayMs = 1_000;
    await cluster.client.create(Widget, aWidget("theirs"), context);
    await cluster.deps.client.create(Widget, aWidget("ours"), context);
    expect(lister.list().map((object) => object.metadata.name)).toEqual(["ours"]);
    await env.advance(1_000);
    expect(lister.list().map((object) => object.metadata.name)).toEqual(["ours", "theirs"]);
  });

  test("an own delete hides the object before the watch says so, not its successor", async () => {
    const { cluster, context, env } = aWorld();
    const { lister } = cluster.informers.for(Widget);
    await cluster.client.create(Widget, aWidget("a"), context);
    await env.settle();
    cluster.lag.hold();
    await cluster.deps.client.delete(Widget, key, context);
    expect(lister.get(key)).toBeUndefined();
    await cluster.client.create(Widget, aWidget("a"), context);
    await env.settle();
    cluster.lag.release();
    expect(lister.get(key)?.metadata.uid).toBe(cluster.find(Widget, key)?.metadata.uid);
  });

  test("a watch brings what happened since a revision, and ends with its signal", async () => {
    const { cluster, env } = aWorld();
    const stop = new AbortController();
    const context = aContext(env, stop.signal);
    await cluster.client.create(Widget, aWidget("a"), context);
    const stream = await cluster.client.watch(Widget, { resourceVersion: "1" }, context);
    await cluster.client.create(Widget, aWidget("b"), context);
    await cluster.client.delete(Widget, key, context);
    stop.abort();
    const seen: string[] = [];
    for await (const batch of stream) for (const event of batch) seen.push(event.kind);
    expect(seen).toEqual(["ADDED", "DELETED"]);
  });

  test("selectors choose by labels and fields", async () => {
    const { cluster, context } = aWorld();
    cluster.seed(Widget, aWidget("a", { metadata: { labels: { app: "x" } }, spec: { node: "1" } }));
    cluster.seed(Widget, aWidget("b", { metadata: { labels: { app: "y" } }, spec: { node: "1" } }));
    const names = async (options: object): Promise<unknown> =>
      (await cluster.client.list(Widget, options, context)).items.map((item) => item.metadata.name);
    expect(await names({ labelSelector: "app=x" })).toEqual(["a"]);
    expect(await names({ labelSelector: "app,app!=x" })).toEqual(["b"]);
    expect(await names({ fieldSelector: "spec.node=1,metadata.name!=a" })).toEqual(["b"]);
  });

  test("a lost reply leaves its effect behind", async () => {
    const { cluster, context } = aWorld();
    cluster.intercept(({ verb }) => (verb === "create" ? "lose-reply" : "serve"));
    const call = cluster.client.create(Widget, aWidget("a"), context);
    await expect(call).rejects.toBeInstanceOf(TransportError);
    expect(cluster.find(Widget, key)).toBeDefined();
  });

  test("strategic patches merge owner references by uid", async () => {
    const { cluster, context } = aWorld();
    const owner = (uid: string): object => ({ uid, name: uid, kind: "Widget", apiVersion: "v1" });
    cluster.seed(Widget, aWidget("a"));
    const send = async (ownerReferences: readonly object[]): Promise<unknown> => {
      const patch = { kind: "strategic", patch: { metadata: { ownerReferences } } } as const;
      const patched = await cluster.client.patch(Widget, key, patch, context);
      return patched.metadata.ownerReferences?.map((reference) => reference.uid);
    };
    expect(await send([owner("u1")])).toEqual(["u1"]);
    expect(await send([owner("u2")])).toEqual(["u1", "u2"]);
    expect(await send([{ $patch: "delete", uid: "u1" }])).toEqual(["u2"]);
  });
});
