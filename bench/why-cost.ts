/** See the question below. */
import { join } from "node:path";
import { causeId, NO_CAUSE, type CallCause, type Context } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { virtualEnv } from "../src/base/virtual/virtual-env.ts";
import { BUILT_IN } from "../src/apis/registry.ts";
import { Deployment, Namespace, Node, Pod, ServiceAccount } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { inProcessTransport } from "../src/client/in-process.ts";
import { RestClient } from "../src/client/rest-client.ts";
import { createControlPlane } from "../src/control-plane/index.ts";
import type { Env } from "../src/base/env.ts";
import { MASTERS_GROUP } from "../src/machinery/request.ts";
import { serviceUnavailable } from "../src/machinery/status.ts";
import { createServer } from "../src/server/create-server.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { openMemoryStore } from "../src/store/memory-store.ts";
import { revision, type Store } from "../src/store/store.ts";
import type { CauseRow } from "../src/trace/cause.ts";
import { encodeCause } from "../src/trace/codec.ts";
import { percentile } from "./machine.ts";
import { drive } from "./parts/load.ts";
import { aDeployment, aNamespace, aPod, theServiceAccount } from "./parts/objects.ts";
import { cost, costText, verdict, type Estimate } from "./parts/paired.ts";
import { converge } from "./parts/recorded-convergence.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const ROUNDS = IS_SMOKE ? 1 : 40;
const WINDOW_MS = IS_SMOKE ? 30 : 250;
const WARM_UP_MS = IS_SMOKE ? 30 : 2_000;
const IN_FLIGHT = 16;
const WORK = { deployments: IS_SMOKE ? 2 : 10, replicas: 5 };
/** Rounds of that work: as many as fit, but so many at least. */
const CONVERGE_ROUNDS_MIN = IS_SMOKE ? 1 : 12;
const CONVERGE_MS = IS_SMOKE ? 0 : 25_000;
/** What it may cost. */
const PERCENT = 3;

const USER = { name: "system:serviceaccount:kube-system:bench", groups: [MASTERS_GROUP] };
const NOTHING: CauseRow = {
  user: "",
  actor: "",
  verb: "",
  id: causeId(""),
  triggers: [],
  traceparent: "",
  timeMs: 0,
};

/** `store`, but every row it keeps is empty: what it would be without causes. */
function withoutCauses(store: Store): Store {
  return {
    failed: store.failed,
    create: (key, value, _, context) => store.create(key, value, NOTHING, context),
    update: (key, at, value, _, context) => store.update(key, at, value, NOTHING, context),
    delete: (key, at, _, context) => store.delete(key, at, NOTHING, context),
    get: (...call) => store.get(...call),
    range: (...call) => store.range(...call),
    watch: (...call) => store.watch(...call),
    progress: () => store.progress(),
    history: (...call) => store.history(...call),
    change: (...call) => store.change(...call),
    causes: (...call) => store.causes(...call),
    compact: (...call) => store.compact(...call),
    status: () => store.status(),
    close: () => store.close(),
  };
}

type Side = { readonly client: Client; readonly context: Context; readonly store: Store };

/** A server over the store; `isOn`: callers say why, and the store keeps it. */
function aSide(store: Store, env: Env, isOn: boolean): Side {
  const nodeLogs = { open: () => Promise.reject(serviceUnavailable("there are no nodes")) };
  const kept = isOn ? store : withoutCauses(store);
  const server = createServer({ env, store: kept, strategies: BUILT_IN, nodeLogs });
  const transport = inProcessTransport({ dispatch: server.dispatch, user: USER });
  const told: CallCause = {
    actor: "replicaset-controller",
    id: causeId("7d1e2f30-9a4b-4c5d-8e6f-001122334455"),
    triggers: [104_233, 104_240],
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    roots: ["retry"],
  };
  const { signal } = new AbortController();
  const context = { signal, cause: isOn ? told : NO_CAUSE, log: env.log };
  return { client: new RestClient({ transport, env }), context, store };
}

let names = 0;
function newName(): string {
  names += 1;
  return `web-${names}`;
}

