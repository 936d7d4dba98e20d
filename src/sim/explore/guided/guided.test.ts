import { NO_CAUSE } from "../../../base/context.ts";
import { expect, test } from "vitest";
import type { Write } from "../../oracles/oracle.ts";
import { randomStream } from "../../choices/random-stream.ts";
import { Pool, POOL_MAX, varied, type Entry } from "./pool.ts";
import { RunCoverage } from "./run-coverage.ts";

const entry = (seed: number, taken: Readonly<Record<string, string>> = {}): Entry => ({
  seed,
  ordersEvents: false,
  taken: new Map(Object.entries(taken)),
});

test("a run is kept only where it came by something that no run came by before", () => {
  const pool = new Pool();
  pool.note(entry(1), new Set(["a", "b"]));
  pool.note(entry(2), new Set(["a"]));
  pool.note(entry(3), new Set(["b", "c"]));
  expect([pool.size, pool.coverage]).toEqual([2, 3]);
});

test("what came by something rare is drawn more often, and less each time it was", () => {
  const pool = new Pool();
  pool.note(entry(1), new Set(["common"]));
  pool.note(entry(2), new Set(["common", "rare"]));
  for (let nth = 0; nth < 20; nth += 1) pool.note(entry(9), new Set(["common"]));
  const stream = randomStream(1, "draws");
  const drawn = Array.from({ length: 200 }, () => pool.draw(stream)?.seed);
  const rare = drawn.filter((seed) => seed === 2).length;
  expect(rare).toBeGreaterThan(120);
  expect(rare).toBeLessThan(200);
  expect(new Pool().draw(stream)).toBeUndefined();
});

test("a pool has an end: the oldest go first", () => {
  const pool = new Pool();
  for (let nth = 0; nth < POOL_MAX + 5; nth += 1) pool.note(entry(nth), new Set([`${nth}`]));
  expect(pool.size).toBe(POOL_MAX);
});

test("the beginning of a run is as it was, calm between, and chance has the rest", () => {
  const first = entry(1, { "call: a": "lost", "call: b": "lost", "call: c": "lost" });
  const always = { pick: () => "by chance" };
  const source = varied(first, always, { next: () => 0.5 });
  const names = ["call: x", "call: a", "call: y", "call: b", "call: z", "call: c"];
  const picked = names.map((name) => source.pick("call", name, ["", "lost", "by chance"]));
  expect(picked).toEqual(["", "lost", "", "lost", "by chance", "by chance"]);
});

test("coverage is fates by place, states of kinds, and what leads to which write", () => {
  const coverage = new RunCoverage();
  const metadata = { name: "a", finalizers: ["x/y"], deletionTimestamp: "2030-01-01T00:00:00Z" };
  const conditions = [{ type: "Ready", status: "False" }];
  const pod = Object.assign({ metadata }, { status: { phase: "Running", conditions } });
  const write: Write = {
    atMs: 0,
    revision: 1,
    verb: "update",
    actor: "apps",
    resource: "pods",
    key: "/registry/core/pods/default/a",
    before: pod,
    beforeRevision: 1,
    after: pod,
    cause: { ...NO_CAUSE, user: "apps", verb: "update", timeMs: 0 },
  };
  coverage.onWrite(write, "replicasets");
  coverage.onWrite({ ...write, verb: "delete", after: undefined }, undefined);
  coverage.onWrite({ ...write, resource: "leases" }, "leases");
  const taken = new Map([["call: apps: create pods default/web-*#2", "lost"]]);
  expect([...coverage.features(taken)]).toEqual([
    "apps: replicasets leads to update pods",
    "pods is going held Running Ready=False",
    "apps: nothing leads to delete pods",
    "pods gone from going held Running Ready=False",
    "call: apps: create pods default/web-* = lost",
  ]);
});
