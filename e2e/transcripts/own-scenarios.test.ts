/**
 * Scenarios of our own, compared with what a real kube-apiserver 1.36.2 answered to the same
 * requests (`recordings/`, made by `record.ts`): status, headers and body. Where we mean to differ,
 * docs/reference/differences.md says so, as for the other transcripts.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ControlPlane } from "../../src/control-plane/control-plane.ts";
import {
  differenceText,
  isCovered,
  readKnownDifferences,
  type KnownDifference,
} from "./differences.ts";
import { readSteps, RECORDINGS, type Step } from "./recording.ts";
import { startRecordedServer } from "./recorded-users.ts";
import { compare, play, type Target } from "./replay.ts";
import type { requestOf, Scenario } from "./scenario.ts";
import { OWN_SCENARIOS } from "./scenarios/index.ts";

const DIFFERENCES = join(import.meta.dirname, "../../docs/reference/differences.md");
const known = readKnownDifferences(readFileSync(DIFFERENCES, "utf8"));
const used = new Set<KnownDifference>();
let plane: ControlPlane;
let target: Target;

beforeAll(async () => {
  ({ plane, target } = await startRecordedServer());
});
afterAll(async () => {
  await plane.close();
});

test.each(OWN_SCENARIOS)("$name", async (scenario) => {
  const steps = recorded(scenario);
  const found: string[] = [];
  await play(target, scenario, (number, request, answer) => {
    const step = steps[number - 1];
    expect(step?.request, "the scenario has changed: record it again").toEqual(plain(request));
    if (step === undefined) return;
    for (const difference of compare(step, answer)) {
      const row = known.find((each) => isCovered(difference, step, each));
      if (row === undefined) found.push(differenceText(number, difference));
      else used.add(row);
    }
  });
  expect(found).toEqual([]);
});

test("no difference is listed that is none any more", () => {
  const names = new Set(OWN_SCENARIOS.map(({ name }) => name));
  expect(known.filter((row) => names.has(row.scenario) && !used.has(row))).toEqual([]);
});

function recorded(scenario: Scenario): readonly Step[] {
  if (!existsSync(join(RECORDINGS, `${scenario.name}.jsonl`))) {
    throw new Error(`${scenario.name}: not recorded yet, see record.ts`);
  }
  const steps = readSteps(RECORDINGS, scenario.name);
  expect(steps.length, "the scenario has changed: record it again").toBe(scenario.steps.length);
  return steps;
}

/** As it is read from a file. */
function plain(request: ReturnType<typeof requestOf>): unknown {
  return JSON.parse(JSON.stringify(request)) as unknown;
}
