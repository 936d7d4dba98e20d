/** The corpus is whole, and a part of it is found anew in each run; the command finds all of it. */
import { expect, test } from "vitest";
import { SimulationError } from "./report/simulation-error.ts";
import { simulate } from "./simulate.ts";
import { KNOWN_BUGS } from "./testing/corpus/known-bugs.ts";
import { OWN_SYSTEMS } from "./testing/own-systems.ts";

/** Those that are found within a few dozen runs. */
const QUICK = ["no-expectations", "two-masters", "says-done-first", "time-travel-delete"];

test("each known bug has a name of its own, and there are at least twenty-five", () => {
  expect(new Set(KNOWN_BUGS.map(({ name }) => name)).size).toBe(KNOWN_BUGS.length);
  expect(KNOWN_BUGS.length).toBeGreaterThanOrEqual(25);
});

for (const { name, defect: _, from: _from, ...bug } of KNOWN_BUGS.filter((known) =>
  QUICK.includes(known.name),
)) {
  test(`${name} is found, and its story is short`, async () => {
    const error = await simulate({ ...bug, runs: 200, tapes: "" }).catch(
      (failure: unknown) => failure,
    );
    if (!(error instanceof SimulationError)) throw error;
    expect(Object.keys(error.tape.taken).length).toBeLessThanOrEqual(2);
    expect(error.tape.operations.length).toBeLessThanOrEqual(2);
  }, 60_000);
}

const own = OWN_SYSTEMS.find(({ name }) => name === "protection of claims");

test("a system of our own holds out", async () => {
  if (own === undefined) throw new Error("it is no longer among the systems");
  const { name: _, ...system } = own;
  const { runs } = await simulate({ ...system, runs: 30, tapes: "" });
  expect(runs).toBe(30);
}, 60_000);
