/** See the question below. */
import { createControlPlane, type ControlPlane } from "../src/control-plane/index.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";
import { createTurnObjects, turnRate, type Work } from "./parts/turner.ts";

const OBJECTS = IS_SMOKE ? 50 : 1_000;
const ROUNDS = IS_SMOKE ? 1 : 5;
const WINDOW_MS = IS_SMOKE ? 50 : 2_000;
const WORKERS = [1, 16];

type Case = {
  readonly name: string;
  readonly work: Work;
  readonly plane: ControlPlane;
  readonly workers: number;
  readonly reconciles: number[];
  readonly writes: number[];
};

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
await createTurnObjects(memoryPlane, OBJECTS);
await createTurnObjects(lmdbPlane, OBJECTS);
const cases: readonly Case[] = [
  { name: "no-op", work: "no-op" as const, plane: memoryPlane },
  { name: "writing, memory", work: "writing" as const, plane: memoryPlane },
  { name: "writing, LMDB", work: "writing" as const, plane: lmdbPlane },
].flatMap((what) => WORKERS.map((workers) => ({ ...what, workers, reconciles: [], writes: [] })));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { plane, work, workers, reconciles, writes } of cases) {
    const options = { objects: OBJECTS, workers, windowMs: WINDOW_MS };
    const rate = await turnRate(plane, work, options);
    reconciles.push(rate.reconciles);
    writes.push(rate.writes);
  }
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
