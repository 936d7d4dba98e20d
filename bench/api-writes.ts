/** See the question below. Every figure is the median of the rounds, with their extremes. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { causeId } from "../src/base/context.ts";
import type { Context } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { Pod, ServiceAccount } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { createControlPlane } from "../src/control-plane/index.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { openMemoryStore } from "../src/store/memory-store.ts";
import type { Store } from "../src/store/store.ts";
import type { CauseRow } from "../src/trace/cause.ts";
import { percentile } from "./machine.ts";
import { drive } from "./parts/load.ts";
import { aPod, theServiceAccount } from "./parts/objects.ts";
import { figure, IS_SMOKE, median, printQuestion, printTable, spread } from "./parts/report.ts";
import { serveControlPlane } from "./parts/served-control-plane.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const IN_FLIGHT = IS_SMOKE ? [1, 16] : [1, 16, 64];
const ROUNDS = IS_SMOKE ? 1 : 3;
const WINDOW_MS = IS_SMOKE ? 20 : 1_000;
const WARM_UP_MS = IS_SMOKE ? 0 : 400;

type StoreKind = "lmdb" | "memory";
type Way = "store alone" | "API, in-process" | "API, HTTPS";

/** Something that can be written to. */
type Target = {
  readonly way: Way;
  readonly store: StoreKind;
  create(name: string): Promise<unknown>;
  /** Creates one object; each call of the answer changes it. */
  updater(name: string): Promise<() => Promise<unknown>>;
};

/** What one line of a table is made of: a value per round. */
type Line = {
  readonly target: Target;
  readonly inFlight: number;
  readonly creates: number[];
  readonly createMs: number[];
  readonly updates: number[];
  readonly updateMs: number[];
};

const env = realEnv({ level: "warn" });
const context: Context = {
  signal: new AbortController().signal,
  cause: { actor: "bench", id: causeId("bench"), triggers: [], traceparent: "" },
  log: env.log,
};
let names = 0;

function newName(): string {
  names += 1;
  return `web-${names}`;
}

function apiTarget(client: Client, way: Way, store: StoreKind): Target {
  return {
    way,
    store,
    create: (name) => client.create(Pod, aPod(name), context),
    updater: async (name) => {
      let pod = await client.create(Pod, aPod(name), context);
      let turn = 0;
      return async () => {
        turn += 1;
        const metadata = { ...pod.metadata, annotations: { turn: String(turn) } };
        pod = await client.update(Pod, { ...pod, metadata }, context);
      };
    },
  };
}

/** The same bytes as the API would store, with nothing above the store. */
function storeTarget(store: Store, value: Uint8Array, kind: StoreKind): Target {
  const causeOf = (verb: string): CauseRow => {
    return { ...context.cause, user: "system:admin", verb, timeMs: env.clock.now() };
  };
  const keyOf = (name: string): string => `/registry/core/pods/bench/${name}`;
  return {
    way: "store alone",
    store: kind,
    create: (name) => store.create(keyOf(name), value, causeOf("create"), context),
    updater: async (name) => {
      let entry = await store.create(keyOf(name), value, causeOf("create"), context);
      return async () => {
        const { key, revision } = entry;
        entry = await store.update(key, revision, value, causeOf("update"), context);
      };
    },
  };
}

async function measure(line: Line, windowMs: number): Promise<void> {
  const { target, inFlight } = line;
  const callers = Array.from({ length: inFlight }, () => () => target.create(newName()));
  const creates = await drive(callers, windowMs);
  const updaters = await Promise.all(callers.map(() => target.updater(newName())));
  const updates = await drive(updaters, windowMs);
  line.creates.push(creates.perSecond);
  line.createMs.push(percentile(creates.latenciesMs, 0.99));
  line.updates.push(updates.perSecond);
  line.updateMs.push(percentile(updates.latenciesMs, 0.99));
}

/** How long this disk takes for the least a durable write can be. */
async function diskMs(directory: string): Promise<readonly number[]> {
  const file = await open(join(directory, "disk"), "w");
  const page = new Uint8Array(4_096);
  const samples: number[] = [];
  for (let turn = 0; turn < (IS_SMOKE ? 5 : 200); turn += 1) {
    const startMs = performance.now();
    await file.write(page, 0, page.length, turn * page.length);
    await file.datasync();
    samples.push(performance.now() - startMs);
  }
  await file.close();
  return samples;
}

