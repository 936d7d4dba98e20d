import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { aborted } from "../base/signals.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/testing/virtual-env.ts";
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
  const dispatch = (
    request: ApiRequest,
    _user: unknown,
    context: Context,
  ): Promise<ApiResponse> => {
    requests.push(`${request.path}?${request.query.toString()}`);
    const headers = { "content-type": "application/json" };
    const answer = { status: 200, headers, warnings: [] };
    if (request.query.get("watch") === "true") {
      return Promise.resolve({ ...answer, body: { kind: "events", events: silence(context) } });
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
  return { requests, dispatch };
}

async function* silence(context: Context): AsyncGenerator<readonly WatchEvent[]> {
  await aborted(context.signal);
  yield [];
}

function aWorld(options: Parameters<typeof createInformers>[1] = { isStreaming: false }) {
  const env = virtualEnv();
  const server = aServer();
  const user = { name: "me", groups: [] };
  const transport = inProcessTransport({ dispatch: server.dispatch, user });
  const client = new RestClient({ transport, env });
  return { env, server, informers: createInformers({ client, env }, options) };
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
