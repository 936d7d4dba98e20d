/**
 * How many complete executions of Deployment -> ReplicaSet -> Pods the simulator does a second on
 * one core: each from an empty cluster, through the real API pipeline, to rest; without faults and
 * with random ones. CPU time is counted, so that other programs do not.
 */
import { Deployment } from "../src/client/builtin.ts";
import { deploymentController } from "../src/controllers/deployment/controller.ts";
import { replicaSetController } from "../src/controllers/replicaset/controller.ts";
import { CALM, type ChoiceSource } from "../src/sim/choices/choices.ts";
import { randomSource } from "../src/sim/choices/random-source.ts";
import { create } from "../src/sim/scenario/operation.ts";
import { systemOf } from "../src/sim/simulate.ts";
import { runOnce, type System } from "../src/sim/world/run.ts";

const RUNS = process.argv.includes("--smoke") ? 20 : 1_000;
const WARM_UP_RUNS = process.argv.includes("--smoke") ? 5 : 200;

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web" }] } };
const spec = { replicas: 3, selector: { matchLabels: labels }, template };
const options = {
  controllers: [deploymentController, replicaSetController],
  scenario: [create(Deployment, { metadata: { name: "web" }, spec })],
};
const withNodes = await systemOf(options);
const withoutNodes = await systemOf({ ...options, hasNodes: false });

await measure(withoutNodes, () => CALM, WARM_UP_RUNS);
await report("no faults, pods stay pending", withoutNodes, () => CALM);
await report("no faults, pods become ready", withNodes, () => CALM);
await report("random faults, pods become ready", withNodes, randomSource);

async function report(
  name: string,
  system: System,
  source: (seed: number) => ChoiceSource,
): Promise<void> {
  const { seconds, events, writes } = await measure(system, source, RUNS);
  const rate = (RUNS / seconds).toFixed(0);
  const each = `${(events / RUNS).toFixed(0)} events and ${(writes / RUNS).toFixed(0)} writes each`;
  console.log(`${name}: ${rate} executions a CPU second, ${each}`);
}

async function measure(
  system: System,
  source: (seed: number) => ChoiceSource,
  runs: number,
): Promise<{ readonly seconds: number; readonly events: number; readonly writes: number }> {
  const before = process.cpuUsage();
  let events = 0;
  let writes = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const result = await runOnce(system, { seed, source: source(seed) });
    events += result.eventCount;
    writes += result.state.revision;
  }
  const { user, system: kernel } = process.cpuUsage(before);
  return { seconds: (user + kernel) / 1e6, events, writes };
}
