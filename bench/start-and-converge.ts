/** See the question below. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { Deployment, Node, Pod } from "../src/client/builtin.ts";
import { createControlPlane, type ControlPlane } from "../src/control-plane/index.ts";
import { aDeployment, aNode } from "./parts/objects.ts";
import { IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import type { StartSteps } from "./parts/start-process.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const START_ROUNDS = IS_SMOKE ? 1 : 5;
const CONVERGE_ROUNDS = IS_SMOKE ? 1 : 7;
const NODES = 10;
const REPLICAS = [3, 100];
const GIVE_UP_MS = 60_000;
/** Nobody renews the leases of these nodes, and nobody shall miss them. */
const NODE_GRACE_MS = 3_600_000;

type StoreKind = "memory" | "lmdb";

type StartCase = {
  readonly name: string;
  readonly store: StoreKind;
  readonly isServed: boolean;
  /** Whether keys and data are there from an earlier start. */
  readonly isSecondStart: boolean;
};

const START_CASES: readonly StartCase[] = [
  { name: "memory, in-process only", store: "memory", isServed: false, isSecondStart: false },
  { name: "LMDB, HTTPS, first start", store: "lmdb", isServed: true, isSecondStart: false },
  { name: "LMDB, HTTPS, second start", store: "lmdb", isServed: true, isSecondStart: true },
];

async function start(what: StartCase, directory: string): Promise<StartSteps> {
  const serving = what.isServed ? "https" : "none";
  const program = join(import.meta.dirname, "parts", "start-process.ts");
  const child = fork(program, [what.store, serving, directory]);
  let steps: StartSteps | undefined;
  child.on("message", (message) => {
    steps = message as StartSteps;
  });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0 || steps === undefined) throw new Error(`the start has failed (exit ${code})`);
  return steps;
}

async function measureStart(what: StartCase): Promise<StartSteps> {
  await using folder = await temporaryFolder();
  if (what.isSecondStart) await start(what, folder.path);
  return start(what, folder.path);
}

/** What one Deployment took, from before its creation. */
type Convergence = {
  readonly firstBoundMs: number;
  readonly allBoundMs: number;
  readonly settledMs: number;
  readonly revisions: number;
};

async function measureConvergence(store: StoreKind, replicas: number): Promise<Convergence> {
  await using folder = await temporaryFolder();
  await using plane = await createControlPlane({
    store: store === "lmdb" ? { kind: "lmdb", directory: folder.path } : { kind: "memory" },
    nodeMonitorGraceMs: NODE_GRACE_MS,
  });
  const { client, context } = plane;
  for (let index = 0; index < NODES; index += 1) {
    await client.create(Node, aNode(`node-${index}`), context);
  }
  await quiet(plane);
  const before = plane.store.status().revision;
  const watching = boundPods(plane, replicas);
  const startMs = performance.now();
  await client.create(Deployment, aDeployment("web", replicas), context);
  const boundAtMs = await watching;
  const lastWriteAtMs = await quiet(plane);
  return {
    firstBoundMs: (boundAtMs[0] ?? Number.NaN) - startMs,
    allBoundMs: (boundAtMs.at(-1) ?? Number.NaN) - startMs,
    settledMs: lastWriteAtMs - startMs,
    revisions: plane.store.status().revision - before,
  };
}

/** When each pod had a node, in order, once there are so many. */
async function boundPods(plane: ControlPlane, count: number): Promise<readonly number[]> {
  const { client, context } = plane;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(GIVE_UP_MS)]);
  const options = { namespace: "default" };
  const bound = new Map<string, number>();
  for await (const batch of await client.watch(Pod, options, { ...context, signal })) {
    const nowMs = performance.now();
    for (const event of batch) {
      if (event.kind !== "ADDED" && event.kind !== "MODIFIED") continue;
      const { metadata, spec } = event.object.value;
      const name = metadata.name ?? "";
      if ((spec.nodeName ?? "") !== "" && !bound.has(name)) bound.set(name, nowMs);
    }
    if (bound.size === count) return [...bound.values()];
  }
  throw new Error(`${bound.size} of ${count} pods have a node after ${GIVE_UP_MS} ms`);
}

/** Waits until nothing was written for a while; answers when the last write was seen. */
async function quiet(plane: ControlPlane): Promise<number> {
  const quietMs = IS_SMOKE ? 100 : 400;
  let revision = -1;
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < quietMs) {
    const now = plane.store.status().revision;
    if (now !== revision) sinceMs = performance.now();
    revision = now;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return sinceMs;
}

printQuestion(
  "How long from createControlPlane() to serving, and from creating a Deployment of 3 / 100 " +
    "replicas to\nall pods bound to nodes (10 fake Node objects, no agents)?",
  [
    "Start: a new process each time, TypeScript sources, controllers on. Second start: keys and data",
    "are there. Convergence: a new control plane each time, in one warm process with its client.",
    `Settled: the last write that followed. ${START_ROUNDS} and ${CONVERGE_ROUNDS} round(s).`,
  ],
);
// The second start makes a first one too: enough to see that both work.
const startCases = IS_SMOKE ? START_CASES.filter((what) => what.isSecondStart) : START_CASES;
const starts = startCases.map((what) => ({ what, rounds: [] as StartSteps[] }));
for (let round = 0; round < START_ROUNDS; round += 1) {
  for (const { what, rounds } of starts) rounds.push(await measureStart(what));
}
printTable("Start, ms", [
  ["", "Node boots", "modules load", "createControlPlane()", "first answer"],
  ...starts.map(({ what, rounds }) => [
    what.name,
    ...(["bootMs", "loadMs", "createMs", "answerMs"] as const).map((of) =>
      spread(
        rounds.map((steps) => steps[of]),
        of === "answerMs" ? 1 : 0,
      ),
    ),
  ]),
]);

const cases = (["memory", "lmdb"] as const).flatMap((store) =>
  REPLICAS.map((replicas) => ({ store, replicas, rounds: [] as Convergence[] })),
);
if (!IS_SMOKE) await measureConvergence("memory", 100); // warm-up
for (let round = 0; round < CONVERGE_ROUNDS; round += 1) {
  for (const { store, replicas, rounds } of cases) {
    rounds.push(await measureConvergence(store, replicas));
  }
}
printTable("Convergence, ms", [
  ["", "first pod bound", "all bound", "settled", "revisions"],
  ...cases.map(({ store, replicas, rounds }) => [
    `${replicas} replicas, ${store === "lmdb" ? "LMDB" : "memory"}`,
    ...(["firstBoundMs", "allBoundMs", "settledMs", "revisions"] as const).map((of) =>
      spread(rounds.map((convergence) => convergence[of])),
    ),
  ]),
]);
