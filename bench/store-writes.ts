/** See the question below. Every figure is the median of the rounds, with their extremes. */
import { join } from "node:path";
import { open } from "lmdb";
import { causeId, type Context, NO_CAUSE } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { openMemoryStore } from "../src/store/memory-store.ts";
import type { Store } from "../src/store/store.ts";
import type { CauseRow } from "../src/trace/cause.ts";
import { percentile } from "./machine.ts";
import { drive } from "./parts/load.ts";
import { IS_SMOKE, median, printQuestion, printTable, spread } from "./parts/report.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const IN_FLIGHT = [1, 16, 128];
const ROUNDS = IS_SMOKE ? 1 : 3;
const WINDOW_MS = IS_SMOKE ? 60 : 1_500;
const VALUE_BYTES = 4_096;
const KEYS_PER_CALLER = 40;

/** Something whose values are replaced, one call after another for each caller. */
type Target = {
  readonly name: string;
  caller(name: string): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
};

const env = realEnv({ level: "warn" });
const context: Context = {
  signal: new AbortController().signal,
  cause: NO_CAUSE,
  log: env.log,
};
const cause: CauseRow = {
  user: "system:serviceaccount:kube-system:deployment-controller",
  actor: "deployment-controller",
  verb: "update/status",
  id: causeId("7d1e2f30-9a4b-4c5d-8e6f-001122334455"),
  triggers: [104_233, 104_240],
  traceparent: "",
  timeMs: 1_795_392_000_123,
};

function aValue(): Uint8Array {
  return new Uint8Array(VALUE_BYTES).fill(97);
}

/** Compare-and-set of whole values, as the API does it. */
function storeTarget(name: string, store: Store): Target {
  return {
    name,
    caller: async (caller) => {
      const keys = Array.from({ length: KEYS_PER_CALLER }, (_, key) => `/${caller}/${key}`);
      const revisions = await Promise.all(
        keys.map(async (key) => (await store.create(key, aValue(), cause, context)).revision),
      );
      let turn = 0;
      return async () => {
        const at = turn % KEYS_PER_CALLER;
        turn += 1;
        const [key, expected] = [keys[at], revisions[at]];
        if (key === undefined || expected === undefined) throw new Error("there is such a key");
        revisions[at] = (await store.update(key, expected, aValue(), cause, context)).revision;
      };
    },
    close: () => store.close(),
  };
}

/** What LMDB alone does with the same values: no index, no history, no comparison. */
function rawTarget(path: string): Target {
  const environment = open<Uint8Array, string>({
    path,
    noSubdir: false,
    encoding: "binary",
    overlappingSync: false,
  });
  return {
    name: "LMDB alone (put)",
    caller: async (caller) => {
      let turn = 0;
      return async () => {
        turn += 1;
        await environment.put(`/${caller}/${turn % KEYS_PER_CALLER}`, aValue());
      };
    },
    close: () => environment.close(),
  };
}

printQuestion("How many durable writes a second does the store make, 1 / 16 / 128 in flight?", [
  `Values of ${VALUE_BYTES} bytes, replaced by compare-and-set, ${KEYS_PER_CALLER} keys a caller;`,
  "each change is kept as history, with its cause. Beside it: the same bytes put into LMDB alone,",
  "which keeps no history and compares nothing, and the store without a disk.",
  `${ROUNDS} round(s) of ${WINDOW_MS} ms, interleaved.`,
]);

await using folder = await temporaryFolder();
const targets: readonly Target[] = [
  storeTarget("store over LMDB", await openLmdbStore({ directory: join(folder.path, "s"), env })),
  rawTarget(join(folder.path, "raw")),
  storeTarget(
    "store in memory",
    await openMemoryStore(env, { retention: { changesMax: 20_000, intervalMs: 250 } }),
  ),
];

for (const inFlight of IN_FLIGHT) {
  const lines = targets.map((target) => ({
    target,
    perSecond: new Array<number>(),
    p50Ms: new Array<number>(),
    p99Ms: new Array<number>(),
  }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const line of lines) {
      const callers = await Promise.all(
        Array.from({ length: inFlight }, (_, at) =>
          line.target.caller(`${inFlight}.${round}.${at}`),
        ),
      );
      const { perSecond, latenciesMs } = await drive(callers, WINDOW_MS);
      line.perSecond.push(perSecond);
      line.p50Ms.push(percentile(latenciesMs, 0.5));
      line.p99Ms.push(percentile(latenciesMs, 0.99));
    }
  }
  printTable(`${inFlight} in flight`, [
    ["", "writes/s", "p50 ms", "p99 ms"],
    ...lines.map(({ target, perSecond, p50Ms, p99Ms }) => [
      target.name,
      spread(perSecond),
      median(p50Ms).toFixed(2),
      median(p99Ms).toFixed(2),
    ]),
  ]);
}
for (const target of targets) await target.close();
