import { expect, test } from "vitest";
import { causeId } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { createMetrics } from "../../base/metrics.ts";
import { READS_MAX, ReconcileLog } from "../../trace/reconcile-record.ts";
import { Controller } from "../controller/controller.ts";
import type { ControllerSpec } from "../controller/controller-spec.ts";
import { DONE, requeueAfter, type Reconciler } from "../controller/outcome.ts";
import { ownSource } from "../sources/sources.ts";
import { controllerWorld, type ControllerWorld } from "../testing/controller-world.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { recordedClient } from "./recorded-client.ts";
import { recordedInformers } from "./recorded-informers.ts";
import { TurnRecorder } from "./turn-recorder.ts";

type Tools = Pick<ControllerWorld["cluster"]["deps"], "client" | "informers">;

/** Runs a controller of widgets that is recorded, until nothing is left to do. */
async function recorded(
  world: ControllerWorld,
  reconciler: (tools: Tools) => Reconciler,
  options: Partial<ControllerSpec> = {},
): Promise<ReconcileLog> {
  const { env, cluster } = world;
  const log = new ReconcileLog();
  const recorder = new TurnRecorder(log, env);
  const { client, informers: plain } = cluster.deps;
  const informers = recordedInformers(plain, recorder);
  const tools = { client: recordedClient(client, plain, recorder), informers };
  const sources = [ownSource(informers.for(Widget))];
  const spec = { name: "widget", reconcile: reconciler(tools), sources, ...options };
  const controller = new Controller(spec, { env, metrics: createMetrics(), recorder });
  const abort = new AbortController();
  const running = controller.run(aContext(env, abort.signal));
  await env.advance(1_000);
  abort.abort();
  await running;
  return log;
}

test("what a reconcile reads, writes and asks for is written down under its id", async () => {
  const world = controllerWorld();
  world.cluster.seed(Widget, aWidget("a"));
  world.cluster.seed(Widget, aWidget("b"));
  const ids = new Map<string, string>();
  const log = await recorded(
    world,
    ({ client, informers }) =>
      async (key, context) => {
        ids.set(key.name, context.cause.id);
        const widget = informers.for(Widget).lister.get(key);
        await world.env.timers.sleep(10, context.signal); // the other one runs meanwhile
        informers.for(Widget).lister.get({ ...key, name: "none" });
        informers.for(Widget).lister.list({ namespace: "default" });
        if (key.name === "a" && widget?.metadata.labels === undefined) {
          const patch = { metadata: { labels: { seen: "yes" } } };
          await client.patch(Widget, key, { kind: "merge", patch }, context);
          return requeueAfter(60_000);
        }
        return DONE;
      },
    { concurrency: 2 },
  );
  const first = log.find(ids.get("b") ?? "");
  const object = { apiVersion: "test.example/v1", kind: "Widget", namespace: "default" };
  expect(first).toMatchObject({
    controller: "widget",
    key: "default/b",
    causes: ["initial"],
    result: "success",
    durationMs: 10,
    writes: [],
    reads: [
      { kind: "object", object: { ...object, name: "b" } },
      { kind: "object", object: { ...object, name: "none" }, revision: 0 },
      { kind: "list", of: "Widget", selector: "namespace default", count: 2 },
    ],
  });
  const [figures] = log.figures();
  const written = figures?.recent.find(({ writes }) => writes.length > 0);
  expect(written).toMatchObject({ key: "default/a", againInMs: 60_000, result: "requeue_after" });
  expect(written?.writes).toMatchObject([{ verb: "patch", isWithoutEffect: false }]);
});

test("a failure is written down with its reason and the time of the next try", async () => {
  const world = controllerWorld();
  world.cluster.seed(Widget, aWidget("a"));
  let tries = 0;
  const log = await recorded(world, () => async () => {
    tries += 1;
    if (tries === 1) throw new Error("not now");
    return DONE;
  });
  const [figures] = log.figures();
  expect(figures).toMatchObject({ reconciles: 2, failed: 1, withoutEffect: 1 });
  expect(figures?.recent[0]).toMatchObject({ result: "error", error: "not now", againInMs: 5 });
});

test("reads after the end are nobody's, and no more than so many are kept", async () => {
  const world = controllerWorld();
  world.cluster.seed(Widget, aWidget("a"));
  const late = Promise.withResolvers<void>();
  const log = await recorded(world, ({ informers }) => async (key) => {
    const { lister } = informers.for(Widget);
    for (let at = 0; at < READS_MAX + 3; at += 1) lister.get({ ...key, name: `w-${at}` });
    void late.promise.then(() => lister.get(key));
    return DONE;
  });
  late.resolve();
  await world.env.settle();
  const [record] = log.figures()[0]?.recent ?? [];
  expect(record?.reads).toHaveLength(READS_MAX);
  expect(record?.readsDropped).toBe(3);
});

test("a reconcile that still runs is found with what it has done so far", async () => {
  const env = virtualEnv();
  const log = new ReconcileLog();
  const recorder = new TurnRecorder(log, env);
  const end = Promise.withResolvers<{ readonly result: string }>();
  const id = causeId("r-1");
  const turn = {
    key: "default/a",
    triggers: [{ kind: "resync" }],
    priority: 0,
    sinceMs: 0,
  } as const;
  const done = recorder.during({ controller: "widget", turn, id }, () => {
    recorder.here()?.readObject(Widget, { namespace: "default", name: "a" }, 0);
    return end.promise;
  });
  await env.advance(50);
  const running = log.find(id);
  expect(running).toMatchObject({ result: "still runs", causes: ["resync"], durationMs: 50 });
  expect(running?.reads).toHaveLength(1);
  end.resolve({ result: "success" });
  await done;
  expect(log.find(id)).toMatchObject({ result: "success" });
});
