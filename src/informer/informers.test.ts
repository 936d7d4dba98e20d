import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { createMetrics, type Metrics } from "../base/metrics.ts";
import { aborted } from "../base/signals.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap, Pod } from "../client/builtin.ts";
import { inProcessTransport } from "../client/in-process.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { RestClient } from "../client/rest-client.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiRequest, ApiResponse } from "../machinery/request.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import { createInformers } from "./informers.ts";
import { transform } from "./kept.ts";
import { OWNER_UID_INDEX } from "./lister.ts";

/** A server with one pod, owned by `owner-1`, whose watches stay silent. */
function aServer() {
  const requests: string[] = [];
  let openWatches = 0;
  const open = (by: number): void => {
    openWatches += by;
  };
  const dispatch = (
    request: ApiRequest,
    _user: unknown,
    context: Context,
  ): Promise<ApiResponse> => {
    requests.push(`${request.path}?${request.query.toString()}`);
    const headers = { "content-type": "application/json" };
    const answer = { status: 200, headers, warnings: [] };
    if (request.query.get("watch") === "true") {
      return Promise.resolve({
        ...answer,
        body: { kind: "events", events: silence(context, open) },
      });
    }
    const pod = EncodedObject.fromBytes(
      new TextEncoder().encode(
        '{"metadata":{"name":"p","namespace":"ns","uid":"u","resourceVersion":"5",' +
          '"managedFields":[{"manager":"m"}],' +
          '"ownerReferences":[{"apiVersion":"v1","kind":"X","name":"o","uid":"owner-1"}]}}',
      ),
    );
    const items = request.path.endsWith("/pods") ? [pod] : [];
    const metadata = { resourceVersion: "9" };
    const list = { kind: "list", apiVersion: "v1", listKind: "L", metadata, items } as const;
    return Promise.resolve({ ...answer, body: list });
  };
  return {
    requests,
    dispatch,
    get openWatches() {
      return openWatches;
    },
  };
}

async function* silence(
  context: Context,
  open: (by: number) => void,
): AsyncGenerator<readonly WatchEvent[]> {
  open(1);
  await aborted(context.signal);
  open(-1);
  yield [];
}

function aWorld(
  options: Parameters<typeof createInformers>[1] = { isStreaming: false },
  metrics: Metrics = createMetrics(),
) {
  const env = virtualEnv();
  const server = aServer();
  const user = { name: "me", groups: [] };
  const transport = inProcessTransport({ dispatch: server.dispatch, user });
  const client = new RestClient({ transport, env });
  return { env, server, informers: createInformers({ client, env, metrics }, options) };
}

test("there is one informer a kind, shared by all who ask", () => {
  const { informers } = aWorld();
  expect(informers.peek(Pod)).toBeUndefined();
  const informer = informers.for(Pod);
  expect(informers.for(Pod)).toBe(informer);
  expect(informers.peek(Pod)).toBe(informer);
  expect(informers.for(ConfigMap)).not.toBe(informer);
});

