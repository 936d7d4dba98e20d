import { expect, test } from "vitest";
import { causeId, NO_CAUSE, withCause } from "../base/context.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../machinery/request.ts";
import {
  conflict,
  expired,
  notFound,
  serviceUnavailable,
  success,
  tooManyRequests,
  type StatusError,
} from "../machinery/status.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import { Deployment, Node, Pod } from "./builtin.ts";
import { inProcessTransport } from "./in-process.ts";
import { RestClient, type RestClientOptions } from "./rest-client.ts";
import { UnexpectedResponseError } from "./response.ts";
import { TransportError } from "./transport.ts";

const JSON_HEADERS = { "content-type": "application/json" };
const KEY = { namespace: "web", name: "a" };
const A_POD = { metadata: { name: "a", namespace: "web" } } as Pod;

type World = {
  readonly env: VirtualEnv;
  readonly client: RestClient;
  readonly requests: ApiRequest[];
  readonly actors: string[];
  /** What the server answers next, in order; the last one again and again. */
  readonly answers: (ApiResponse | Error)[];
};

function aWorld(options: RestClientOptions = {}): World {
  const env = virtualEnv();
  const requests: ApiRequest[] = [];
  const actors: string[] = [];
  const answers: (ApiResponse | Error)[] = [];
  const transport = inProcessTransport({
    user: { name: "me", groups: [] },
    dispatch: (request, _user, context) => {
      requests.push(request);
      actors.push(context.cause.actor);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next === undefined) return Promise.resolve(anObject(A_POD));
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  });
  return { env, client: new RestClient({ transport, env }, options), requests, actors, answers };
}

function anObject(object: ApiObject, status = 200): ApiResponse {
  const body: ResponseBody = { kind: "object", object: EncodedObject.fromValue(object) };
  return { status, headers: JSON_HEADERS, warnings: [], body };
}

function aRefusal(error: StatusError, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  const answer = anObject({ ...error.status, metadata: {} }, error.code);
  return { ...answer, headers: { ...JSON_HEADERS, ...headers } };
}

function aText(status: number, text: string): ApiResponse {
  const bytes = new TextEncoder().encode(text);
  const headers = { "content-type": "text/html" };
  return { status, headers, warnings: [], body: { kind: "bytes", bytes } };
}

/** `GET /path?query {"body":…}`. */
function requestText(
  { method, path, query, body }: ApiRequest | undefined = {} as ApiRequest,
): string {
  const suffix = query.size === 0 ? "" : `?${query.toString()}`;
  const value = body.kind === "value" ? ` ${JSON.stringify(body.value)}` : "";
  return `${method} ${path}${suffix}${value}`;
}

const DELETE_OPTIONS = '{"apiVersion":"v1","kind":"DeleteOptions"';
const POD = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"web"}}';
const PODS = "/api/v1/namespaces/web/pods";
const BY = "fieldManager=setpoint";

