/** The example with a planted defect, run as its README says. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../examples/stale-cache");

function vitest(args: readonly string[], env: Readonly<Record<string, string>>) {
  const program = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
  const run = spawnSync(process.execPath, [program, "run", ...args], {
    cwd: FOLDER,
    encoding: "utf8",
    env: { ...process.env, ...env, NO_COLOR: "1", VITEST: "" },
  });
  return { status: run.status, output: run.stdout + run.stderr };
}

test("the planted defect fails with a story that can be run again", () => {
  const first = vitest(["faulty"], {});
  expect(first.status).toBe(1);
  expect(first.output).toContain("What was not calm:");
  const [, tape = ""] = /SETPOINT_TAPE=(\S+)/.exec(first.output) ?? [];
  expect(tape).toMatch(/\.json$/);
  const again = vitest(["faulty"], { SETPOINT_TAPE: tape });
  expect(again.status).toBe(1);
  expect(again.output).toContain("(replayed)");
  rmSync(join(FOLDER, "setpoint-tapes"), { recursive: true, force: true });
}, 600_000);

/** 10,000 take some minutes; SETPOINT_RUNS=10000 does them. */
const RUNS = process.env["SETPOINT_RUNS"] ?? "1000";

test(`the mended controller holds out ${RUNS} runs`, () => {
  const run = vitest(["mended", "-t", "holds out"], { RUNS });
  expect(run.output).toMatch(/1 passed/);
  expect(run.status).toBe(0);
}, 1_800_000);
