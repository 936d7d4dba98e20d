import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const PODS = "/api/v1/namespaces/t/pods";
const MERGE = "application/merge-patch+json";

async function aServerWithPod(options: { readonly isBound: boolean }): Promise<TestServer> {
  const server = await aServer();
  const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i" }] } };
  await server.call("POST", PODS, { body: pod });
  if (options.isBound) {
    const body = { metadata: { name: "p" }, target: { kind: "Node", name: "n1" } };
    await server.call("POST", `${PODS}/p/binding`, { body });
  }
  return server;
}

test("delete: an object with finalizers stays until the last one is gone", async () => {
  const server = await aServer();
  const body = { metadata: { name: "d", finalizers: ["example.dev/x"] } };
  await server.call("POST", MAPS, { body });

  const begun = await server.call("DELETE", `${MAPS}/d`);
  expect(begun).toMatchObject({
    status: 200,
    value: {
      kind: "ConfigMap",
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 },
    },
  });
  const again = await server.call("DELETE", `${MAPS}/d`);
  expect(again.value.metadata.resourceVersion).toBe(begun.value.metadata.resourceVersion);
  const taken = await server.call("POST", MAPS, { body });
  expect(taken.value.message).toBe('object is being deleted: configmaps "d" already exists');

  const added = await server.call("PATCH", `${MAPS}/d`, {
    body: { metadata: { finalizers: ["example.dev/x", "example.dev/y"] } },
    contentType: MERGE,
  });
  expect(added.status).toBe(422);
  expect(added.value.message).toContain(
    "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being " +
      'deleted, found new finalizers []string{"example.dev/y"}',
  );
  const edited = await server.call("PATCH", `${MAPS}/d`, {
    body: { data: { still: "editable" } },
    contentType: MERGE,
  });
  expect(edited).toMatchObject({ status: 200, value: { data: { still: "editable" } } });

  const last = await server.call("PATCH", `${MAPS}/d`, {
    body: { metadata: { finalizers: null } },
    contentType: MERGE,
  });
  expect(last).toMatchObject({ status: 200, value: { data: { still: "editable" } } });
  expect(await server.call("GET", `${MAPS}/d`)).toMatchObject({ status: 404 });
});

for (const { policy, finalizers } of [
  { policy: "Orphan", finalizers: ["orphan"] },
  { policy: "Foreground", finalizers: ["foregroundDeletion"] },
]) {
  test(`delete: ${policy} leaves the rest to the garbage collector`, async () => {
    const server = await aServer();
    await server.call("POST", MAPS, { body: { metadata: { name: "d" } } });
    const answer = await server.call("DELETE", `${MAPS}/d?propagationPolicy=${policy}`);
    expect(answer).toMatchObject({ status: 200, value: { metadata: { finalizers } } });
    expect(await server.call("GET", `${MAPS}/d`)).toMatchObject({ status: 200 });
    // Background takes the wish back, and with it the last finalizer.
    await server.call("DELETE", `${MAPS}/d?propagationPolicy=Background`);
    expect(await server.call("GET", `${MAPS}/d`)).toMatchObject({ status: 404 });
  });
}

test("delete: a pod that never started goes at once and is returned", async () => {
  const server = await aServerWithPod({ isBound: false });
  const answer = await server.call("DELETE", `${PODS}/p`);
  expect(answer).toMatchObject({ status: 200, value: { kind: "Pod" } });
  expect(await server.call("GET", `${PODS}/p`)).toMatchObject({ status: 404 });
});

test("delete: a pod on a node gets its grace period, which can only be shortened", async () => {
  const server = await aServerWithPod({ isBound: true });
  const before = (await server.call("GET", `${PODS}/p`)).value.metadata.generation;
  const begun = await server.call("DELETE", `${PODS}/p`);
  expect(begun.value.metadata).toMatchObject({
    deletionTimestamp: "2026-01-01T00:00:30Z",
    deletionGracePeriodSeconds: 30,
    generation: before + 1,
  });
  const longer = await server.call("DELETE", `${PODS}/p?gracePeriodSeconds=60`);
  expect(longer.value.metadata.deletionGracePeriodSeconds).toBe(30);
  const shorter = await server.call("DELETE", `${PODS}/p?gracePeriodSeconds=10`);
  expect(shorter.value.metadata).toMatchObject({
    deletionTimestamp: "2026-01-01T00:00:10Z",
    deletionGracePeriodSeconds: 10,
    generation: before + 1,
  });
  const now = await server.call("DELETE", `${PODS}/p?gracePeriodSeconds=0`);
  expect(now).toMatchObject({ status: 200, value: { kind: "Pod" } });
  expect(await server.call("GET", `${PODS}/p`)).toMatchObject({ status: 404 });
});

test("delete: a dry run deletes nothing", async () => {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "d" } } });
  expect(await server.call("DELETE", `${MAPS}/d?dryRun=All`)).toMatchObject({ status: 200 });
  expect(await server.call("GET", `${MAPS}/d`)).toMatchObject({ status: 200 });
});

test("delete: a collection loses what the selector picks", async () => {
  const server = await aServer();
  for (const [name, n] of [
    ["a", "1"],
    ["b", "2"],
    ["c", "2"],
  ]) {
    await server.call("POST", MAPS, { body: { metadata: { name, labels: { n } } } });
  }
  const answer = await server.call("DELETE", `${MAPS}?labelSelector=n%3D2`);
  expect(answer).toMatchObject({
    status: 200,
    value: { kind: "ConfigMapList", items: [{ metadata: { name: "b" } }, {}] },
  });
  const left = await server.call("GET", MAPS);
  expect(left.value.items).toHaveLength(1);
});

test("delete: a namespace waits for its own finalizers and takes no new objects", async () => {
  const server = await aServer();
  const gone = await server.call("DELETE", "/api/v1/namespaces/t");
  expect(gone).toMatchObject({ status: 200, value: { status: { phase: "Terminating" } } });
  const late = await server.call("POST", MAPS, { body: { metadata: { name: "late" } } });
  expect(late).toMatchObject({
    status: 403,
    value: {
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace t ' +
        "because it is being terminated",
      details: { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
    },
  });
  const finalized = await server.call("PUT", "/api/v1/namespaces/t/finalize", {
    body: { ...gone.value, spec: { finalizers: [] } },
  });
  expect(finalized.status).toBe(200);
  expect(await server.call("GET", "/api/v1/namespaces/t")).toMatchObject({ status: 404 });
});