for (const [name, call, expected] of [
  ["get", (c, x) => c.get(Pod, KEY, x), `GET ${PODS}/a`],
  [
    "get, cluster-scoped",
    (c, x) => c.get(Node, { namespace: "", name: "n:1" }, x),
    "GET /api/v1/nodes/n%3A1",
  ],
  [
    "get, of a group",
    (c, x) => c.get(Deployment, KEY, x),
    "GET /apis/apps/v1/namespaces/web/deployments/a",
  ],
  ["create", (c, x) => c.create(Pod, A_POD, x), `POST ${PODS}?${BY} ${POD}`],
  [
    "create, dry run by another name",
    (c, x) => c.create(Pod, A_POD, x, { dryRun: true, fieldManager: "me" }),
    `POST ${PODS}?fieldManager=me&dryRun=All ${POD}`,
  ],
  ["update", (c, x) => c.update(Pod, A_POD, x), `PUT ${PODS}/a?${BY} ${POD}`],
  ["updateStatus", (c, x) => c.updateStatus(Pod, A_POD, x), `PUT ${PODS}/a/status?${BY} ${POD}`],
  [
    "patch",
    (c, x) => c.patch(Pod, KEY, { kind: "merge", patch: { a: null } }, x),
    `PATCH ${PODS}/a?${BY} {"a":null}`,
  ],
  [
    "apply",
    (c, x) => c.patch(Pod, KEY, { kind: "apply", object: { a: 1 }, isForced: true }, x),
    `PATCH ${PODS}/a?${BY}&force=true {"a":1}`,
  ],
  [
    "patch of a subresource",
    (c, x) => c.patch(Pod, KEY, { kind: "json", operations: [] }, x, { subresource: "status" }),
    `PATCH ${PODS}/a/status?${BY} []`,
  ],
  ["delete", (c, x) => c.delete(Pod, KEY, x), `DELETE ${PODS}/a ${DELETE_OPTIONS}}`],
  [
    "delete with options",
    (c, x) =>
      c.delete(Pod, KEY, x, {
        gracePeriodSeconds: 0,
        propagationPolicy: "Orphan",
        preconditions: { uid: "u" },
        dryRun: true,
      }),
    `DELETE ${PODS}/a ${DELETE_OPTIONS},"gracePeriodSeconds":0,"propagationPolicy":"Orphan",` +
      '"preconditions":{"uid":"u"},"dryRun":["All"]}',
  ],
  [
    "deleteCollection",
    (c, x) => c.deleteCollection(Pod, { namespace: "web", labelSelector: "a=b" }, x),
    `DELETE ${PODS}?labelSelector=a%3Db ${DELETE_OPTIONS}}`,
  ],
  [
    "createSubresource",
    (c, x) => c.createSubresource(Pod, KEY, "binding", A_POD, x),
    `POST ${PODS}/a/binding?${BY} {"metadata":{"name":"a","namespace":"web"}}`,
  ],
  [
    "updateSubresource",
    (c, x) => c.updateSubresource(Pod, KEY, "finalize", A_POD, x),
    `PUT ${PODS}/a/finalize?${BY} {"metadata":{"name":"a","namespace":"web"}}`,
  ],
] as readonly (readonly [
  string,
  (client: RestClient, context: ReturnType<typeof aContext>) => Promise<unknown>,
  string,
])[]) {
  test(`${name} is one request`, async () => {
    const { env, client, requests } = aWorld();
    await call(client, aContext(env));
    expect(requests.map(requestText)).toEqual([expected]);
  });
}

test("each kind of patch has its media type", async () => {
  const { env, client, requests } = aWorld();
  for (const patch of [
    { kind: "json", operations: [] },
    { kind: "merge", patch: {} },
    { kind: "strategic", patch: {} },
    { kind: "apply", object: {} },
  ] as const) {
    await client.patch(Pod, KEY, patch, aContext(env));
  }
  expect(requests.map(({ headers }) => headers["content-type"])).toEqual([
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
  ]);
});

test("lists say what they are, and each of their items does", async () => {
  const { env, client, requests, answers } = aWorld();
  const items = [EncodedObject.fromValue({ metadata: { name: "a" }, spec: {} })];
  const metadata = { resourceVersion: "9", continue: "next" };
  const body = { kind: "list", apiVersion: "v1", listKind: "PodList", metadata, items } as const;
  answers.push({ status: 200, headers: JSON_HEADERS, warnings: [], body });
  const list = await client.list(
    Pod,
    { limit: 5, fieldSelector: "spec.nodeName=n", resourceVersion: "0" },
    aContext(env),
  );
  expect(list).toEqual({
    apiVersion: "v1",
    kind: "PodList",
    metadata,
    items: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: {} }],
  });
  expect(Object.isFrozen(list.items[0])).toBe(true);
  expect(requests.map(requestText)).toEqual([
    "GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn&limit=5&resourceVersion=0",
  ]);
});

