import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const MERGE = "application/merge-patch+json";

async function put(server: TestServer, name: string, labels: object, data = "1"): Promise<string> {
  const body = { metadata: { name, labels }, data: { data } };
  const exists = (await server.call("GET", `${MAPS}/${name}`)).status === 200;
  const answer = exists
    ? await server.call("PUT", `${MAPS}/${name}`, { body })
    : await server.call("POST", MAPS, { body });
  return answer.value.metadata.resourceVersion;
}

test("watch: without a revision it begins with what is there", async () => {
  const server = await aServer();
  await put(server, "a", {});
  const watch = await server.watch(`${MAPS}?watch=1`);
  await server.env.settle();
  await put(server, "b", {});
  await put(server, "a", {}, "2");
  await server.call("DELETE", `${MAPS}/b`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED b"]);
  await watch.stop();
});

test("watch: from a revision it sends what came after", async () => {
  const server = await aServer();
  const from = await put(server, "a", {});
  await put(server, "b", {});
  const deleted = await server.call("DELETE", `${MAPS}/a`);
  expect(deleted.status).toBe(200);
  const watch = await server.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED b", "DELETED a"]);
  const last = watch.events[1];
  const object = last?.kind === "DELETED" ? last.object.value : undefined;
  expect(object).toMatchObject({
    kind: "ConfigMap",
    data: { data: "1" },
    metadata: { resourceVersion: String(server.store.status().revision) },
  });
  await watch.stop();
});

test("watch: what begins to match is added, what no longer does is deleted", async () => {
  const server = await aServer();
  const watch = await server.watch(`${MAPS}?watch=1&labelSelector=on`);
  await server.env.settle();
  await put(server, "a", {});
  await put(server, "a", { on: "y" });
  await put(server, "a", { on: "y" }, "2");
  await put(server, "a", {}, "3");
  await server.call("DELETE", `${MAPS}/a`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  const last = watch.events[2];
  const object = last?.kind === "DELETED" ? last.object.value : undefined;
  expect(object).toMatchObject({ data: { data: "2" } }); // the last state that matched
  await watch.stop();
});

test("watch: two watchers are sent the very same event", async () => {
  const server = await aServer();
  const first = await server.watch(`${MAPS}?watch=1`);
  const second = await server.watch(`/api/v1/configmaps?watch=1`);
  await server.env.settle();
  await put(server, "a", {});
  await server.env.settle();
  expect(first.events[0]).toBe(second.events[0]);
  expect(first.seen).toEqual(["ADDED a"]);
  await first.stop();
  await second.stop();
});

test("watch: a streaming list ends its first part with a bookmark", async () => {
  const server = await aServer();
  await put(server, "a", {});
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const watch = await server.watch(`${MAPS}?watch=1&${query}`);
  await server.env.settle();
  await put(server, "b", {});
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED a", "BOOKMARK end", "ADDED b"]);
  const end = watch.events[1];
  const bookmark = end?.kind === "BOOKMARK" ? end.object.value : undefined;
  expect(bookmark).toMatchObject({
    kind: "ConfigMap",
    metadata: { annotations: { "k8s.io/initial-events-end": "true" } },
  });
  await watch.stop();
});

test("watch: a streaming list needs to say what it matches", async () => {
  const server = await aServer();
  const answer = await server.call("GET", `${MAPS}?watch=1&sendInitialEvents=true`);
  expect(answer).toMatchObject({
    status: 422,
    value: {
      message:
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ' +
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    },
  });
});

test("watch: a quiet watch gets bookmarks, and one before it ends", async () => {
  const server = await aServer();
  const watch = await server.watch(`${MAPS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=90`);
  await server.env.advance(61_000);
  expect(watch.seen).toEqual(["BOOKMARK end", "BOOKMARK"]);
  await put(server, "a", {});
  await server.env.advance(27_500);
  expect(watch.seen).toEqual(["BOOKMARK end", "BOOKMARK", "ADDED a", "BOOKMARK"]);
  expect(watch.events[3]).toMatchObject({
    resourceVersion: String(server.store.status().revision),
  });
  await server.env.advance(2_000);
  expect(watch.isEnded()).toBe(true);
});

test("watch: without being asked it sends no bookmarks, and ends by itself", async () => {
  const server = await aServer();
  const timers = server.env.pendingTimers;
  const watch = await server.watch(`${MAPS}?watch=1`);
  await server.env.advance(29 * 60_000);
  expect(watch.isEnded()).toBe(false);
  await server.env.advance(31 * 60_000);
  expect({ seen: watch.seen, ended: watch.isEnded() }).toEqual({ seen: [], ended: true });
  expect(server.env.pendingTimers).toBe(timers);
});

test("watch: a forgotten revision is an ERROR event", async () => {
  const server = await aServer();
  const from = await put(server, "a", {});
  await put(server, "a", {}, "2");
  await put(server, "a", {}, "3");
  await server.store.compact(server.store.status().revision, server.context);
  const watch = await server.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ERROR 410"]);
  expect(watch.events[0]).toMatchObject({
    status: { reason: "Expired", message: expect.stringContaining("too old resource version") },
  });
  expect(watch.isEnded()).toBe(true);
});

test("watch: from the future it is silent until the store gets there", async () => {
  const server = await aServer();
  const at = server.store.status().revision + 2;
  const watch = await server.watch(`${MAPS}?watch=1&resourceVersion=${at}`);
  await put(server, "a", {});
  await server.env.advance(1_000);
  await put(server, "b", {});
  await put(server, "c", {});
  await server.env.advance(2_000);
  expect(watch.seen).toEqual(["ADDED c"]);
  await watch.stop();
});

test("watch: the old path and the field selector watch one object", async () => {
  const server = await aServer();
  const old = await server.watch("/api/v1/watch/namespaces/t/configmaps/b");
  const byField = await server.watch(`${MAPS}?watch=1&fieldSelector=metadata.name%3Db`);
  await server.env.settle();
  await put(server, "a", {});
  await put(server, "b", {});
  await server.env.settle();
  expect([old.seen, byField.seen]).toEqual([["ADDED b"], ["ADDED b"]]);
  await old.stop();
  await byField.stop();
});

test("watch: tables have one row an event, and columns in the first", async () => {
  const server = await aServer();
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const watch = await server.watch(`${MAPS}?watch=1`, { headers: { accept } });
  await server.env.settle();
  await put(server, "a", {});
  await server.env.settle();
  await server.call("PATCH", `${MAPS}/a`, { body: { data: { k: "v" } }, contentType: MERGE });
  await server.env.settle();
  const tables = watch.events.map((event) =>
    event.kind === "ERROR" ? undefined : (event.object.value as unknown),
  );
  expect(tables).toMatchObject([
    {
      kind: "Table",
      columnDefinitions: [{ name: "Name" }, {}, {}],
      rows: [{ cells: ["a", 1, "0s"] }],
    },
    { kind: "Table", columnDefinitions: null, rows: [{ cells: ["a", 2, "0s"] }] },
  ]);
  await watch.stop();
});

test("watch: a resource version that is no number is refused", async () => {
  const server = await aServer();
  const answer = await server.call("GET", `${MAPS}?watch=1&resourceVersion=abc`);
  expect(answer.status).toBe(500);
});
