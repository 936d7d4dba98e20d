import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap } from "../client/builtin.ts";
import { listerWatcher, type ListerWatcher } from "../informer/lister-watcher.ts";
import { ReflectingInformer } from "../informer/shared-informer.ts";
import { createControlPlane } from "./control-plane.ts";

test("an informer streams its first list from this server, without managed fields", async () => {
  const env = virtualEnv();
  await using plane = await createControlPlane({ env });
  const aMap = (name: string): ConfigMap => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "default", name },
    data: { x: "1" },
  });
  const made = await plane.client.create(ConfigMap, aMap("a"), plane.context);
  expect(made.metadata.managedFields?.length).toBe(1);

  const asked: string[] = [];
  const inner = listerWatcher(plane.client, ConfigMap, { namespace: "default" });
  const source: ListerWatcher<ConfigMap> = {
    list: (request, context) => {
      asked.push("list");
      return inner.list(request, context);
    },
    watch: (request, context) => {
      asked.push(request.isStreamingList ? "stream" : "watch");
      return inner.watch(request, context);
    },
  };
  const informer = new ReflectingInformer<ConfigMap>({ source, env });
  const stop = new AbortController();
  const running = informer.run(aContext(env, stop.signal));
  await env.advance(2_000);
  expect(asked).toEqual(["stream"]);
  expect(informer.hasSynced()).toBe(true);

  const later = await plane.client.create(ConfigMap, aMap("b"), plane.context);
  await env.advance(2_000);
  const views = informer.lister
    .list()
    .filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
  expect(views.map(({ metadata }) => metadata.resourceVersion)).toEqual([
    made.metadata.resourceVersion,
    later.metadata.resourceVersion,
  ]);
  expect(views.map(({ metadata }) => metadata.managedFields)).toEqual([undefined, undefined]);

  // An update made of what is kept does not take anybody's fields away.
  const [kept] = views;
  if (kept === undefined) throw new Error("the map is in the view");
  const updated = await plane.client.update(
    ConfigMap,
    { ...kept, data: { x: "2" } },
    plane.context,
  );
  expect(updated.metadata.managedFields?.length).toBe(1);
  expect(asked).toEqual(["stream"]);
  stop.abort();
  await running;
});
