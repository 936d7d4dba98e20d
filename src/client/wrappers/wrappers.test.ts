import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { conflict, OBJECT_MODIFIED, serviceUnavailable } from "../../machinery/status.ts";
import { ConfigMap, Namespace, Pod } from "../builtin.ts";
import type { Client } from "../client.ts";
import { inProcessTransport } from "../in-process.ts";
import { RestClient } from "../rest-client.ts";
import { delegatingClient } from "./delegating-client.ts";
import { clientThrough } from "./client-through.ts";
import { interceptedClient, type ClientCall } from "./intercepted-client.ts";
import { namespacedClient } from "./namespaced-client.ts";
import { dryRunClient, withFieldOwner, withFieldValidation } from "./write-options.ts";

type World = {
  readonly client: Client;
  readonly context: Context;
  readonly requests: ApiRequest[];
};

/** A server that answers everything with an object, and watches with nothing. */
function aWorld(): World {
  const env = virtualEnv();
  const requests: ApiRequest[] = [];
  const dispatch = (request: ApiRequest): Promise<ApiResponse> => {
    requests.push(request);
    return Promise.resolve({
      status: 200,
      headers: { "content-type": "application/json" },
      warnings: [],
      body: bodyFor(request),
    });
  };
  const transport = inProcessTransport({ dispatch, user: { name: "me", groups: [] } });
  const client = new RestClient({ transport, env }, { fieldManager: "plain" });
  return { client, context: aContext(env), requests };
}

function bodyFor({ method, path, query }: ApiRequest): ApiResponse["body"] {
  if (query.get("watch") === "true") return { kind: "events", events: noEvents() };
  if (method === "GET" && path.endsWith("s")) {
    return { kind: "list", apiVersion: "v1", listKind: "List", metadata: {}, items: [] };
  }
  return { kind: "object", object: EncodedObject.fromValue({ metadata: { name: "a" } }) };
}

// oxlint-disable-next-line require-yield
async function* noEvents(): AsyncGenerator<never, void, undefined> {
  await Promise.resolve();
}

const KEY = { namespace: "web", name: "a" };
const MAP = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...KEY } } as const;
const EVICTION = { metadata: { ...KEY } };

type Call = (client: Client, context: Context) => Promise<unknown>;

const READS: Readonly<Record<"get" | "list" | "watch", Call>> = {
  get: (client, context) => client.get(ConfigMap, KEY, context),
  list: (client, context) => client.list(ConfigMap, { namespace: "web" }, context),
  watch: (client, context) => client.watch(ConfigMap, { namespace: "web" }, context),
};

const WRITES: Readonly<Record<Exclude<keyof Client, keyof typeof READS>, Call>> = {
  create: (client, context) => client.create(ConfigMap, MAP, context),
  update: (client, context) => client.update(ConfigMap, MAP, context),
  updateStatus: (client, context) => client.updateStatus(ConfigMap, MAP, context),
  patch: (client, context) =>
    client.patch(ConfigMap, KEY, { kind: "merge", patch: {} }, context, { subresource: "status" }),
  delete: (client, context) => client.delete(ConfigMap, KEY, context),
  deleteCollection: (client, context) =>
    client.deleteCollection(ConfigMap, { namespace: "web" }, context),
  createSubresource: (client, context) =>
    client.createSubresource(Pod, KEY, "eviction", EVICTION, context),
  updateSubresource: (client, context) =>
    client.updateSubresource(Namespace, { namespace: "", name: "web" }, "finalize", MAP, context),
};

const ALL = Object.entries({ ...READS, ...WRITES });

function isDryRun({ query, body }: ApiRequest): boolean {
  const sent = body.kind === "value" ? JSON.stringify(body.value) : "";
  return query.get("dryRun") === "All" || sent.includes('"dryRun":["All"]');
}

test.each(ALL)("a delegating client passes %s on as it is", async (_verb, call) => {
  const { client, context, requests } = aWorld();
  await call(client, context);
  await call(delegatingClient(client, {}), context);
  expect(requests).toHaveLength(2);
  expect(requests[1]).toEqual(requests[0]);
});

test.each(Object.entries(WRITES))("every write of a dry-run client is one: %s", async (_, call) => {
  const { client, context, requests } = aWorld();
  await call(dryRunClient(client), context);
  expect(requests.map(isDryRun)).toEqual([true]);
  await call(client, context);
  expect(requests.map(isDryRun)).toEqual([true, false]);
});

test("a call cannot talk a dry-run client out of it", async () => {
  const { client, context, requests } = aWorld();
  await dryRunClient(client).create(ConfigMap, MAP, context, { dryRun: false });
  await dryRunClient(client).delete(ConfigMap, KEY, context, { dryRun: false });
  expect(requests.map(isDryRun)).toEqual([true, true]);
});

