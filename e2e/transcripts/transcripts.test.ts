/**
 * What a real API server answered, compared with what this one answers to the same requests in the
 * same order: status, headers and body. The recordings are no part of this repository: name the
 * folder that holds them in SETPOINT_REFERENCE, or this is skipped.
 *
 * Where we mean to differ, docs/reference/differences.md says so and why: the table there is read
 * here, and a row that covers nothing any more is an error as well.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ControlPlane } from "../../src/control-plane/control-plane.ts";
import {
  differenceText,
  isCovered,
  readKnownDifferences,
  type KnownDifference,
} from "./differences.ts";
import { readSteps, recordingsFolder, SCENARIOS } from "./recording.ts";
import { startRecordedServer } from "./recorded-users.ts";
import { ask, compare, type Target } from "./replay.ts";
import { OWN_SCENARIOS } from "./scenarios/index.ts";

const folder = recordingsFolder();
const DIFFERENCES = join(import.meta.dirname, "../../docs/reference/differences.md");
const known = readKnownDifferences(readFileSync(DIFFERENCES, "utf8"));

describe.skipIf(folder === undefined)("a real API server's answers", () => {
  let plane: ControlPlane;
  let target: Target;
  const used = new Set<KnownDifference>();

  beforeAll(async () => {
    ({ plane, target } = await startRecordedServer());
    await post("/api/v1/namespaces", { metadata: { name: "t" } });
    await post("/api/v1/namespaces/t/serviceaccounts", { metadata: { name: "default" } });
  });
  afterAll(async () => {
    await plane.close();
  });

  test.each(SCENARIOS)("%s", async (scenario) => {
    if (scenario === "list") await makeListed();
    const found: string[] = [];
    for (const step of readSteps(folder ?? "", scenario)) {
      const answer = await ask(target, step.request);
      for (const difference of compare(step, answer)) {
        const row = known.find((each) =>
          isCovered(difference, { scenario, step: step.step }, each),
        );
        if (row === undefined) found.push(differenceText(step.step, difference));
        else used.add(row);
      }
    }
    expect(found).toEqual([]);
  });

  test("no difference is listed that is none any more", () => {
    const own = new Set(OWN_SCENARIOS.map(({ name }) => name)); // looked at by their own test
    expect(known.filter((row) => !own.has(row.scenario) && !used.has(row))).toEqual([]);
  });

  /** What the recorded server held by then, made by requests that were not recorded. */
  async function makeListed(): Promise<void> {
    for (let index = 0; index < 7; index += 1) {
      const labels = { n: String(index % 3), ...(index % 2 === 0 ? { even: "y" } : {}) };
      const body = { metadata: { name: `l${index}`, labels }, data: { i: String(index) } };
      await post("/api/v1/namespaces/t/configmaps", body);
    }
  }

  async function post(path: string, body: unknown): Promise<void> {
    const request = { method: "POST", path, user: "admin", contentType: "application/json", body };
    const answer = await ask(target, request);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  }
});
