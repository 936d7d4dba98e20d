import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";

const CORE = "/api/v1/namespaces/t/events";
const NEW = "/apis/events.k8s.io/v1/namespaces/t/events";

const EVENT = {
  metadata: { name: "a" },
  involvedObject: { kind: "Pod", name: "p", namespace: "t" },
  reason: "Started",
  message: "It began.",
  type: "Normal",
};

test("kinds kept as another: one object, seen and written through both", async () => {
  const server = await aServer();
  const watch = await server.watch(`${NEW}?watch=1`);
  await server.call("POST", CORE, { body: EVENT });
  const seen = await server.call("GET", `${NEW}/a`);
  expect(seen.value).toMatchObject({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    note: "It began.",
    regarding: { kind: "Pod", name: "p" },
  });
  const list = await server.call("GET", `${NEW}?fieldSelector=regarding.name%3Dp`);
  expect(list.value.items).toMatchObject([{ note: "It began." }]);
  expect(list.value.items[0].kind).toBeUndefined();

  const change = { metadata: { labels: { a: "b" } } };
  const contentType = "application/merge-patch+json";
  await server.call("PATCH", `${NEW}/a`, { body: change, contentType });
  const back = await server.call("GET", `${CORE}/a`);
  expect(back.value).toMatchObject({
    apiVersion: "v1",
    metadata: { labels: { a: "b" } },
    message: "It began.",
  });
  await server.call("DELETE", `${CORE}/a`);
  await server.env.settle();
  expect(watch.seen).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  expect(
    watch.events.map((event) => event.kind !== "ERROR" && event.object.value.apiVersion),
  ).toEqual(["events.k8s.io/v1", "events.k8s.io/v1", "events.k8s.io/v1"]);
  await watch.stop();
});