type Figures = {
  readonly creates: number[];
  readonly createMs: number[];
  readonly createCpuUs: number[];
  readonly updates: number[];
  readonly updateMs: number[];
  readonly updateCpuUs: number[];
};

function noFigures(): Figures {
  const creates = { creates: [], createMs: [], createCpuUs: [] };
  return { ...creates, updates: [], updateMs: [], updateCpuUs: [] };
}

async function measure({ client, context }: Side, windowMs: number, into: Figures): Promise<void> {
  const creators = Array.from({ length: IN_FLIGHT }, () => () => {
    return client.create(Pod, aPod(newName()), context);
  });
  const creates = await withCpu(() => drive(creators, windowMs));
  const updaters = await Promise.all(creators.map(async (create) => updater(await create())));
  const updates = await withCpu(() => drive(updaters, windowMs));
  into.creates.push(creates.perSecond);
  into.createMs.push(percentile(creates.latenciesMs, 0.99));
  into.createCpuUs.push(creates.cpuUs / creates.calls);
  into.updates.push(updates.perSecond);
  into.updateMs.push(percentile(updates.latenciesMs, 0.99));
  into.updateCpuUs.push(updates.cpuUs / updates.calls);

  function updater(made: Pod): () => Promise<void> {
    let pod = made;
    let turn = 0;
    return async () => {
      turn += 1;
      const metadata = { ...pod.metadata, annotations: { turn: String(turn) } };
      pod = await client.update(Pod, { ...pod, metadata }, context);
    };
  }
}

/** What the processor was busy with meanwhile: other programs of the machine do not count. */
async function withCpu<T extends object>(work: () => Promise<T>): Promise<T & { cpuUs: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpuUs: user + system };
}

function printFigures(title: string, on: Figures, off: Figures): void {
  const line = (name: string, figures: Figures): readonly string[] => [
    name,
    spread(figures.creates),
    spread(figures.createMs, 1),
    spread(figures.createCpuUs),
    spread(figures.updates),
    spread(figures.updateMs, 1),
    spread(figures.updateCpuUs),
  ];
  const costs = [
    cost(on.creates, off.creates, "more is better"),
    cost(on.createMs, off.createMs, "less is better"),
    cost(on.createCpuUs, off.createCpuUs, "less is better"),
    cost(on.updates, off.updates, "more is better"),
    cost(on.updateMs, off.updateMs, "less is better"),
    cost(on.updateCpuUs, off.updateCpuUs, "less is better"),
  ];
  printTable(title, [
    ["", "creates/s", "p99 ms", "CPU µs each", "updates/s", "p99 ms", "CPU µs each"],
    line("recording off", off),
    line("recording on", on),
    ...costLines(costs),
  ]);
}

function costLines(costs: readonly Estimate[]): readonly (readonly string[])[] {
  return [
    ["costs", ...costs.map(costText)],
    [`under ${PERCENT} %`, ...costs.map((each) => verdict(each, PERCENT))],
  ];
}

/** The same writes with and without causes in two worlds that are otherwise the same. */
async function areBytesIdentical(): Promise<boolean> {
  const states = await Promise.all([true, false].map((isOn) => statesOf(isOn)));
  return states[0] === states[1];
}

async function statesOf(isOn: boolean): Promise<string> {
  const env = virtualEnv({ seed: 7 });
  const { client, context, store } = aSide(await openMemoryStore(env), env, isOn);
  await client.create(Namespace, aNamespace("default"), context);
  await client.create(ServiceAccount, theServiceAccount(), context);
  const pod = await client.create(Pod, aPod("same"), context);
  const labels = { ...pod.metadata.labels, tier: "gold" };
  await client.update(Pod, { ...pod, metadata: { ...pod.metadata, labels } }, context);
  const { entries } = await store.range({ prefix: "" }, context);
  await store.close();
  const decoder = new TextDecoder();
  return entries.map(({ key, value }) => `${key} ${decoder.decode(value)}`).join("\n");
}

