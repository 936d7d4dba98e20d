/**
 * Whether runs leave anything behind: the heap after a full collection, every so many runs of one
 * of our own systems. `memory.ts [RUNS]` (default 1,000). Ends with 1 when it grows by more than a
 * run may leave: what is kept of 1,000 runs would be kept of a million.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ChoiceClass } from "../../src/sim/choices/choices.ts";
import { randomSource } from "../../src/sim/choices/random-source.ts";
import { stopsCleanly } from "../../src/sim/oracles/stopping.ts";
import { systemOf } from "../../src/sim/simulate.ts";
import { OWN_SYSTEMS } from "../../src/sim/testing/own-systems.ts";
import { runOnce } from "../../src/sim/world/run.ts";

/** Noise of a heap of 100 MB is some KB a run; one object that is kept for each run is more. */
const BYTES_A_RUN_MAX = 4_096;
const SAMPLES = 20;
/** The quickest of them: it has a manager, views and a controller like the others. */
const SYSTEM = "protection of claims";
/** Caches fill and code is compiled in the first runs. */
const WARM_UP = 0.25;

const runs = Number(process.argv[2] ?? 1_000);
if (!(Number.isSafeInteger(runs) && runs >= SAMPLES)) {
  console.error(`usage: memory.ts [RUNS], at least ${SAMPLES}`);
  process.exit(2);
}

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
const options = OWN_SYSTEMS.find(({ name }) => name === SYSTEM);
if (options === undefined || typeof collect !== "function") throw new Error("nothing to measure");

const allowed = new Set<ChoiceClass>(["call", "latency", "lag", "event", "list", "world", "pace"]);
const invariants = [...(options.invariants ?? []), stopsCleanly()];
const system = await systemOf({ ...options, invariants });
const samples: { readonly run: number; readonly bytes: number }[] = [];
const every = Math.floor(runs / SAMPLES);
for (let seed = 1; seed <= runs; seed += 1) {
  const { violation } = await runOnce(system, { seed, source: randomSource(seed, { allowed }) });
  if (violation !== undefined) throw new Error(`seed ${seed}: ${violation.message}`);
  if (seed % every !== 0 || seed < runs * WARM_UP) continue;
  collect();
  samples.push({ run: seed, bytes: process.memoryUsage().heapUsed });
}

/** The median of the slopes between any two samples: a few that are off do not matter. */
function slope(): number {
  const slopes = samples.flatMap((a, nth) =>
    samples.slice(nth + 1).map((b) => (b.bytes - a.bytes) / (b.run - a.run)),
  );
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0;
}

const [first, last] = [samples[0], samples.at(-1)].map((sample) => (sample?.bytes ?? 0) / 2 ** 20);
const bytes = Math.round(slope());
const from = `${first?.toFixed(1)} MiB after ${samples[0]?.run} runs`;
console.log(`${from}, ${last?.toFixed(1)} MiB after ${runs}: ${bytes} bytes a run`);
if (bytes > BYTES_A_RUN_MAX) {
  console.error(`runs leave something behind: at most ${BYTES_A_RUN_MAX} bytes are noise`);
  process.exit(1);
}
