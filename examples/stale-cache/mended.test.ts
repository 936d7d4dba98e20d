/** The mended controller holds out: 50 runs here; RUNS=10000 for as many as one likes. */
import { simulate, SimulationError } from "setpoint/sim";
import { expect, test } from "vitest";
import { faultyPools } from "./faulty-controller.ts";
import { mendedPools } from "./mended-controller.ts";
import { pools } from "./what-must-hold.ts";

const runs = Number(process.env["RUNS"] ?? 50);

test("the mended controller holds out", async () => {
  const report = await simulate({ ...pools, controllers: [mendedPools], runs });
  expect(report.runs).toBe(runs);
}, 1_800_000);

test("the faulty one is found out, by a story of a few steps", async () => {
  const simulated = simulate({ ...pools, controllers: [faultyPools], runs: 3_000, tapes: "" });
  const error = await simulated.catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(Object.keys(error.tape.taken).length).toBeLessThanOrEqual(3);
}, 600_000);
