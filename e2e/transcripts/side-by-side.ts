/**
 * Plays scenarios against a real kube-apiserver and against this program at once, and prints how
 * the answers differ; nothing is kept. To look around before something is recorded:
 *
 *     node e2e/transcripts/side-by-side.ts --server URL --ca FILE MODULE
 *
 * The module exports scenarios, each as a constant.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { differenceText } from "./differences.ts";
import { startRecordedServer, TOKENS } from "./recorded-users.ts";
import type { Step } from "./recording.ts";
import { compare, play, type Answer, type Target } from "./replay.ts";
import type { Scenario } from "./scenario.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { server: { type: "string" }, ca: { type: "string" } },
});
const [path] = positionals;
if (values.server === undefined || values.ca === undefined || path === undefined) {
  throw new Error("usage: side-by-side.ts --server URL --ca FILE MODULE");
}
const real: Target = { url: values.server, ca: readFileSync(values.ca, "utf8"), tokens: TOKENS };
const { plane, target: own } = await startRecordedServer();

const module = (await import(pathToFileURL(resolve(path)).href)) as Readonly<
  Record<string, Scenario>
>;
for (const scenario of Object.values(module)) {
  const steps: Step[] = [];
  await play(real, scenario, (step, request, { status, headers, body }) => {
    const response = { status, headers: Object.entries(headers), body };
    steps.push({ scenario: scenario.name, step, request, response });
  });
  let found = 0;
  await play(own, scenario, (number, _, answer: Answer) => {
    const step = steps[number - 1];
    if (step === undefined) return;
    for (const difference of compare(step, answer)) {
      found += 1;
      console.log(`${scenario.name} ${differenceText(number, difference)}`);
    }
  });
  console.log(`${scenario.name}: ${steps.length} steps, ${found} differences`);
}
await plane.close();