test("owner and validation are said where a call says no other, and the rest is kept", async () => {
  const { client, context, requests } = aWorld();
  const careful = withFieldValidation(withFieldOwner(client, "team-a"), "Strict");
  await careful.create(ConfigMap, MAP, context);
  const patch = { kind: "merge", patch: {} } as const;
  const options = { fieldManager: "b", fieldValidation: "Warn", subresource: "status" } as const;
  await careful.patch(ConfigMap, KEY, patch, context, options);
  expect(requests.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual([
    "/api/v1/namespaces/web/configmaps?fieldManager=team-a&fieldValidation=Strict",
    "/api/v1/namespaces/web/configmaps/a/status?fieldManager=b&fieldValidation=Warn",
  ]);
});

test.each(ALL)("a namespaced client makes %s of its own namespace", async (_verb, call) => {
  const { client, context, requests } = aWorld();
  await call(client, context);
  await call(namespacedClient(client, "web"), context);
  expect(requests[1]).toEqual(requests[0]);
});

test("a namespaced client fills its namespace in", async () => {
  const { client, context, requests } = aWorld();
  const inWeb = namespacedClient(client, "web");
  const key = { namespace: "", name: "a" };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } } as const;
  await inWeb.get(ConfigMap, key, context);
  await inWeb.list(ConfigMap, {}, context);
  await inWeb.watch(ConfigMap, {}, context);
  await inWeb.create(ConfigMap, object, context);
  await inWeb.update(ConfigMap, object, context);
  await inWeb.deleteCollection(ConfigMap, {}, context);
  expect(requests.map(({ path }) => path.startsWith("/api/v1/namespaces/web/configmaps"))).toEqual(
    requests.map(() => true),
  );
  expect(requests[3]?.body).toMatchObject({ value: { metadata: { namespace: "web" } } });
});

const NAMESPACED_CALLS = ALL.filter(([verb]) => verb !== "updateSubresource");

test.each(NAMESPACED_CALLS)("a namespaced client refuses %s elsewhere", async (_verb, call) => {
  const { client, context, requests } = aWorld();
  await expect(call(namespacedClient(client, "shop"), context)).rejects.toThrow(
    /is asked for in namespace web, and this client stays in shop$/,
  );
  expect(requests).toEqual([]);
});

test("a namespaced client needs a namespace", () => {
  expect(() => namespacedClient(aWorld().client, "")).toThrow("namespace: ");
});

test.each(ALL)("an interceptor hears of %s, and makes it", async (verb, call) => {
  const { client, context, requests } = aWorld();
  const calls: ClientCall[] = [];
  const listened = interceptedClient(client, (each, next) => {
    calls.push(each);
    return next();
  });
  await call(client, context);
  await call(listened, context);
  expect(requests[1]).toEqual(requests[0]);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ verb, isWrite: Object.hasOwn(WRITES, verb) });
});

test("an interceptor can fail a call before it, and lose the answer after it", async () => {
  const { client, context, requests } = aWorld();
  const gr = { group: "", resource: "configmaps" };
  const before = interceptedClient(client, (call, next) =>
    call.isWrite ? Promise.reject(conflict(gr, "a", OBJECT_MODIFIED)) : next(),
  );
  await expect(before.update(ConfigMap, MAP, context)).rejects.toMatchObject({ code: 409 });
  expect(requests).toHaveLength(0);
  const after = interceptedClient(client, async (_call, next) => {
    await next();
    throw serviceUnavailable("gone");
  });
  await expect(after.update(ConfigMap, MAP, context)).rejects.toMatchObject({ code: 503 });
  expect(requests).toHaveLength(1);
});

test("an interceptor sees an object whose name the server makes", async () => {
  const { client, context } = aWorld();
  const keys: unknown[] = [];
  const listened = interceptedClient(client, (call, next) => {
    keys.push(call.key);
    return next();
  });
  const object = { metadata: { generateName: "a-", namespace: "web" } };
  await listened.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", ...object }, context);
  expect(keys).toEqual([{ namespace: "web", name: "" }]);
});

test("an interceptor knows what is only tried", async () => {
  const { client, context } = aWorld();
  const calls: ClientCall[] = [];
  const listened = interceptedClient(client, (call, next) => {
    calls.push(call);
    return next();
  });
  await listened.update(ConfigMap, MAP, context, { dryRun: true });
  await listened.update(ConfigMap, MAP, context);
  expect(calls.map(({ isDryRun }) => isDryRun)).toEqual([true, false]);
});

test("each call goes one way: reads, writes that are answered, and watches", async () => {
  const went: string[] = [];
  const { client, context } = aWorld();
  const guided = clientThrough(client, {
    call: ({ verb }, next) => (went.push(`call ${verb}`), next()),
    write: ({ verb }, next) => (went.push(`write ${verb}`), next()),
    stream: ({ verb, options }, next) => (went.push(`${verb} ${options.namespace}`), next()),
  });
  for (const [, call] of ALL) await call(guided, context);
  await guided.watch(ConfigMap, { namespace: "web" }, context);
  expect(new Set(went.map((each) => each.split(" ")[0]))).toEqual(
    new Set(["call", "write", "watch"]),
  );
  expect(went).toContain("write patch");
  expect(went).toContain("call deleteCollection");
  expect(went.at(-1)).toBe("watch web");
});
