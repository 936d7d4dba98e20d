/** See the question below. A watcher has an event when it has looked at the decoded object. */
import type { Context } from "../src/base/context.ts";
import { causeId } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { childSignal } from "../src/base/signals.ts";
import { ConfigMap } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { createControlPlane } from "../src/control-plane/index.ts";
import type { WatchEvent } from "../src/machinery/watch-event.ts";
import { forEachInFlight } from "./parts/load.ts";
import { heapBytes } from "./parts/memory.ts";
import { aConfigMap } from "./parts/objects.ts";
import { figure, IS_SMOKE, median, printQuestion, printTable, spread } from "./parts/report.ts";
import { serveControlPlane } from "./parts/served-control-plane.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const ROUNDS = IS_SMOKE ? 1 : 5;
const SINGLE_EVENTS = IS_SMOKE ? 3 : 100;
const BURST_DELIVERIES = IS_SMOKE ? 1_000 : 100_000;
const WRITES_IN_FLIGHT = 16;
const BYTES_OF_DATA = 400;

/** Where the watchers are. */
type Place = {
  readonly name: string;
  readonly watchers: number;
  readonly client: Client;
  /** Of the processes involved: this one, and the server's if it is another. */
  readonly processes: readonly (() => Promise<number>)[];
};

/** The figures of one round. */
type Round = {
  /** From before the write to when the writer, the first, the middle and the last watcher knows. */
  readonly writerMs: number;
  readonly firstMs: number;
  readonly middleMs: number;
  readonly lastMs: number;
  readonly deliveriesPerSecond: number;
  /** Per watcher, for each process of the place. */
  readonly heapBytes: readonly number[];
};

const env = realEnv({ level: "warn" });
const context: Context = {
  signal: new AbortController().signal,
  cause: { actor: "bench", id: causeId("bench"), triggers: [], traceparent: "" },
  log: env.log,
};