test("informers asked for before and after the start all run, until the signal", async () => {
  const { env, informers, server } = aWorld();
  const controller = new AbortController();
  const pods = informers.for(Pod);
  await env.settle();
  expect(server.requests).toEqual([]);
  const run = informers.run(aContext(env, controller.signal));
  await informers.waitForSync(controller.signal);
  const configMaps = informers.for(ConfigMap);
  expect(configMaps.hasSynced()).toBe(false);
  await informers.waitForSync(controller.signal);
  expect(pods.lister.list().length).toBe(1);
  expect(pods.revision()).toBe(9);
  controller.abort();
  await run;
  expect(env.pendingTimers).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("items of a list say their kind, and are found by the uid of an owner", async () => {
  const { env, informers } = aWorld();
  const controller = new AbortController();
  const pods = informers.for(Pod, { name: (pod) => [pod.metadata.name ?? ""] });
  informers.for(Pod, { kind: (pod) => [pod.kind] });
  const run = informers.run(aContext(env, controller.signal));
  await informers.waitForSync(controller.signal);
  expect(pods.lister.byIndex(OWNER_UID_INDEX, "owner-1").map((pod) => pod.kind)).toEqual(["Pod"]);
  expect(pods.lister.byIndex("name", "p").length).toBe(1);
  expect(pods.lister.byIndex("kind", "Pod").length).toBe(1);
  controller.abort();
  await run;
});

test("a scope narrows what is listed and watched", async () => {
  const { env, informers, server } = aWorld({
    isStreaming: false,
    scopeOf: (type) =>
      type.resource === "pods" ? { namespace: "ns", fieldSelector: "spec.nodeName=n1" } : {},
  });
  const controller = new AbortController();
  informers.for(Pod);
  const run = informers.run(aContext(env, controller.signal));
  await env.settle();
  expect(server.requests[0]).toBe(
    "/api/v1/namespaces/ns/pods?fieldSelector=spec.nodeName%3Dn1&resourceVersion=0",
  );
  const watch = "/api/v1/namespaces/ns/pods?fieldSelector=spec.nodeName%3Dn1&resourceVersion=9";
  expect(server.requests[1]?.startsWith(`${watch}&watch=true`)).toBe(true);
  controller.abort();
  await run;
});

test("managed fields are dropped, and transforms are applied to their own kind alone", async () => {
  const { env, informers } = aWorld({
    isStreaming: false,
    transforms: [
      transform(Pod, (pod) => ({ ...pod, spec: { nodeName: "n", containers: [] } })),
      transform(ConfigMap, () => {
        throw new Error("of another kind");
      }),
    ],
  });
  const controller = new AbortController();
  const pods = informers.for(Pod);
  const run = informers.run(aContext(env, controller.signal));
  await informers.waitForSync(controller.signal);
  const [pod] = pods.lister.list();
  expect(pod?.metadata.managedFields).toBeUndefined();
  expect(pod?.spec?.nodeName).toBe("n");
  controller.abort();
  await run;
});

test("managed fields are kept of the kinds that are named", async () => {
  const keepsManagedFields = (type: ResourceType): boolean => type.resource === "pods";
  const { env, informers } = aWorld({ isStreaming: false, keepsManagedFields });
  const controller = new AbortController();
  const pods = informers.for(Pod);
  const run = informers.run(aContext(env, controller.signal));
  await informers.waitForSync(controller.signal);
  expect(pods.lister.list()[0]?.metadata.managedFields).toEqual([{ manager: "m" }]);
  controller.abort();
  await run;
});

/** Resource versions of the views, as metrics show them. */
function shown(metrics: Metrics): readonly string[] {
  const lines = metrics.text().split("\n");
  return lines.filter((line) => line.startsWith("informer_store_resource_version{"));
}

test("an informer runs until the last who acquired it lets go, and is then forgotten", async () => {
  const metrics = createMetrics();
  const { env, informers, server } = aWorld({ isStreaming: false }, metrics);
  const controller = new AbortController();
  const run = informers.run(aContext(env, controller.signal));
  const one = informers.acquire(Pod);
  const two = informers.acquire(Pod, { name: (pod) => [pod.metadata.name ?? ""] });
  expect(one.informer).toBe(two.informer);
  await informers.waitForSync(controller.signal);
  expect(one.informer.lister.byIndex("name", "p").length).toBe(1);
  expect(shown(metrics)).toEqual([
    'informer_store_resource_version{group="",name="informers",resource="pods",version="v1"} 9',
  ]);

  one.release();
  one.release(); // the second time does nothing
  await env.settle();
  expect(informers.peek(Pod)).toBe(two.informer);
  expect(server.openWatches).toBe(1);
  two.release();
  await env.settle();
  expect(informers.peek(Pod)).toBeUndefined();
  expect(server.openWatches).toBe(0);
  expect(shown(metrics)).toEqual([]);
  expect(env.pendingTimers).toBe(0);

  const three = informers.acquire(Pod);
  expect(three.informer).not.toBe(two.informer);
  await three.informer.waitForSync(controller.signal);
  controller.abort();
  await run;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("an informer somebody asked for outlives those who acquired it", async () => {
  const { env, informers, server } = aWorld();
  const controller = new AbortController();
  const run = informers.run(aContext(env, controller.signal));
  const lease = informers.acquire(Pod);
  expect(informers.for(Pod)).toBe(lease.informer);
  await env.settle();
  lease.release();
  await env.settle();
  expect(informers.peek(Pod)).toBe(lease.informer);
  expect(server.openWatches).toBe(1);
  controller.abort();
  await run;
});

test("an informer let go of before it is synced holds nobody up", async () => {
  const { env, informers } = aWorld();
  const controller = new AbortController();
  const lease = informers.acquire(Pod);
  const synced = informers.waitForSync(controller.signal);
  lease.release();
  await synced;
  const run = informers.run(aContext(env, controller.signal));
  await env.settle();
  expect(lease.informer.hasSynced()).toBe(false);
  controller.abort();
  await run;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("the figures of an informer are shown as metrics", async () => {
  const metrics = createMetrics();
  const { env, informers } = aWorld({ isStreaming: false, name: "mine" }, metrics);
  const controller = new AbortController();
  const pods = informers.for(Pod);
  const labels = { name: "mine", group: "", version: "v1", resource: "pods" };
  const value = (name: string): number => metrics.gauge(name, "").value(labels);
  expect(value("informer_store_resource_version")).toBe(0);
  expect(value("setpoint_informer_silent_seconds")).toBeNaN();
  const run = informers.run(aContext(env, controller.signal));
  await informers.waitForSync(controller.signal);
  await env.advance(3_000);
  const [pod] = pods.lister.list();
  if (pod === undefined) throw new Error("the pod is in the view");
  pods.ownWrites.wrote({ ...pod, metadata: { ...pod.metadata, resourceVersion: "12" } });
  expect(value("informer_store_resource_version")).toBe(9);
  expect(value("setpoint_informer_revisions_behind")).toBe(3);
  expect(value("setpoint_informer_silent_seconds")).toBe(3);
  expect(value("setpoint_informer_objects")).toBe(1);
  expect(value("setpoint_informer_bytes")).toBe(pods.memory().bytes);
  controller.abort();
  await run;
});
