import { expect, test } from "vitest";
import type { Context } from "../base/context.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap, EventObject, Pod } from "../client/builtin.ts";
import type { DiscoveredResource } from "../client/discovery.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { RestClient } from "../client/rest-client.ts";
import { aborted } from "../base/signals.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import type { ApiResponse } from "../machinery/request.ts";
import { badRequest, internalError } from "../machinery/status.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import { createInformers } from "./informers.ts";
import { ServedKindInformers, SYNC_WAIT_MS_MAX } from "./kind-informers.ts";

const Boat: ResourceType = {
  group: "sea.example",
  version: "v2",
  kind: "Boat",
  resource: "boats",
  isNamespaced: true,
};
const OldBoat: ResourceType = { ...Boat, version: "v1" };
const Definition: ResourceType = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  resource: "customresourcedefinitions",
  isNamespaced: false,
};

function served(type: ResourceType, verbs = ["delete", "list", "watch"]): DiscoveredResource {
  return { type, verbs, singular: "", shortNames: [], categories: [] };
}

function anObject(name: string): EncodedObject {
  return EncodedObject.fromValue({ metadata: { name, resourceVersion: "1" } });
}

/** Nothing ever happens; of the resources in `arrived` there is one object each. */
function aWorld(broken: readonly string[] = [], arrived: ReadonlySet<string> = new Set<string>()) {
  const env: VirtualEnv = virtualEnv();
  const watched = new Set<string>();
  const reader = new RestClient({
    transport: {
      send: async ({ path, query }, { signal }): Promise<ApiResponse> => {
        const resource = path.split("/").at(-1) ?? "";
        const answer = { status: 200, headers: {}, warnings: [] };
        if (query.get("watch") === "true") {
          if (query.has("sendInitialEvents")) throw badRequest("not here");
          watched.add(resource);
          return { ...answer, body: { kind: "events", events: silence(resource, signal) } };
        }
        if (broken.includes(resource)) throw internalError("no");
        const items = arrived.has(resource) ? [anObject("a")] : [];
        const metadata = { resourceVersion: "1" };
        const list = { apiVersion: "v1", listKind: "List", metadata, items } as const;
        return { ...answer, body: { kind: "list", ...list } };
      },
      close: () => Promise.resolve(),
    },
    env,
  });
  async function* silence(
    resource: string,
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchEvent[]> {
    await aborted(signal);
    watched.delete(resource);
    yield [];
  }
  const state = { resources: [] as readonly DiscoveredResource[], told: 0 };
  let look: () => void = () => undefined;
  const kindsServed = {
    get resources() {
      return state.resources;
    },
    onLook: (listener: () => void) => {
      look = listener;
      return () => undefined;
    },
    tell: () => {
      state.told += 1;
    },
    run: ({ signal }: Context) => aborted(signal),
  };
  const away = { send: () => Promise.reject(new Error("away")), close: () => Promise.resolve() };
  const client = new RestClient({ transport: away, env });
  const shared = createInformers({ client, env });
  const kinds = new ServedKindInformers({ served: kindsServed, reader, shared, env });
  const stop = new AbortController();
  const running = kinds.run(aContext(env, stop.signal));
  return {
    env,
    kinds,
    shared,
    watched,
    serve: async (...resources: readonly DiscoveredResource[]): Promise<void> => {
      await env.settle();
      state.resources = resources;
      look();
      await env.advance(5_000);
    },
    names: () => kinds.kinds.map(({ type }) => `${apiVersionOf(type)} ${type.kind}`).sort(),
    told: () => state.told,
    end: async () => {
      stop.abort();
      await running;
    },
  };
}

test("what can be listed, watched and deleted is followed, in the first version", async () => {
  const world = aWorld();
  await world.serve(
    served(ConfigMap),
    served(EventObject),
    served({ ...Pod, kind: "Review", resource: "reviews" }, ["create"]),
    served(Boat),
    served(OldBoat),
  );
  expect(world.names()).toEqual(["sea.example/v2 Boat", "v1 ConfigMap"]);
  expect(world.kinds.isServed("sea.example/v1", "Boat")).toBe(true);
  expect(world.kinds.isServed("sea.example/v3", "Boat")).toBe(false);
  await world.end();
  expect(world.env.pendingTimers).toBe(0);
});

test("kinds come and go, and with them their watches", async () => {
  const world = aWorld();
  const told: string[] = [];
  await world.serve(served(ConfigMap));
  world.kinds.listen({
    followed: ({ type }) => told.push(`+${type.kind}`),
    dropped: ({ type }) => told.push(`-${type.kind}`),
  });
  await world.serve(served(ConfigMap), served(Boat));
  expect([...world.watched].sort()).toEqual(["boats", "configmaps"]);
  await world.serve(served(ConfigMap));
  expect([...world.watched]).toEqual(["configmaps"]);
  await world.serve(served(ConfigMap), served({ ...Boat, isNamespaced: false }));
  expect(told).toEqual(["+ConfigMap", "+Boat", "-Boat", "+Boat"]);
  await world.end();
});

test("a kind that others follow is shared with them", async () => {
  const world = aWorld();
  const informer = world.shared.for(Pod);
  await world.serve(served(Pod), served(Boat));
  expect(world.kinds.kinds.find(({ type }) => type.kind === "Pod")?.informer).toBe(informer);
  expect([...world.watched]).toEqual(["boats"]);
  await world.end();
});

test("definitions that come or go are told of, so that kinds are looked at anew", async () => {
  const world = aWorld([], new Set([Definition.resource]));
  await world.serve(served(Definition));
  expect(world.told()).toBeGreaterThan(0);
  await world.end();
});

test("one kind that cannot be listed holds up nobody for long", async () => {
  const world = aWorld(["boats"]);
  await world.serve(served(Definition), served(Boat));
  let isSynced = false;
  const { signal } = new AbortController();
  void world.kinds.waitForSync(signal).then(() => (isSynced = true));
  await world.env.advance(1_000);
  expect(isSynced).toBe(false);
  await world.env.advance(SYNC_WAIT_MS_MAX);
  expect(isSynced).toBe(true);
  isSynced = false;
  void world.kinds.waitForSync(signal).then(() => (isSynced = true));
  await world.env.settle();
  expect(isSynced).toBe(true); // it has had its time
  await world.end();
});