/** Watchers of one collection that only count. */
class Crowd {
  readonly #size: number;
  readonly #ends: Promise<void>[] = [];
  #arrivalsMs: number[] = [];
  #wanted = 0;
  #complete: (() => void) | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  async open(client: Client, signalled: Context): Promise<void> {
    const { metadata } = await client.list(ConfigMap, { namespace: "default" }, signalled);
    const { resourceVersion = "" } = metadata;
    const options = { namespace: "default", resourceVersion };
    const watches = await Promise.all(
      Array.from({ length: this.#size }, () => client.watch(ConfigMap, options, signalled)),
    );
    for (const watch of watches) this.#ends.push(this.#follow(watch, signalled.signal));
  }

  /** When, on the monotonic clock, each watcher had each of so many events, in order of arrival. */
  async arrivals(events: number): Promise<readonly number[]> {
    this.#wanted = events * this.#size;
    if (this.#arrivalsMs.length < this.#wanted) {
      await new Promise<void>((resolve) => {
        this.#complete = resolve;
      });
    }
    const arrived = this.#arrivalsMs;
    this.#arrivalsMs = [];
    this.#wanted = 0;
    this.#complete = undefined;
    return arrived;
  }

  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  async #follow(
    watch: AsyncIterable<readonly WatchEvent<ConfigMap>[]>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for await (const batch of watch) {
        for (const event of batch) {
          if (event.kind !== "ADDED" && event.kind !== "MODIFIED") continue;
          if (event.object.value.data === undefined) throw new Error("an event without data");
          this.#arrivalsMs.push(performance.now());
        }
        if (this.#arrivalsMs.length === this.#wanted) this.#complete?.();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

async function measure(place: Place): Promise<Round> {
  const stop = childSignal(context.signal);
  const crowd = new Crowd(place.watchers);
  const before = await memoryOf(place);
  await crowd.open(place.client, { ...context, signal: stop.signal });
  await write(place.client, 0);
  await crowd.arrivals(1); // all are known to listen
  const after = await memoryOf(place);
  const singles = await measureSingles(place.client, crowd);
  const deliveriesPerSecond = await measureBurst(place, crowd);
  stop.abort();
  await crowd.ended();
  return {
    ...singles,
    deliveriesPerSecond,
    heapBytes: after.map((bytes, index) => (bytes - (before[index] ?? 0)) / place.watchers),
  };
}

type Singles = Pick<Round, "writerMs" | "firstMs" | "middleMs" | "lastMs">;

/** One event at a time: the medians of what each takes. */
async function measureSingles(client: Client, crowd: Crowd): Promise<Singles> {
  const samples: Singles[] = [];
  for (let turn = 0; turn < SINGLE_EVENTS; turn += 1) {
    const startMs = performance.now();
    const arriving = crowd.arrivals(1);
    await write(client, turn);
    const writerMs = performance.now() - startMs;
    const arrivals = await arriving;
    samples.push({
      writerMs,
      firstMs: Math.min(...arrivals) - startMs,
      middleMs: median(arrivals) - startMs,
      lastMs: Math.max(...arrivals) - startMs,
    });
  }
  const medianOf = (of: keyof Singles): number => median(samples.map((sample) => sample[of]));
  return {
    writerMs: medianOf("writerMs"),
    firstMs: medianOf("firstMs"),
    middleMs: medianOf("middleMs"),
    lastMs: medianOf("lastMs"),
  };
}

/** Many events as fast as they can be written. */
async function measureBurst(place: Place, crowd: Crowd): Promise<number> {
  const events = Math.max(WRITES_IN_FLIGHT, Math.round(BURST_DELIVERIES / place.watchers));
  const startMs = performance.now();
  const arriving = crowd.arrivals(events);
  await forEachInFlight(events, WRITES_IN_FLIGHT, (index) => write(place.client, index));
  await arriving;
  return (events * place.watchers) / ((performance.now() - startMs) / 1_000);
}

/** Overwrites one of a few objects. */
async function write(client: Client, turn: number): Promise<void> {
  await client.update(ConfigMap, anObject(turn % WRITES_IN_FLIGHT, turn), context);
}

let writes = 0;

function anObject(which: number, turn: number): ConfigMap {
  writes += 1; // a write that changes nothing would make no event
  const value = `${writes}-${turn}`.padEnd(BYTES_OF_DATA, ".");
  return aConfigMap(`settings-${which}`, { value });
}

async function createObjects(client: Client): Promise<void> {
  for (let which = 0; which < WRITES_IN_FLIGHT; which += 1) {
    await client.create(ConfigMap, anObject(which, 0), context);
  }
}

function memoryOf(place: Place): Promise<readonly number[]> {
  return Promise.all(place.processes.map((use) => use()));
}

/** For each process a figure, joined by `+`. */
function perProcess(rounds: readonly (readonly number[])[]): string {
  const processes = rounds[0]?.length ?? 0;
  return Array.from({ length: processes }, (_, index) =>
    spread(
      rounds.map((round) => (round[index] ?? Number.NaN) / 1_024),
      1,
    ),
  ).join(" + ");
}

printQuestion(
  "How fast does one event reach N watchers (100, 1,000 in-process; 100 over one h2 " +
    "connection),\nand what does a watcher cost in memory?",
  [
    `One event: ms from before the write of ${BYTES_OF_DATA} bytes until its writer has the answer,`,
    "and until the first, the middle and the last watcher has the object. Store in memory.",
    `Burst: ${figure(BURST_DELIVERIES)} deliveries, ${WRITES_IN_FLIGHT} writes in flight.`,
    "Memory: heap and buffers after garbage collection; in-process, client and server in one; over h2,",
    `client + server. ${ROUNDS} round(s), ${SINGLE_EVENTS} single events each.`,
  ],
);

await using plane = await createControlPlane({ hasControllers: false });
await using folder = await temporaryFolder();
await using server = await serveControlPlane({ store: "memory", directory: folder.path });
await using connection = await server.connect();
await createObjects(plane.client);
await createObjects(connection.client);
const inProcess = { client: plane.client, processes: [heapBytes] };
const overHttps = {
  client: connection.client,
  processes: [heapBytes, () => server.heapBytes()],
};
const places: readonly Place[] = [
  { name: "100 in-process", watchers: 100, ...inProcess },
  { name: "1,000 in-process", watchers: 1_000, ...inProcess },
  { name: "100 over one h2 connection", watchers: 100, ...overHttps },
];
const results = places.map((place) => ({ place, rounds: [] as Round[] }));
if (!IS_SMOKE) for (const place of places) await measure(place); // warm-up
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { place, rounds } of results) rounds.push(await measure(place));
}
printTable("One event, ms", [
  ["watchers", "writer", "first", "middle", "last"],
  ...results.map(({ place, rounds }) => [
    place.name,
    ...(["writerMs", "firstMs", "middleMs", "lastMs"] as const).map((of) =>
      spread(
        rounds.map((round) => round[of]),
        2,
      ),
    ),
  ]),
]);
printTable("Burst, and memory", [
  ["watchers", "deliveries/s", "KiB a watcher"],
  ...results.map(({ place, rounds }) => [
    place.name,
    spread(rounds.map((round) => round.deliveriesPerSecond)),
    perProcess(rounds.map((round) => round.heapBytes)),
  ]),
]);
