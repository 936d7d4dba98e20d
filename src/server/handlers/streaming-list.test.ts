/** How watches begin: with what is there, with a bookmark after it, or with what comes next. */
import { expect, test } from "vitest";
import { EncodedObject } from "../../machinery/encoded.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { INITIAL_EVENTS_END_ANNOTATION } from "../../machinery/watch-event.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const STREAMING = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";

async function make(server: TestServer, name: string): Promise<string> {
  const made = await server.call("POST", MAPS, { body: { metadata: { name } } });
  return made.value.metadata.resourceVersion;
}

/** What a watch has seen of `a`, which was there, and of `b`, which came after it began. */
async function seenBy(query: string): Promise<readonly string[]> {
  const server = await aServer();
  await make(server, "a");
  const watch = await server.watch(`${MAPS}?${query}`);
  await server.env.settle();
  await make(server, "b");
  await server.env.settle();
  await watch.stop();
  return watch.seen;
}

for (const [query, want] of [
  ["watch=1", ["ADDED a", "ADDED b"]],
  ["watch=1&resourceVersion=0", ["ADDED a", "ADDED b"]],
  ["watch=1&resourceVersion=0&allowWatchBookmarks=1", ["ADDED a", "BOOKMARK end", "ADDED b"]],
  [`watch=1&${STREAMING}`, ["ADDED a", "ADDED b"]],
  [`watch=1&allowWatchBookmarks=1&${STREAMING}`, ["ADDED a", "BOOKMARK end", "ADDED b"]],
  [
    `watch=1&allowWatchBookmarks=1&${STREAMING}&resourceVersion=1`,
    ["ADDED a", "BOOKMARK end", "ADDED b"],
  ],
  [
    "watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1",
    ["ADDED b"],
  ],
  ["watch=1&sendInitialEvents=0&resourceVersionMatch=NotOlderThan&resourceVersion=0", ["ADDED b"]],
  [
    "watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=1",
    ["ADDED a", "ADDED b"],
  ],
] as const) {
  test(`watch: ${query} sees ${want.join(", ")}`, async () => {
    expect(await seenBy(query)).toEqual(want);
  });
}

test("watch: by path it begins with what is there, and no bookmark ends that", async () => {
  const server = await aServer();
  await make(server, "a");
  const path = "/api/v1/watch/namespaces/t/configmaps";
  for (const target of [path, `${path}/a`]) {
    const watch = await server.watch(`${target}?allowWatchBookmarks=1`);
    await server.env.settle();
    expect(watch.seen).toEqual(["ADDED a"]);
    await watch.stop();
  }
  const refused = await server.call("GET", `${path}?${STREAMING}&resourceVersion=1`);
  expect(refused).toMatchObject({ status: 422 });
  expect(refused.value.message).toContain("sendInitialEvents is forbidden for list");
});

test("watch: a name in the path and another one in the selector are refused", async () => {
  const server = await aServer();
  const path = "/api/v1/watch/namespaces/t/configmaps/a";
  for (const selector of ["metadata.name%3Db", "metadata.namespace%3Dt"]) {
    expect(await server.call("GET", `${path}?fieldSelector=${selector}`)).toMatchObject({
      status: 400,
      value: { message: "fieldSelector metadata.name doesn't match requested name" },
    });
  }
  await make(server, "a");
  await make(server, "b");
  const watch = await server.watch(`${path}?fieldSelector=metadata.name%3Da`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED a"]);
  await watch.stop();
});

test("watch: all that is wrong with its parameters is told at once", async () => {
  const server = await aServer();
  const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=Exact&continue=x";
  const { status, value } = await server.call("GET", `${MAPS}?${query}`);
  expect(status).toBe(422);
  expect(value.message).toBe(
    'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents ' +
      "requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported " +
      'value: "Exact": supported values: "NotOlderThan", resourceVersionMatch: Forbidden: ' +
      "resourceVersionMatch is forbidden when continue is provided]",
  );
  const plain = await server.call("GET", `${MAPS}?watch=1&resourceVersionMatch=NotOlderThan`);
  expect(plain.value.message).toBe(
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ' +
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
  );
});

test("watch: a streaming list of what lies too far ahead is an ERROR event", async () => {
  const server = await aServer();
  const watch = await server.watch(`${MAPS}?watch=1&${STREAMING}&resourceVersion=999999`);
  await server.env.advance(4_000);
  expect({ seen: watch.seen, isEnded: watch.isEnded() }).toEqual({
    seen: ["ERROR 504"],
    isEnded: true,
  });
  const [event] = watch.events;
  expect(event?.kind === "ERROR" && event.status.details?.causes).toEqual([
    { reason: "ResourceVersionTooLarge", message: "Too large resource version" },
  ]);
});

test("watch: events in other views are other kinds, bookmarks included", async () => {
  const server = await aServer();
  await make(server, "a");
  const query = `watch=1&allowWatchBookmarks=1&${STREAMING}`;
  const annotations = { [INITIAL_EVENTS_END_ANNOTATION]: "true" };
  for (const [as, bookmark] of [
    ["PartialObjectMetadata", { metadata: { annotations } }],
    ["Table", { rows: [{ cells: ["", 0, "<unknown>"], object: { metadata: { annotations } } }] }],
  ] as const) {
    const accept = `application/json;as=${as};v=v1;g=meta.k8s.io`;
    const watch = await server.watch(`${MAPS}?${query}`, { headers: { accept } });
    await server.env.settle();
    const objects = watch.events.map((each) => (each.kind === "ERROR" ? {} : each.object.value));
    const type = { kind: as, apiVersion: "meta.k8s.io/v1" };
    expect(objects).toMatchObject([type, { ...type, ...bookmark }]);
    await watch.stop();
  }
});

test("watch: of an event all watchers of one view share the object", async () => {
  const server = await aServer();
  const accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  const watches = [
    await server.watch(`${MAPS}?watch=1`, { headers: { accept } }),
    await server.watch(`${MAPS}?watch=1`, { headers: { accept } }),
    await server.watch(`${MAPS}?watch=1`),
  ];
  await server.env.settle();
  await make(server, "a");
  await server.env.settle();
  const [first, second, whole] = watches.map((watch) => watch.events[0]);
  expect(first?.kind === "ADDED" && first.object).toBeInstanceOf(EncodedObject);
  expect(first).toBe(second);
  expect(first).not.toBe(whole);
  for (const watch of watches) await watch.stop();
});

test("watch: YAML cannot be streamed", async () => {
  const server = await aServer();
  const headers = { accept: "application/yaml" };
  const refused = await server.call("GET", `${MAPS}?watch=1`, { headers });
  expect(refused).toMatchObject({ status: 406, headers: { "content-type": "application/yaml" } });
  expect(refused.value).toContain(
    "only the following media types are accepted: application/json;stream=watch, " +
      "application/vnd.kubernetes.protobuf;stream=watch",
  );
});

test("watch: negative time is up at once", async () => {
  const server = await aServer();
  const watch = await server.watch(`${MAPS}?watch=1&timeoutSeconds=-5`);
  await server.env.advance(1);
  expect(watch.isEnded()).toBe(true);
});
