import { expect, test } from "vitest";
import { ConfigMap } from "../client/builtin.ts";
import { checkSimulation } from "./check-simulation.ts";
import { always } from "./oracles/invariants.ts";
import { sameAsWithoutFaults } from "./oracles/reference.ts";
import { apply, create } from "./scenario/operation.ts";

const scenario = [create(ConfigMap, { metadata: { name: "a" } })];

/** What is said of these options, whatever their types. */
function said(options: object): string {
  try {
    checkSimulation(Object.assign({ scenario }, options));
  } catch (error) {
    return error instanceof TypeError ? error.message : `no TypeError: ${String(error)}`;
  }
  return "";
}

const CASES: readonly (readonly [object, string])[] = [
  [{ faults: ["calls"] }, 'faults: unknown class "calls"; did you mean call?'],
  [{ faults: ["weather"] }, 'faults: unknown class "weather"; known are call, latency, lag'],
  [{ faults: "call" }, 'faults: must be a list of names, not "call"'],
  [{ explore: "all" }, 'explore: must be one of sampled, guided, exhaustive, not "all"'],
  [{ without: ["no such oracle"] }, 'without: unknown oracle "no such oracle"; known are '],
  [{ without: ["no stuck deletions"] }, "did you mean no stuck deletion?"],
  [{ runs: 0 }, "runs: must be a whole number from 1 on, not 0"],
  [{ runs: -1 }, "runs: must be a whole number from 1 on, not -1"],
  [{ runs: "5" }, 'runs: must be a whole number from 1 on, not "5"'],
  [{ runs: 1.5 }, "runs: must be a whole number from 1 on, not 1.5"],
  [{ faultsMax: -1 }, "faultsMax: must be a whole number from 0 on, not -1"],
  [{ seed: Number.NaN }, "seed: must be a whole number, not NaN"],
  [{ seed: "x" }, 'seed: must be a whole number, not "x"'],
  [{ time: "10 minutes" }, "time: 10 minutes is no duration"],
  [{ time: {} }, "time: must be milliseconds or a text like 30s, not {}"],
  [{ time: 0 }, "time: must be more than nothing"],
  [{ scenario: undefined }, "scenario: must be a list of what create, apply, change, remove"],
  [{ scenario: [Promise.resolve()] }, "scenario[0]: must be what create, apply, change, remove"],
  [{ given: [{}] }, "given[0]: must be what create"],
  [{ tape: {} }, "tape: must be the path of a tape, or { seed, operations, taken }, not {}"],
  [{ tapes: 5 }, 'tapes: must be the path of a folder, or "", not 5'],
  [{ invariants: ["x"] }, "invariants[0]: must be what always, eventually, never, ... have made"],
  [{ webhooks: [{}] }, "webhooks[0]: must be what admission() or conversion() have made, not {}"],
  [{ controllers: [ConfigMap] }, "controllers[0]: must be what controller() has made"],
  [{ processes: { x: 1 } }, "processes: must be programs by name: { api: ({ client }) =>"],
  [{ hasNodes: "yes" }, 'hasNodes: must be true, false or objects, not "yes"'],
  [{ run: 5 }, 'unknown option "run"; did you mean runs?'],
];

test.each(CASES)("%j is refused by name, with what is possible", (options, words) => {
  expect(said(options)).toContain(words);
  expect(said(options)).toMatch(/^simulate: /);
});

test("what makes sense passes", () => {
  const invariants = [always("well", () => true), sameAsWithoutFaults()];
  const without = ["no orphans", "the same as without faults"];
  const tape = { seed: 1, operations: [], taken: {} };
  expect(said({ invariants, without, tape, time: "10m", runs: 1, seed: -4, tapes: "" })).toBe("");
  expect(said({ faults: [], explore: "guided", hasNodes: "objects", time: 5_000 })).toBe("");
});

test("an object without a name is refused where it is written", () => {
  const nameless = { metadata: { name: "" } };
  expect(() => create(ConfigMap, nameless)).toThrow("create ConfigMap: metadata.name is needed");
  expect(() => apply(ConfigMap, nameless)).toThrow("apply ConfigMap: metadata.name is needed");
});
