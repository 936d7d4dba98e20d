/**
 * The runs that an audit compares, as a program of its own: `audited-runs.ts SEEDS` writes one line
 * for each, `SYSTEM<tab>SEED<tab>HASH`; `audited-runs.ts events SYSTEM SEED` writes all events of
 * one.
 */
import { randomSource } from "../../src/sim/choices/random-source.ts";
import { systemOf, type SimulateOptions } from "../../src/sim/simulate.ts";
import { KNOWN_BUGS } from "../../src/sim/testing/corpus/known-bugs.ts";
import { OWN_SYSTEMS } from "../../src/sim/testing/own-systems.ts";
import { runOnce, type RunResult, type System } from "../../src/sim/world/run.ts";

/** Of the corpus, besides our own. */
const KNOWN_BUGS_AUDITED = 5;

const audited: readonly (SimulateOptions & { readonly name: string })[] = [
  ...OWN_SYSTEMS.filter(({ processes }) => processes === undefined),
  ...KNOWN_BUGS.slice(0, KNOWN_BUGS_AUDITED),
];

function run(system: System, seed: number, isTold: boolean): Promise<RunResult> {
  const source = randomSource(seed);
  return runOnce(system, { seed, source, ordersEvents: seed % 2 === 0, isTold });
}

const [first = "", named = "", seed = ""] = process.argv.slice(2);
for (const options of audited) {
  if (first === "events" && options.name !== named) continue;
  const system = await systemOf(options);
  if (first === "events") {
    const { events } = await run(system, Number(seed), true);
    for (const { atMs, actor, what } of events) console.log(`${atMs} ms ${actor}: ${what}`);
    continue;
  }
  for (let nth = 1; nth <= Number(first); nth += 1) {
    const { hash } = await run(system, nth, false);
    console.log(`${options.name}\t${nth}\t${hash}`);
  }
}
