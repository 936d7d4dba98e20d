/**
 * Simulates our own controllers within a budget: first a fixed seed, then a fresh one, which is
 * printed so that it can be given again. `own-controllers.ts [SECONDS] [SEED]`. Ends with 1, and
 * with the story, when something is found.
 */
import { reportLines } from "../../src/sim/report/reach/simulation-report.ts";
import { SimulationError } from "../../src/sim/report/simulation-error.ts";
import { simulate } from "../../src/sim/simulate.ts";
import { OWN_SYSTEMS } from "../../src/sim/testing/own-systems.ts";

const seconds = Number(process.argv[2] ?? 120);
const given = process.argv[3];
const fresh = Math.floor(performance.timeOrigin) % 1_000_000;
const seeds = given === undefined ? [1, fresh] : [Number(given)];
const share = Math.max(1, Math.floor(seconds / (OWN_SYSTEMS.length * seeds.length)));

let failed = 0;
for (const seed of seeds) {
  for (const { name, ...options } of OWN_SYSTEMS) {
    try {
      const report = await simulate({ ...options, seed, time: `${share}s` });
      console.log(`${name}, seed ${seed}: ${reportLines(report).join("\n  ")}`);
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      failed += 1;
      console.error(`${name}, seed ${seed}: ${error.message}`);
    }
  }
}
process.exit(failed === 0 ? 0 : 1);
