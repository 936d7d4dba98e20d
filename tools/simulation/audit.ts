/**
 * Whether a run is a function of its seed: the same seeds in two processes with different garbage
 * collection and other compilers must give the same hash of all events. Ends with 1 if not.
 */
import { spawnSync } from "node:child_process";
import { randomSource } from "../../src/sim/choices/random-source.ts";
import { systemOf } from "../../src/sim/simulate.ts";
import { runOnce } from "../../src/sim/world/run.ts";
import { OWN_SYSTEMS } from "../../src/sim/testing/own-systems.ts";
import { KNOWN_BUGS } from "../../src/sim/testing/corpus/known-bugs.ts";

const SEEDS = Number(process.argv[2] ?? 20);

/** Of the corpus, besides our own. */
const KNOWN_BUGS_AUDITED = 5;

/** Flags of the two processes: nothing that a program may depend on. */
const SETTINGS = [
  ["--max-semi-space-size=1", "--no-opt"],
  ["--max-semi-space-size=64", "--max-lazy"],
] as const;

if (process.argv[3] === "child") {
  for (const options of systems()) {
    const system = await systemOf(options);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const ordersEvents = seed % 2 === 0;
      const run = { seed, source: randomSource(seed), ordersEvents };
      const { hash } = await runOnce(system, run);
      console.log(`${options.name} ${seed} ${hash}`);
    }
  }
} else {
  const [first = "", second = ""] = SETTINGS.map((flags) => {
    const own = process.execArgv;
    const args = [...own, ...flags, import.meta.filename, String(SEEDS), "child"];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`a process of the audit has failed: ${stderr}`);
    return stdout;
  });
  const [ones, others] = [first.split("\n"), second.split("\n")];
  const differing = ones.filter((line, nth) => line !== others[nth]);
  console.log(`${ones.length - 1} runs, each in two processes: ${differing.length} differ`);
  for (const line of differing) console.log(`  ${line}`);
  process.exit(differing.length === 0 && ones.length > 1 ? 0 : 1);
}

function systems() {
  const own = OWN_SYSTEMS.filter(({ processes }) => processes === undefined);
  return [...own, ...KNOWN_BUGS.slice(0, KNOWN_BUGS_AUDITED)];
}