test("a watch gives its events, and throws the refusal it ends with", async () => {
  const { env, client, requests, answers } = aWorld();
  const added: WatchEvent = { kind: "ADDED", object: EncodedObject.fromValue(A_POD) };
  const { status } = expired("too old");
  async function* events(): AsyncGenerator<readonly WatchEvent[]> {
    yield [added];
    yield [added, { kind: "ERROR", status }];
  }
  const body: ResponseBody = { kind: "events", events: events() };
  answers.push({ status: 200, headers: JSON_HEADERS, warnings: [], body });
  const options = {
    namespace: "web",
    resourceVersion: "5",
    resourceVersionMatch: "NotOlderThan",
    allowWatchBookmarks: true,
    sendInitialEvents: true,
    timeoutSeconds: 60,
  } as const;
  let count = 0;
  const reading = (async () => {
    for await (const batch of await client.watch(Pod, options, aContext(env)))
      count += batch.length;
  })();
  await expect(reading).rejects.toMatchObject({ code: 410, reason: "Expired" });
  expect(count).toBe(2);
  expect(requestText(requests[0])).toBe(
    `GET ${PODS}?resourceVersion=5&resourceVersionMatch=NotOlderThan&watch=true` +
      "&allowWatchBookmarks=true&sendInitialEvents=true&timeoutSeconds=60",
  );
});

test("who stops reading a watch, or is thrown its refusal, ends the stream", async () => {
  const { env, client, answers } = aWorld();
  const added: WatchEvent = { kind: "ADDED", object: EncodedObject.fromValue(A_POD) };
  const { status } = expired("too old");
  let ended = 0;
  async function* events(last: WatchEvent): AsyncGenerator<readonly WatchEvent[]> {
    try {
      for (;;) yield [last];
    } finally {
      ended += 1;
    }
  }
  const watching = async (last: WatchEvent): Promise<AsyncIterable<readonly WatchEvent[]>> => {
    const body: ResponseBody = { kind: "events", events: events(last) };
    answers.splice(0, 1, { status: 200, headers: JSON_HEADERS, warnings: [], body });
    return client.watch(Pod, {}, aContext(env));
  };
  for await (const batch of await watching(added)) {
    expect(batch).toEqual([added]);
    break;
  }
  expect(ended).toBe(1);
  const refused = (await watching({ kind: "ERROR", status }))[Symbol.asyncIterator]();
  await expect(refused.next()).rejects.toMatchObject({ code: 410 });
  expect(ended).toBe(2);
  expect(await refused.next()).toEqual({ value: undefined, done: true });
});

test("a delete answers what stays, or that it is gone", async () => {
  const { env, client, answers } = aWorld();
  answers.push(anObject({ metadata: { name: "a", deletionTimestamp: "t" } }));
  answers.push(anObject({ ...success({ uid: "u" }), metadata: {} }));
  expect(await client.delete(Pod, KEY, aContext(env))).toMatchObject({ kind: "Pod" });
  expect(await client.delete(Pod, KEY, aContext(env))).toMatchObject({
    kind: "Status",
    status: "Success",
    details: { uid: "u" },
  });
});

test("a refusal is thrown as the server words it", async () => {
  const { env, client, answers } = aWorld();
  answers.push(aRefusal(notFound({ group: "", resource: "pods" }, "a")));
  const call = client.get(Pod, KEY, aContext(env));
  await expect(call).rejects.toMatchObject({
    name: "StatusError",
    code: 404,
    reason: "NotFound",
    message: 'pods "a" not found',
  });
});

test("a refusal of something in between is a refusal, too", async () => {
  const { env, client, answers } = aWorld();
  answers.push(aText(403, "<h1>no</h1>"));
  await expect(client.get(Pod, KEY, aContext(env))).rejects.toMatchObject({
    reason: "Forbidden",
    code: 403,
    message: "<h1>no</h1>",
  });
  answers[0] = { status: 418, headers: {}, warnings: [], body: { kind: "none" } };
  await expect(client.get(Pod, KEY, aContext(env))).rejects.toMatchObject({
    reason: "",
    code: 418,
    message: "the server answered with code 418",
  });
});

test("a success that is none is said", async () => {
  const { env, client, answers } = aWorld();
  answers.push(aText(200, "<h1>welcome</h1>"));
  for (const call of [
    client.get(Pod, KEY, aContext(env)),
    client.list(Pod, {}, aContext(env)),
    client.watch(Pod, {}, aContext(env)),
  ]) {
    await expect(call).rejects.toThrow(UnexpectedResponseError);
  }
});

