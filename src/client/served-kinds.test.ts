import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiResponse } from "../machinery/request.ts";
import { notFound, serviceUnavailable } from "../machinery/status.ts";
import type { RawRequest } from "./rest-client.ts";
import { scaleReader } from "./scales.ts";
import { LOOK_AGAIN_MS, ServedKinds, SETTLE_MS } from "./served-kinds.ts";

function answer(value: object): ApiResponse {
  const object = EncodedObject.fromBytes(new TextEncoder().encode(JSON.stringify(value)));
  return { status: 200, headers: {}, warnings: [], body: { kind: "object", object } };
}

/** A server of one group with these kinds; `stale`: it cannot say which. */
function aWorld() {
  const env = virtualEnv();
  const server = { kinds: ["Boat"], isStale: false, isAway: false, looks: 0 };
  const resources = (): readonly object[] =>
    server.kinds.map((kind) => ({
      resource: `${kind.toLowerCase()}s`,
      responseKind: { group: "", version: "", kind },
      scope: "Namespaced",
      verbs: ["delete", "list", "watch"],
    }));
  const request = ({ path }: RawRequest): Promise<ApiResponse> => {
    if (server.isAway) return Promise.reject(serviceUnavailable("away"));
    if (path === "/apis") server.looks += 1;
    const version = server.isStale
      ? { version: "v1", freshness: "Stale" }
      : { version: "v1", freshness: "Current", resources: resources() };
    const items = [{ metadata: { name: "sea.example" }, versions: [version] }];
    const kind = "APIGroupDiscoveryList";
    return Promise.resolve(answer({ kind, items: path === "/apis" ? items : [] }));
  };
  const served = new ServedKinds({ client: { request }, env });
  const names = (): string => served.resources.map(({ type }) => type.kind).join(" ");
  return { env, server, served, names };
}

test("kinds are looked at now and then, and soon after someone tells", async () => {
  const { env, server, served, names } = aWorld();
  const stop = new AbortController();
  const running = served.run(aContext(env, stop.signal));
  await env.settle();
  expect(names()).toBe("Boat");
  server.kinds = ["Boat", "Harbour"];
  await env.advance(LOOK_AGAIN_MS - 1);
  expect(names()).toBe("Boat");
  await env.advance(1);
  expect(names()).toBe("Boat Harbour");

  server.kinds = ["Harbour"];
  const { looks } = server;
  for (let count = 0; count < 100; count += 1) served.tell();
  await env.advance(SETTLE_MS);
  expect(names()).toBe("Harbour");
  expect(server.looks).toBe(looks + 1);
  stop.abort();
  await running;
  expect(env.pendingTimers).toBe(0);
});

test("what cannot be said for the moment stays as it was, and is told of", async () => {
  const { env, server, served, names } = aWorld();
  await served.look(aContext(env));
  server.isStale = true;
  const { failures } = await served.look(aContext(env));
  expect(failures).toEqual([
    { apiVersion: "sea.example/v1", message: "stale GroupVersion discovery: sea.example/v1" },
  ]);
  expect(names()).toBe("Boat");
});

test("a server that is away is asked again, and nothing is forgotten", async () => {
  const { env, server, served, names } = aWorld();
  const stop = new AbortController();
  server.isAway = true;
  const running = served.run(aContext(env, stop.signal));
  await env.settle();
  expect(names()).toBe("");
  server.isAway = false;
  await env.advance(1_000);
  expect(names()).toBe("Boat");
  server.isAway = true;
  await env.advance(LOOK_AGAIN_MS);
  expect(names()).toBe("Boat");
  stop.abort();
  await running;
});

const BOAT = { apiVersion: "sea.example/v1", kind: "Boat", name: "b", uid: "u" };

for (const { name, owner, documents, is } of [
  {
    name: "is what its scale says",
    owner: BOAT,
    documents: { "boats/b/scale": { metadata: { uid: "u" }, spec: { replicas: 3 } } },
    is: { uid: "u", replicas: 3 },
  },
  {
    name: "is not that of a namesake",
    owner: BOAT,
    documents: { "boats/b/scale": { metadata: { uid: "other" }, spec: { replicas: 3 } } },
    is: undefined,
  },
  { name: "is unknown of who is gone", owner: BOAT, documents: {}, is: undefined },
  {
    name: "cannot be asked of kinds without",
    owner: BOAT,
    documents: { "boats/b": { metadata: { uid: "u" } } },
    is: "boats.sea.example does not implement the scale subresource",
  },
  {
    name: "cannot be asked of kinds that are not served",
    owner: { ...BOAT, apiVersion: "sea.example/v2" },
    documents: {},
    is: 'no matches for kind "Boat" in version "sea.example/v2"',
  },
]) {
  test(`the scale of an owner ${name}`, async () => {
    const { env, served } = aWorld();
    await served.look(aContext(env));
    const request = ({ path }: RawRequest): Promise<ApiResponse> => {
      const found = Object.entries(documents).find(([end]) => path.endsWith(`/n/${end}`));
      if (found !== undefined) return Promise.resolve(answer(found[1]));
      return Promise.reject(notFound({ group: "sea.example", resource: "boats" }, "b"));
    };
    const readScale = scaleReader({ client: { request }, served });
    const reading = readScale(owner, "n", aContext(env));
    if (typeof is === "string") await expect(reading).rejects.toThrow(is);
    else expect(await reading).toEqual(is);
  });
}
