/** See the question below. Each informer is alone in a new process, each time. */
import { Pod } from "../src/client/builtin.ts";
import { percentile } from "./machine.ts";
import { startChild } from "./parts/child.ts";
import { atRate, machineMs } from "./parts/clock.ts";
import { onComparedServers, type ComparedServer } from "./parts/compared-servers.ts";
import {
  SENT_ANNOTATION,
  type Observed,
  type Side,
  type Synced,
} from "./parts/informer-process.ts";
import { forEachInFlight } from "./parts/load.ts";
import { aRunningPod, SIBLINGS } from "./parts/objects.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";

const OBJECTS = IS_SMOKE ? 200 : 5_000;
const ROUNDS = IS_SMOKE ? 1 : 3;
const WRITES = IS_SMOKE ? 40 : 1_000;
const WRITES_PER_SECOND = 200;
const BURST = IS_SMOKE ? 100 : 3_000;
const WRITES_IN_FLIGHT = 32;

const SIDES: readonly { readonly side: Side; readonly name: string }[] = [
  { side: "setpoint", name: "setpoint" },
  { side: "kept", name: "setpoint, managedFields kept" },
  { side: "client-node", name: "client-node" },
];

type Round = Synced & { readonly steady: Observed; readonly burst: Observed };

function podOf({ namespace }: ComparedServer, index: number): Pod {
  const pod = aRunningPod(index);
  return { ...pod, metadata: { ...pod.metadata, namespace } };
}

/** Creates the pods, with what a kubelet would say of them; answers the bytes of one. */
async function createPods(server: ComparedServer): Promise<number> {
  const { client, context } = server;
  let bytes = 0;
  await forEachInFlight(OBJECTS, WRITES_IN_FLIGHT, async (index) => {
    const pod = podOf(server, index);
    const { metadata, ...created } = await client.create(Pod, pod, context);
    const { status } = pod;
    const running = await client.updateStatus(Pod, { ...created, metadata, status }, context);
    bytes = JSON.stringify(running).length;
  });
  return bytes;
}

let writes = 0;

async function write(server: ComparedServer): Promise<void> {
  writes += 1;
  const { namespace = "", name = "" } = podOf(server, (writes * 7) % OBJECTS).metadata;
  const annotations = { [SENT_ANNOTATION]: String(machineMs()) };
  const patch = { kind: "merge", patch: { metadata: { annotations } } } as const;
  await server.client.patch(Pod, { namespace, name }, patch, server.context);
}

async function measure(server: ComparedServer, side: Side): Promise<Round> {
  const { kubeconfig, namespace } = server;
  const words = [side, kubeconfig, namespace, String(OBJECTS)];
  await using child = startChild("informer-process.ts", words);
  const synced = (await child.answer()) as Synced;
  const observing = async (work: () => Promise<unknown>, events: number): Promise<Observed> => {
    await child.ask("begin");
    await work();
    await new Promise((resolve) => setTimeout(resolve, 200)); // the last ones are on their way
    const observed = (await child.ask("report")) as Observed;
    const seen = observed.latenciesMs.length;
    if (seen !== events) throw new Error(`${side} was told of ${seen} of ${events} writes`);
    return observed;
  };
  const warmUp = IS_SMOKE ? 5 : 500;
  const writeOnce = (): Promise<void> => write(server);
  await observing(() => atRate(warmUp, WRITES_PER_SECOND, writeOnce), warmUp);
  const steady = await observing(() => atRate(WRITES, WRITES_PER_SECOND, writeOnce), WRITES);
  const burst = await observing(() => forEachInFlight(BURST, WRITES_IN_FLIGHT, writeOnce), BURST);
  return { ...synced, steady, burst };
}

type Result = { readonly name: string; readonly rounds: readonly Round[] };

function table(
  title: string,
  results: readonly Result[],
  columns: Readonly<Record<string, readonly [of: (round: Round) => number, digits: number]>>,
): void {
  printTable(title, [
    ["", ...Object.keys(columns)],
    ...results.map(({ name, rounds }) => [
      name,
      ...Object.values(columns).map(([of, digits]) => spread(rounds.map(of), digits)),
    ]),
  ]);
}

function report({ name }: ComparedServer, results: readonly Result[]): void {
  table(`${name}: initial sync of ${figure(OBJECTS)} pods`, results, {
    ms: [(round) => round.syncMs, 0],
    "CPU ms": [(round) => round.syncCpuMs, 0],
    "peak MiB more": [(round) => mebi(round.after.peakBytes - round.before.residentBytes), 0],
  });
  const perObject = (round: Round, of: "heapBytes" | "residentBytes"): number =>
    (round.after[of] - round.before[of]) / OBJECTS;
  table(`${name}: memory per object, bytes`, results, {
    heap: [(round) => perObject(round, "heapBytes"), 0],
    resident: [(round) => perObject(round, "residentBytes"), 0],
  });
  table(`${name}: from a write to the handler, ms, ${WRITES_PER_SECOND} writes a second`, results, {
    p50: [(round) => percentile(round.steady.latenciesMs, 0.5), 2],
    p99: [(round) => percentile(round.steady.latenciesMs, 0.99), 2],
    "CPU ms per 1,000 events": [(round) => round.steady.cpuMs / (WRITES / 1_000), 0],
  });
  table(`${name}: ${figure(BURST)} writes at once, ${WRITES_IN_FLIGHT} in flight`, results, {
    "p50 ms": [(round) => percentile(round.burst.latenciesMs, 0.5), 2],
    "p99 ms": [(round) => percentile(round.burst.latenciesMs, 0.99), 2],
    "CPU ms per 1,000 events": [(round) => round.burst.cpuMs / (BURST / 1_000), 0],
  });
}

function mebi(bytes: number): number {
  return bytes / 2 ** 20;
}

printQuestion(
  "What does an informer cost, and how soon are its handlers told, beside the official client's?",
  [
    `${figure(OBJECTS)} pods that run, ${SIBLINGS} of each ReplicaSet, followed by one informer: this`,
    "package's, as it is and with managedFields (which it drops unless asked), and makeInformer() of",
    "@kubernetes/client-node over its typed list, started again on errors, as its examples do.",
    "Sync: until a handler was told of every object. Latency: from before the write, by a client of",
    "the bench's own, in another process. Heap and buffers after garbage collection, without what",
    `was there before. ${ROUNDS} round(s), the sides by turns, each in a new process.`,
  ],
);
await onComparedServers(async (server) => {
  const bytes = await createPods(server);
  console.log(`\n${server.name}: a pod is ${figure(bytes)} bytes of JSON as it is sent`);
  const results = SIDES.map(({ side, name }) => ({ side, name, rounds: [] as Round[] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { side, rounds } of results) rounds.push(await measure(server, side));
  }
  report(server, results);
});
