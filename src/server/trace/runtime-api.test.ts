import { expect, test } from "vitest";
import { causeId, withCause } from "../../base/context.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { ReconcileLog, type ViewFigure } from "../../trace/reconcile-record.ts";
import { aReconcile } from "../../trace/testing/recorded-reconciles.ts";
import { anAsker } from "../testing/an-asker.ts";
import { aServer, type Answer, type TestServer } from "../testing/test-server.ts";

const PATH = "/apis/trace.setpoint.dev/v1alpha1/explanations";
const MAPS = "/api/v1/namespaces/default/configmaps";

function ask(server: TestServer, spec: object, user?: UserInfo): Promise<Answer> {
  return server.call("POST", PATH, { body: { spec }, ...(user === undefined ? {} : { user }) });
}

test("lag counts the changes of its kind that a view has not seen, and since when", async () => {
  const views: ViewFigure[] = [];
  const insight = { reconciles: new ReconcileLog(), views: () => views };
  const server = await aServer({ insight });
  const make = async (path: string, name: string): Promise<number> => {
    const { value } = await server.call("POST", path, { body: { metadata: { name } } });
    return Number(value.metadata.resourceVersion);
  };
  const seen = await make(MAPS, "a");
  await make(MAPS, "b");
  await server.env.advance(5_000);
  await make("/api/v1/namespaces/default/secrets", "s");
  await make(MAPS, "c");
  const view = { apiVersion: "v1", hasSynced: true, revision: seen };
  views.push({ ...view, kind: "ConfigMap" }, { ...view, kind: "Pod" });
  const { value } = await ask(server, { question: "Lag" });
  expect(value.status.lag).toEqual([
    { ...views[0], count: 2, behindMs: 5_000 },
    { ...views[1], count: 0 },
  ]);
});

test("why tells of the reconcile that made a change, and hot of all of them", async () => {
  const reconciles = new ReconcileLog();
  const server = await aServer({ insight: { reconciles, views: () => [] } });
  const { value: read } = await server.call("POST", MAPS, { body: { metadata: { name: "read" } } });
  const revision = Number(read.metadata.resourceVersion);
  const cause = { ...server.context.cause, actor: "maker", id: causeId("r-1") };
  const context = withCause(server.context, cause);
  const contentType = "application/merge-patch+json";
  await server.call("PATCH", `${MAPS}/read`, { body: { data: { a: "1" } }, contentType });
  await server.call("POST", MAPS, { body: { metadata: { name: "made" } }, context });
  const object = { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "read" };
  const causes = [`ConfigMap default/read @${revision}`, "timer"];
  const ofPart = [`PartialObjectMetadata default/read @${revision}`, "timer"]; // says no kind
  reconciles.add(aReconcile({ causes: ofPart, reads: [{ kind: "object", object, revision }] }));
  const why = await ask(server, { question: "Why", object: { ...object, name: "made" } });
  expect(why.value.status.reconcile).toMatchObject({
    controller: "web",
    causes,
    reads: [{ object: { name: "read" }, revision, behind: 1 }],
  });
  const hot = await ask(server, { question: "Hot" });
  expect(hot.value.status.hot).toMatchObject([{ controller: "web", withoutEffect: 1 }]);
});

test("a server without controllers says so", async () => {
  const { value } = await ask(await aServer(), { question: "Hot" });
  expect(value.status.problem).toMatch(/^this server knows nothing of controllers/);
});

test("of reconciles, who may not read their objects learns how many, and no names", async () => {
  const reconciles = new ReconcileLog();
  const server = await aServer({ insight: { reconciles, views: () => [] } });
  const bob = await anAsker(server, { apiGroups: [""], resources: ["pods"], verbs: ["get"] });
  const cause = { ...server.context.cause, actor: "maker", id: causeId("r-1") };
  const context = withCause(server.context, cause);
  const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i" }] } };
  await server.call("POST", "/api/v1/namespaces/default/pods", { body: pod, context });
  const name = { apiVersion: "v1", namespace: "default" };
  const secret = { ...name, kind: "Secret", name: "topsecret" };
  const read = { ...name, kind: "Pod", name: "p" };
  const list = { kind: "list", apiVersion: "v1", count: 1, revision: 1 } as const;
  reconciles.add(
    aReconcile({
      key: "default/topsecret",
      causes: ["Secret default/topsecret @1", "Secret default/topsecret @1"],
      reads: [
        { kind: "object", object: secret, revision: 1 },
        { kind: "object", object: read, revision: 1 },
        { ...list, of: "Pod", selector: "owner-uid 116f" },
        { ...list, of: "Pod", selector: "namespace default" },
        { ...list, of: "Secret", selector: "namespace default" },
      ],
      error: "topsecret is bad",
    }),
  );
  const key = "default/p";
  reconciles.add(
    aReconcile({ id: "r-2", key, reads: [{ kind: "object", object: read, revision: 1 }] }),
  );
  reconciles.add(aReconcile({ id: "r-3", key: "default/secrets.:topsecret" }));
  const why = await ask(server, { question: "Why", object: read }, bob);
  expect(why.value.status.reconcile).toMatchObject({
    key: "",
    reads: [{ object: { name: "p" } }, { of: "Pod", selector: "namespace default" }],
    readsDropped: 3,
  });
  const hot = await ask(server, { question: "Hot" }, bob);
  expect(hot.value.status.hot).toMatchObject([
    {
      reconciles: 3,
      keys: [
        { what: "", count: 1 },
        { what: key, count: 1 },
      ],
    },
  ]);
  expect(JSON.stringify([why.value, hot.value])).not.toMatch(/topsecret|116f/);
  const all = await ask(server, { question: "Hot" });
  expect(JSON.stringify(all.value)).toContain("secrets.:topsecret");
});
