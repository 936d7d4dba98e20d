import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { createInformers } from "../../informer/informers.ts";
import { keyOf } from "../../machinery/key.ts";
import { controllerReference, isControlledBy } from "../../machinery/owners.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { createManager } from "./manager.ts";
import { DONE } from "../controller/outcome.ts";
import { ownedSource, ownSource } from "../sources/sources.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";

/** Keeps as many children as `spec.children` says: wrong at once if it read a stale view. */
function nurseryController({ client, informers }: ControllerDeps): ControllerSpec {
  const widgets = informers.for(Widget);
  return {
    name: "nursery",
    sources: [ownSource(widgets), ownedSource(widgets, Widget)],
    reconcile: async (key, context) => {
      const parent = widgets.lister.get(key);
      const wanted = Number(parent?.spec?.["children"] ?? 0);
      if (parent === undefined || wanted === 0) return DONE;
      const children = widgets.lister.list().filter((one) => isControlledBy(one, parent));
      for (let count = children.length; count < wanted; count += 1) {
        const ownerReferences = [controllerReference(parent, Widget)];
        const metadata = { namespace: key.namespace, generateName: "child-", ownerReferences };
        await client.create(Widget, { metadata }, context);
      }
      for (const child of children.slice(wanted)) {
        await client.delete(Widget, keyOf(child), context);
      }
      const status = { children: wanted };
      await client.updateStatus(Widget, { ...parent, status }, context);
      return DONE;
    },
  };
}

test("a manager over real informers converges, exactly, and stops", async () => {
  const env = virtualEnv();
  const cluster = fakeCluster(env);
  const manager = createManager({
    client: cluster.client,
    informers: createInformers({ client: cluster.client, env }),
    recorder: cluster.deps.recorder,
    env,
    controllers: [nurseryController],
  });
  const stop = new AbortController();
  const parent = cluster.seed(Widget, aWidget("parent", { spec: { children: 5 } }));
  const children = (): number =>
    cluster.list(Widget).filter((one) => isControlledBy(one, parent)).length;
  const running = manager.run(aContext(env, stop.signal));
  await env.advance(10_000);
  expect(manager.readyz()).toMatchObject({ isOk: true });
  expect(children()).toBe(5);
  const current = cluster.find(Widget, keyOf(parent));
  cluster.seed(Widget, { ...parent, ...current, spec: { children: 2 } });
  await env.advance(10_000);
  expect(children()).toBe(2);
  const [survivor] = cluster.list(Widget).filter((one) => isControlledBy(one, parent));
  if (survivor !== undefined) cluster.vanish(Widget, keyOf(survivor));
  await env.advance(10_000);
  expect(children()).toBe(2);
  const count = (verb: string): number =>
    cluster.requests.filter((request) => request.verb === verb).length;
  expect([count("create"), count("delete"), count("update/status")]).toEqual([6, 3, 2]);
  stop.abort();
  await running;
  expect(env.pendingTimers).toBe(0);
});