function newLine(target: Target, inFlight: number): Line {
  return { target, inFlight, creates: [], createMs: [], updates: [], updateMs: [] };
}

/** The part of an API write's time that the store alone takes with as many in flight. */
function storePart(line: Line, lines: readonly Line[], of: "creates" | "updates"): string {
  const { target, inFlight } = line;
  if (target.way === "store alone") return "";
  const alone = lines.find(
    (other) =>
      other.target.way === "store alone" &&
      other.target.store === target.store &&
      other.inFlight === inFlight,
  );
  return `${figure((median(line[of]) / median(alone?.[of] ?? [])) * 100)} %`;
}

function printLines(title: string, lines: readonly Line[]): void {
  const head = ["", "in flight", "creates/s", "p99 ms", "store's part"];
  printTable(title, [
    [...head, "updates/s", "p99 ms", "store's part"],
    ...lines.map((line) => [
      line.target.way,
      String(line.inFlight),
      spread(line.creates),
      spread(line.createMs, 1),
      storePart(line, lines, "creates"),
      spread(line.updates),
      spread(line.updateMs, 1),
      storePart(line, lines, "updates"),
    ]),
  ]);
}

printQuestion(
  "How many durable creates and updates a second does the API take in-process and over HTTPS " +
    "(h2),\n1 / 16 / 64 in flight, and what part is the store?",
  [
    "Pods, one after another in each of the calls in flight. A write counts when it is answered;",
    "with LMDB it is on the disk by then. HTTPS: the server is another process, one connection.",
    "Store's part: how much of the time of an API write the store alone takes, at as many in flight.",
    `${ROUNDS} round(s) of ${WINDOW_MS} ms, interleaved.`,
  ],
);

await using folder = await temporaryFolder();
const inFolder = (name: string): string => join(folder.path, name);
const disk = await diskMs(folder.path);
const [diskMedian, disk99] = [median(disk), percentile(disk, 0.99)].map((ms) => figure(ms, 2));
console.log(`  4 KiB and fdatasync on this disk: median ${diskMedian} ms, p99 ${disk99} ms`);

await using lmdbPlane = await createControlPlane({
  hasControllers: false,
  store: { kind: "lmdb", directory: inFolder("in-process") },
});
await using memoryPlane = await createControlPlane({ hasControllers: false });
await using lmdbServer = await serveControlPlane({ store: "lmdb", directory: inFolder("lmdb") });
await using memoryServer = await serveControlPlane({
  store: "memory",
  directory: inFolder("memory"),
});
await using lmdbConnection = await lmdbServer.connect();
await using memoryConnection = await memoryServer.connect();
for (const { client } of [lmdbPlane, memoryPlane, lmdbConnection, memoryConnection]) {
  await client.create(ServiceAccount, theServiceAccount(), context);
}
await memoryPlane.client.create(Pod, aPod("sample"), context);
const sample = await memoryPlane.store.get("/registry/core/pods/default/sample", context);
if (sample === undefined) throw new Error("the pod that was created is not in the store");
const lmdbStore = await openLmdbStore({ directory: inFolder("store"), env });
const memoryStore = await openMemoryStore(env);

const targets = [
  storeTarget(lmdbStore, sample.value, "lmdb"),
  apiTarget(lmdbPlane.client, "API, in-process", "lmdb"),
  apiTarget(lmdbConnection.client, "API, HTTPS", "lmdb"),
  storeTarget(memoryStore, sample.value, "memory"),
  apiTarget(memoryPlane.client, "API, in-process", "memory"),
  apiTarget(memoryConnection.client, "API, HTTPS", "memory"),
];
if (WARM_UP_MS > 0) {
  for (const target of targets) await measure(newLine(target, 16), WARM_UP_MS);
}
const lines = targets.flatMap((target) => IN_FLIGHT.map((count) => newLine(target, count)));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const line of lines) await measure(line, WINDOW_MS);
}
const size = figure(sample.value.length);
printLines(
  `Durable (LMDB), ${size} bytes a pod`,
  lines.filter(({ target }) => target.store === "lmdb"),
);
printLines(
  "In memory",
  lines.filter(({ target }) => target.store === "memory"),
);
await lmdbStore.close();
await memoryStore.close();
