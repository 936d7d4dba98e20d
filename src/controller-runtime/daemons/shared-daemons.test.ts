import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { Controller } from "../controller/controller.ts";
import { DONE } from "../controller/outcome.ts";
import type { KeyGate } from "../sharding/key-gate.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { Widget } from "../testing/widget.ts";
import { daemon } from "./daemon.ts";
import { DaemonSource } from "./daemon-source.ts";

const gate: KeyGate = {
  owns: () => true,
  enter: () => undefined,
  onGain: () => () => undefined,
};

test("a controller with daemons is refused where processes share its keys", () => {
  const env = virtualEnv();
  const { deps } = fakeCluster(env);
  const idle = daemon<Widget>("idle", () => Promise.resolve());
  const source = new DaemonSource("widgets", idle, deps.informers.for(Widget), deps);
  const spec = { name: "widgets", sources: [source], reconcile: () => Promise.resolve(DONE) };
  const parts = { env, metrics: createMetrics() };
  expect(new Controller(spec, parts).name).toBe("widgets");
  expect(() => new Controller(spec, { ...parts, gate })).toThrow("leave out `shards`");
});
