/** See the question below. */
import { createControlPlane, type ControlPlane } from "../src/control-plane/index.ts";
import { ConfigMap } from "../src/client/builtin.ts";
import type { EventRecorder } from "../src/client/event-recorder-types.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../src/controller-runtime/controller/controller-spec.ts";
import { createManager } from "../src/controller-runtime/manager/manager.ts";
import { DONE, type Reconciler } from "../src/controller-runtime/controller/outcome.ts";
import { channelSource, ownSource } from "../src/controller-runtime/sources/sources.ts";
import { realEnv } from "../src/base/real/env.ts";
import { createInformers } from "../src/informer/informers.ts";
import { childSignal } from "../src/base/signals.ts";
import type { ObjectKey } from "../src/machinery/key.ts";
import { forEachInFlight } from "./parts/load.ts";
import { aConfigMap } from "./parts/objects.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const OBJECTS = IS_SMOKE ? 50 : 1_000;
const ROUNDS = IS_SMOKE ? 1 : 5;
const WINDOW_MS = IS_SMOKE ? 50 : 2_000;
const WORKERS = [1, 16];

type Work = "no-op" | "writing";

type Case = {
  readonly name: string;
  readonly work: Work;
  readonly plane: ControlPlane;
  readonly workers: number;
  readonly reconciles: number[];
  readonly writes: number[];
};

const KEYS: readonly ObjectKey[] = Array.from({ length: OBJECTS }, (_, index) => {
  return { namespace: "default", name: `settings-${index}` };
});
const SILENT: EventRecorder = { normal: () => undefined, warning: () => undefined };
const env = realEnv({ level: "warn" });

/** Brings `data.turn` of every object to `turn`; when it is there, there is nothing to do. */
class Turner {
  turn = 0;
  reconciles = 0;
  writes = 0;
  #pass = 0;
  #left = 0;
  #complete: (() => void) | undefined;
  readonly #wakes = channelSource("turns");

  controller(workers: number): (deps: ControllerDeps) => ControllerSpec {
    return (deps) => {
      const informer = deps.informers.for(ConfigMap);
      return {
        name: "turner",
        concurrency: workers,
        reconcile: this.#reconciler(deps),
        sources: [ownSource(informer), this.#wakes],
      };
    };
  }

  /** Wakes all objects, and waits until each has been looked at and is as it should be. */
  async pass(work: Work): Promise<void> {
    if (work === "writing") this.turn += 1;
    this.#pass += 1;
    this.#left = OBJECTS;
    const completed = new Promise<void>((resolve) => {
      this.#complete = resolve;
    });
    for (const key of KEYS) this.#wakes.wake(key, { kind: "timer" });
    await completed;
  }

  #reconciler({ client, informers }: ControllerDeps): Reconciler {
    const { lister } = informers.for(ConfigMap);
    const seen = new Map<string, number>();
    return async (key, context) => {
      this.reconciles += 1;
      const object = lister.get(key);
      if (object === undefined) return DONE;
      const turn = String(this.turn);
      if (object.data?.["turn"] !== turn) {
        await client.update(ConfigMap, { ...object, data: { ...object.data, turn } }, context);
        this.writes += 1;
      }
      if (seen.get(key.name) === this.#pass) return DONE; // woken twice in this pass
      seen.set(key.name, this.#pass);
      this.#left -= 1;
      if (this.#left === 0) this.#complete?.();
      return DONE;
    };
  }
}

async function measure(what: Case): Promise<void> {
  const { client, context } = what.plane;
  const turner = new Turner();
  const first = await client.get(ConfigMap, { namespace: "default", name: "settings-0" }, context);
  turner.turn = Number(first.data?.["turn"] ?? 0);
  const manager = createManager({
    client,
    informers: createInformers({ client, env }),
    recorder: SILENT,
    env,
    controllers: [turner.controller(what.workers)],
  });
  const stop = childSignal(context.signal);
  const running = manager.run({ ...context, signal: stop.signal });
  await turner.pass(what.work); // after the informer's first list
  const before = { reconciles: turner.reconciles, writes: turner.writes };
  const startMs = performance.now();
  while (performance.now() - startMs < WINDOW_MS) await turner.pass(what.work);
  const seconds = (performance.now() - startMs) / 1_000;
  what.reconciles.push((turner.reconciles - before.reconciles) / seconds);
  what.writes.push((turner.writes - before.writes) / seconds);
  stop.abort();
  await running;
}

async function createObjects({ client, context }: ControlPlane): Promise<void> {
  await forEachInFlight(OBJECTS, 64, (index) =>
    client.create(ConfigMap, aConfigMap(`settings-${index}`, { turn: "0" }), context),
  );
}

printQuestion(
  "How many reconciles a second, no-op and writing, does one controller do in-process?",
  [
    `${figure(OBJECTS)} objects, all woken at once, again and again. A no-op reconcile reads the`,
    "lister and finds nothing to do. A writing one updates the object through the API; the event of",
    "its own write wakes it once more, for nothing, unless it waits in the queue again by then;",
    "those count as reconciles too.",
    `${ROUNDS} round(s) of ${WINDOW_MS} ms, interleaved.`,
  ],
);
await using memoryPlane = await createControlPlane({ hasControllers: false });
await using folder = await temporaryFolder();
await using lmdbPlane = await createControlPlane({
  hasControllers: false,
  store: { kind: "lmdb", directory: folder.path },
});
await createObjects(memoryPlane);
await createObjects(lmdbPlane);
const cases: readonly Case[] = [
  { name: "no-op", work: "no-op" as const, plane: memoryPlane },
  { name: "writing, memory", work: "writing" as const, plane: memoryPlane },
  { name: "writing, LMDB", work: "writing" as const, plane: lmdbPlane },
].flatMap((what) => WORKERS.map((workers) => ({ ...what, workers, reconciles: [], writes: [] })));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const what of cases) await measure(what);
}
printTable("One controller", [
  ["", "workers", "reconciles/s", "writes/s"],
  ...cases.map((what) => [
    what.name,
    String(what.workers),
    spread(what.reconciles),
    spread(what.writes),
  ]),
]);