test("names that would make another path are refused before anything is sent", async () => {
  const { env, client, requests } = aWorld();
  for (const key of [
    { namespace: "web", name: "" },
    { namespace: "web", name: ".." },
    { namespace: "..", name: "a" },
    { namespace: "", name: "a" },
  ]) {
    await expect(client.delete(Pod, key, aContext(env))).rejects.toMatchObject({ code: 400 });
  }
  await expect(client.deleteCollection(Pod, {}, aContext(env))).rejects.toMatchObject({
    code: 400,
  });
  await client.get(Pod, { namespace: "web", name: "a/../b?c" }, aContext(env));
  expect(requests.map(({ path }) => path)).toEqual([`${PODS}/a%2F..%2Fb%3Fc`]);
});

test("a server that asks to wait is asked again, for writes as well", async () => {
  const { env, client, requests, answers } = aWorld();
  answers.push(aRefusal(tooManyRequests("busy", 2)));
  answers.push(aRefusal(serviceUnavailable("starting"), { "retry-after": "5" }));
  answers.push(anObject(A_POD));
  let isDone = false;
  const call = client.create(Pod, A_POD, aContext(env)).then(() => (isDone = true));
  await env.advance(1_900);
  expect(requests.length).toBe(1);
  await env.advance(200);
  expect(requests.length).toBe(2);
  await env.advance(4_800);
  expect(isDone).toBe(false);
  await env.advance(200);
  await call;
  expect(requests.length).toBe(3);
});

test("patience ends: after so many tries the refusal is thrown", async () => {
  const { env, client, requests, answers } = aWorld({ retry: { retriesMax: 2, waitMsMax: 1_000 } });
  answers.push(aRefusal(tooManyRequests("busy", 3_600)));
  const call = expect(client.get(Pod, KEY, aContext(env))).rejects.toMatchObject({ code: 429 });
  await env.advance(2_000);
  await call;
  expect(requests.length).toBe(3);
});

test("waiting ends with the signal", async () => {
  const { env, client, answers } = aWorld();
  answers.push(aRefusal(tooManyRequests("busy", 10)));
  const controller = new AbortController();
  const call = client.get(Pod, KEY, aContext(env, controller.signal));
  const given = expect(call).rejects.toThrow("enough");
  await env.settle();
  controller.abort(new Error("enough"));
  await given;
  expect(env.pendingTimers).toBe(0);
});

test("a refusal without a time to wait is thrown at once, as is any other", async () => {
  const { env, client, requests, answers } = aWorld();
  answers.push(aRefusal(serviceUnavailable("no")));
  await expect(client.get(Pod, KEY, aContext(env))).rejects.toMatchObject({ code: 503 });
  const gr = { group: "", resource: "pods" };
  answers[0] = aRefusal(conflict(gr, "a", "changed"), { "retry-after": "1" });
  await expect(client.update(Pod, A_POD, aContext(env))).rejects.toMatchObject({ code: 409 });
  expect(requests.length).toBe(2);
});

test("a read whose answer was lost is sent again; a write or a watch never", async () => {
  const { env, client, requests, answers } = aWorld();
  const lost = new TransportError("reset", { isRefused: false });
  answers.push(lost);
  const read = expect(client.get(Pod, KEY, aContext(env))).rejects.toBe(lost);
  await env.advance(1_000);
  await read;
  expect(requests.length).toBe(3);
  await expect(client.create(Pod, A_POD, aContext(env))).rejects.toBe(lost);
  await expect(client.watch(Pod, {}, aContext(env))).rejects.toBe(lost);
  expect(requests.length).toBe(5);
  answers[0] = new TransportError("refused", { isRefused: true });
  await expect(client.get(Pod, KEY, aContext(env))).rejects.toThrow("refused");
  expect(requests.length).toBe(6);
});

test("a call is made in the name of the client, unless it has an actor", async () => {
  const { env, client, actors } = aWorld({ fieldManager: "web-controller" });
  await client.get(Pod, KEY, aContext(env));
  const cause = { ...NO_CAUSE, actor: "someone", id: causeId("r-1") };
  await client.get(Pod, KEY, withCause(aContext(env), cause));
  expect(actors).toEqual(["web-controller", "someone"]);
});
