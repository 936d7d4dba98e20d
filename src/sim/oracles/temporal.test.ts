import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { HandMadeRun } from "../testing/hand-made.ts";
import type { State } from "../world/state.ts";
import { oneLeaderWrites } from "./leadership.ts";
import { Marks } from "./marks.ts";
import { neverAfter, onWrites, sometimes, stable } from "./temporal.ts";

const data = (a: string): object => ({ data: { a } });
const is = (a: string) => (state: State) => state.get(ConfigMap, "web")?.data?.["a"] === a;

test("never after: what may be at first must not be later", () => {
  const run = new HandMadeRun(neverAfter("not open after closed", is("closed"), is("open")).make);
  expect(run.write({ actor: "a", to: data("open") })).toBeUndefined();
  expect(run.write({ actor: "a", to: data("closed") })).toBeUndefined();
  expect(run.write({ actor: "a", to: data("waiting") })).toBeUndefined();
  run.nowMs = 2_000;
  const answer = run.write({ actor: "a", to: data("open") });
  expect(answer).toBe("it is so, 2 s after what forbids it");
});

test("stable: what is chosen stays; what is not yet chosen may come", () => {
  const chosen = stable("address", (state) => state.get(ConfigMap, "web")?.data);
  const run = new HandMadeRun(chosen.make);
  expect(run.write({ actor: "a", name: "other", to: data("0") })).toBeUndefined();
  expect(run.write({ actor: "a", to: data("1") })).toBeUndefined();
  expect(run.write({ actor: "a", to: { ...data("1"), status: {} } })).toBeUndefined();
  expect(run.write({ actor: "a", to: data("2") })).toBe('it was {"a":"1"}, and is {"a":"2"}');
  expect(run.write({ actor: "a", to: undefined })).toBe('it was {"a":"1"}, and is so no more');
});

test("every write is judged, with what was before it and what came of it", () => {
  const byOwner = onWrites("by its owner", ({ actor, before, after }, state) => {
    if (before === undefined) return after !== undefined && state.revision === 1;
    return actor === "a" || `${actor} wrote it`;
  });
  const run = new HandMadeRun(byOwner.make);
  expect(run.write({ actor: "b", to: data("1") })).toBeUndefined();
  expect(run.write({ actor: "a", to: data("2") })).toBeUndefined();
  expect(run.write({ actor: "b", to: data("3") })).toBe("b wrote it");
});

test("a mark is reached by one state of any run", () => {
  const marks = new Marks([sometimes("one", is("1")), sometimes("two", is("2"))]);
  new HandMadeRun(marks.oracle).write({ actor: "a", to: data("1") });
  expect(marks.missed).toEqual(["two"]);
  const second = new HandMadeRun(marks.oracle);
  second.writes([
    { actor: "a", to: data("2") },
    { actor: "a", to: data("3") },
  ]);
  expect(marks.missed).toEqual([]);
});

const lease = { namespace: "default", name: "lease" };
const taken = (actor: string, holderIdentity = actor) => ({
  actor,
  resource: "leases",
  name: "lease",
  to: { spec: { holderIdentity } },
});

test("who writes long after another has taken the lease is found", () => {
  const run = new HandMadeRun(oneLeaderWrites(lease, ["a", "b"]).make);
  expect(run.write({ actor: "b", to: data("0") })).toMatch(/nobody has ever led$/);
  expect(run.writes([taken("a"), { actor: "a", to: data("1") }, taken("b")])).toBeUndefined();
  run.nowMs = 20_000;
  expect(run.write({ actor: "a", to: data("2") }), "it was under way").toBeUndefined();
  run.nowMs = 30_000;
  run.write(taken("b"));
  const answer = run.write({ actor: "a", to: data("3") });
  expect(answer).toBe("a wrote configmaps default/web, and b has led by default/lease for 30 s");
});

test("a leader writes as long as nobody has taken over, and others write as they like", () => {
  const run = new HandMadeRun(oneLeaderWrites(lease, ["a", "b"]).make);
  run.write(taken("a"));
  run.nowMs = 100_000;
  expect(run.write({ actor: "a", to: data("1") })).toBeUndefined();
  run.write(taken("a", ""));
  expect(run.write({ actor: "a", to: data("2") }), "it has let go").toBeUndefined();
  expect(run.write({ actor: "user", to: data("3") })).toBeUndefined();
});