/** Lengths of the rows that a control plane at work has written. */
async function rowLengths(): Promise<readonly number[]> {
  await using plane = await createControlPlane();
  const { client, context, store } = plane;
  await client.create(
    Node,
    { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {}, status: {} },
    context,
  );
  await client.create(Deployment, aDeployment("web", WORK.replicas), context);
  const pods = plane.informers.for(Pod);
  while (pods.lister.list({ namespace: "default" }).length < WORK.replicas) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const limit = { limit: Number.MAX_SAFE_INTEGER };
  const causes = await store.causes(revision(0), limit, context);
  return causes.map(({ cause }) => encodeCause(cause).length);
}

printQuestion(
  "What does it cost to keep why every revision exists, in throughput, p99 and bytes, and to\n" +
    "keep what reconciles read and wrote?",
  [
    `Pods through the API in-process, ${IN_FLIGHT} in flight. On: the caller tells an id, two`,
    "triggers, a root and a trace context, and the store keeps the row. Off: it tells nothing, and",
    "the store keeps an empty row. The two take turns, after a warm-up; what it costs is the median",
    "over the rounds of each round's own ratio, and in brackets what that median lies between, but",
    "for one time in twenty. Less than nothing is noise. CPU is that of this process: beside other",
    "work on the machine it says more than times do.",
    `${ROUNDS} round(s) of ${WINDOW_MS} ms each.`,
    `Log of reconciles: ${WORK.deployments} deployments of ${WORK.replicas} pods, in virtual time, so that both sides do`,
    "the same work to the last write.",
  ],
);

const env = realEnv({ level: "warn" });
await using folder = await temporaryFolder();
const stores = [
  {
    title: "Durable (LMDB)",
    open: (name: string) => openLmdbStore({ directory: join(folder.path, name), env }),
  },
  { title: "In memory", open: () => openMemoryStore(env) },
];
for (const { title, open } of stores) {
  const on = aSide(await open("on"), env, true);
  const off = aSide(await open("off"), env, false);
  for (const { client, context } of [on, off]) {
    await client.create(Namespace, aNamespace("default"), context);
    await client.create(ServiceAccount, theServiceAccount(), context);
  }
  await measure(on, WARM_UP_MS / 2, noFigures());
  await measure(off, WARM_UP_MS / 2, noFigures());
  const [figuresOn, figuresOff] = [noFigures(), noFigures()];
  for (let round = 0; round < ROUNDS; round += 1) {
    const isOnFirst = round % 2 === 0;
    if (isOnFirst) await measure(on, WINDOW_MS, figuresOn);
    await measure(off, WINDOW_MS, figuresOff);
    if (!isOnFirst) await measure(on, WINDOW_MS, figuresOn);
  }
  printFigures(title, figuresOn, figuresOff);
  await on.store.close();
  await off.store.close();
}

const cpuMs = { on: [] as number[], off: [] as number[] };
await converge(WORK, true);
await converge(WORK, false);
const endMs = performance.now() + CONVERGE_MS;
for (let round = 0; round < CONVERGE_ROUNDS_MIN || performance.now() < endMs; round += 1) {
  const order = round % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const);
  for (const side of order) cpuMs[side].push((await converge(WORK, side === "on")).cpuMs);
}
printTable(`The log of reconciles: ${cpuMs.on.length} round(s), until nothing is left to do`, [
  ["log of reconciles", "CPU ms"],
  ["off", spread(cpuMs.off)],
  ["on", spread(cpuMs.on)],
  ...costLines([cost(cpuMs.on, cpuMs.off, "less is better")]),
]);

const lengths = await rowLengths();
const sum = lengths.reduce((total, length) => total + length, 0);
printTable(`Rows of ${figure(lengths.length)} writes of a control plane, in bytes`, [
  ["", "bytes"],
  ["mean", figure(sum / lengths.length, 1)],
  ["p99", figure(percentile(lengths, 0.99))],
  ["longest", figure(Math.max(...lengths))],
]);
const isSame = await areBytesIdentical();
console.log(`\nObjects are ${isSame ? "byte-identical" : "NOT the same"} with and without.`);
if (!isSame || Math.max(...lengths) > 100) process.exitCode = 1;
