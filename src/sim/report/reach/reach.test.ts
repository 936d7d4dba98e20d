import { expect, test } from "vitest";
import { ConfigMap } from "../../../client/builtin.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { sometimes } from "../../oracles/temporal.ts";
import { change, create } from "../../scenario/operation.ts";
import { simulate } from "../../simulate.ts";
import { Reach } from "./reach.ts";
import { reportLines } from "./simulation-report.ts";
import { objectHash, stateAfter } from "./state-hash.ts";

const pod = (name: string, more: object = {}): ApiObject => {
  const metadata = { generateName: "web-", name: `web-${name}`, uid: name, resourceVersion: name };
  return Object.assign({ apiVersion: "v1", kind: "Pod", metadata }, more);
};

test("what a server makes up, and the order of fields, make no difference", () => {
  const at = (time: string): object => ({ status: { phase: "Running", startTime: time } });
  const [one, other] = [at("2030-01-01T00:00:00Z"), at("2030-01-01T00:05:00Z")];
  expect(objectHash(pod("a", one))).toBe(objectHash(pod("b", other)));
  const reversed = { status: { startTime: "2030-01-01T00:00:00Z", phase: "Running" } };
  expect(objectHash(pod("a", reversed))).toBe(objectHash(pod("a", one)));
  expect(objectHash(pod("a"))).not.toBe(objectHash(pod("a", one)));
  const items = (list: readonly string[]): ApiObject => pod("a", { spec: { args: list } });
  expect(objectHash(items(["x", "y"]))).not.toBe(objectHash(items(["y", "x"])));
});

test("two equal objects are not as none, and what goes leaves what was before", () => {
  const one = stateAfter(0, undefined, pod("a"));
  const two = stateAfter(one, undefined, pod("b"));
  expect(new Set([0, one, two]).size).toBe(3);
  expect(stateAfter(two, pod("c"), undefined)).toBe(one);
});

test("only classes that may be taken, and were not, count as never tried", () => {
  const reach = new Reach(new Set(["call", "order"]));
  const source = reach.hears({ pick: (_kind, _name, options) => options[0] ?? "" });
  source.pick("call", "call: a", ["", "lost", "conflict"]);
  source.pick("order", "order: a", ["", "b first"]);
  source.pick("lag", "lag: a", ["", "20ms"]);
  const ended = { hash: "1", eventCount: 3, taken: new Map([["call: a", "lost"]]) };
  reach.note(ended);
  expect([reach.untaken, reach.decisions, reach.events]).toEqual([
    ["call: conflict"],
    { call: 1 },
    3,
  ]);
});

test("a simulation that passes says how much it has seen", async () => {
  const scenario = [
    create(ConfigMap, { metadata: { name: "a" } }),
    change(ConfigMap, "a", { data: { a: "b" } }),
  ];
  const mark = sometimes("a says b", (state) => state.get(ConfigMap, "a")?.data?.["a"] === "b");
  const report = await simulate({ scenario, invariants: [mark], runs: 20, tapes: "" });
  expect(report).toMatchObject({ runs: 20, states: 2, marks: ["a says b"] });
  expect(report.decisions["pace"]).toBeGreaterThan(0);
  expect(reportLines(report)[0]).toMatch(/^20 runs, \d+ a second, \d+ different, 2 states$/);
});

test("the first ten of what was never tried are told in words, and whether all was", () => {
  const restarts = ["world: 10min", "world: clock -10min", "call: conflict", "lag: 20ms"];
  const many = [...restarts, ...Array.from({ length: 9 }, (_, nth) => `node: ${nth}`)];
  const exhausted = { runs: 6, cut: 2, isComplete: true };
  const figures = { runs: 6, runsASecond: 3, distinct: 6, events: 60, states: 4, decisions: {} };
  const lines = reportLines({ ...figures, marks: [], untaken: many, exhausted });
  expect(lines.slice(2)).toEqual([
    "exhaustive: all that there is was tried: 6 runs, and 2 that began to repeat one of them",
    "never tried: world: a process is started again after 10min, " +
      "world: the clock of a process jumps by -10min, call: conflict, " +
      "lag: what a view is told comes 20ms late, " +
      "node: 0, node: 1, node: 2, node: 3, node: 4, node: 5 and 3 more",
  ]);
});
