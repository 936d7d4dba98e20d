import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { TransportError } from "../../client/transport.ts";
import { createInformers } from "../../informer/informers.ts";
import { plainRefusal } from "../../machinery/status.ts";
import { DONE } from "../controller/outcome.ts";
import type { ControllerSpec } from "../controller/controller-spec.ts";
import { ownSource } from "../sources/sources.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import type { Health } from "./health.ts";
import { createManager } from "./manager.ts";

const DENIED = 'widgets is forbidden: User "me" cannot list resource "widgets"';

/** A manager of one controller, whose reads fail for as long as the test says. */
function aWorld() {
  const env = virtualEnv();
  const cluster = fakeCluster(env);
  const manager = createManager({
    client: cluster.client,
    informers: createInformers({ client: cluster.client, env }),
    recorder: cluster.deps.recorder,
    env,
    syncMsMax: 60_000,
    controllers: [
      ({ informers }): ControllerSpec => ({
        name: "one",
        sources: [ownSource(informers.for(Widget))],
        reconcile: () => Promise.resolve(DONE),
      }),
    ],
  });
  const viewOf = (health: Health) => health.checks.find(({ name }) => name.startsWith("view of"));
  const fail = (error?: Error): void => {
    if (error === undefined) cluster.intercept();
    else cluster.intercept(() => Promise.reject(error));
  };
  return { env, cluster, manager, fail, view: () => viewOf(manager.readyz()) };
}

for (const { name, error, says } of [
  {
    name: "may not be read",
    error: plainRefusal(403, "Forbidden", DENIED),
    says: /may not list and watch widgets.*"me"/,
  },
  {
    name: "is not served",
    error: plainRefusal(404, "NotFound", "no such page"),
    says: /does not serve widgets/,
  },
  {
    name: "cannot be asked for",
    error: new TransportError("connection refused", { isRefused: true }),
    says: /not reached: connection refused/,
  },
]) {
  test(`a manager is not ready while a kind ${name}, and says which and why`, async () => {
    const { env, manager, fail, view } = aWorld();
    const stop = new AbortController();
    fail(error);
    const run = manager.run(aContext(env, stop.signal));
    await env.advance(5_000);
    expect(manager.readyz().isOk).toBe(false);
    expect(view()?.isOk).toBe(false);
    expect(view()?.name).toMatch(/^view of widgets/);
    expect(view()?.state).toMatch(says);
    fail();
    await env.advance(30_000);
    expect(manager.readyz().isOk).toBe(true);
    expect(view()).toMatchObject({ isOk: true, state: "synced" });
    stop.abort();
    await run;
  });
}

test("a manager whose views do not sync in time ends with their names and reasons", async () => {
  const { env, manager, fail } = aWorld();
  fail(plainRefusal(403, "Forbidden", DENIED));
  const run = manager.run(aContext(env));
  const outcome = expect(run).rejects.toThrow(/not synced within 60000 ms:\n.*widgets.*: this/);
  await env.advance(61_000);
  await outcome;
  expect(env.pendingTimers).toBe(0);
});

test("a view that grows old while the server is away says so, and stays ok", async () => {
  const { env, cluster, manager, fail, view } = aWorld();
  const stop = new AbortController();
  cluster.seed(Widget, aWidget("a"));
  const run = manager.run(aContext(env, stop.signal));
  await env.advance(5_000);
  expect(view()?.state).toBe("synced");
  fail(new TransportError("connection refused", { isRefused: true }));
  await env.advance(1_200_000); // the watch is over by then
  expect(manager.readyz().isOk).toBe(true);
  expect(view()?.state).toMatch(/^synced, but heard nothing for [0-9]+ s: the server is not/);
  stop.abort();
  await run;
});
