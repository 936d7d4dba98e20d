/**
 * Runs the benches, one process each and one after another, so that none warms another's code.
 * `--smoke`: seconds instead of minutes, only to keep them alive. A name runs only that one.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { machineLine } from "./machine.ts";

const NOT_BENCHES = new Set(["main.ts", "machine.ts"]);

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && !NOT_BENCHES.has(name))
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, "")))
  .sort();

if (files.length === 0) throw new Error(`no bench is called ${wanted.join(" or ")}`);
console.log(machineLine());
for (const file of files) {
  console.log(`\n## ${file}`);
  const run = spawnSync(process.execPath, [join(import.meta.dirname, file), ...flags], {
    stdio: "inherit",
  });
  if (run.status !== 0) {
    console.error(`${file} failed (${run.signal ?? `exit code ${run.status ?? "unknown"}`})`);
    process.exitCode = 1;
  }
}
