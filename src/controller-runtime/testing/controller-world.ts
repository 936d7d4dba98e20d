/** A controller at work on a fake cluster: the frame of most controller tests. */
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Controller } from "../controller/controller.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { Context } from "../../base/context.ts";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";

export type ControllerWorld = {
  readonly env: VirtualEnv;
  readonly cluster: FakeCluster;
  readonly metrics: Metrics;
  /** For the test's own calls. */
  readonly context: Context;
  /** Makes controllers and sets them to work. */
  start(...make: readonly ((deps: ControllerDeps) => ControllerSpec)[]): void;
  /** Stops them all and waits for their end. */
  stop(): Promise<void>;
};

/** An empty cluster in a virtual world. */
export function controllerWorld(options: { readonly seed?: number } = {}): ControllerWorld {
  const env = virtualEnv(options);
  const cluster = fakeCluster(env);
  const metrics = createMetrics();
  const abort = new AbortController();
  const running: Promise<void>[] = [];
  return {
    env,
    cluster,
    metrics,
    context: aContext(env),
    start: (...make) => {
      for (const one of make) {
        const controller = new Controller(one(cluster.deps), { env, metrics });
        running.push(controller.run(aContext(env, abort.signal)));
      }
    },
    stop: async () => {
      abort.abort();
      await Promise.all(running);
    },
  };
}
