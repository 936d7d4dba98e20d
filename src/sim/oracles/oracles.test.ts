import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { HandMadeRun, type HandMade } from "../testing/hand-made.ts";
import { noChurn, noCircles, noFights, noHotLoops } from "./circles.ts";
import { noBlindDeletion, noOrphans, noStuckDeletion } from "./deletions.ts";
import { processesStayUp, revisionsGrow } from "./health.ts";
import { always, eventually, never } from "./invariants.ts";
import { noLostUpdates } from "./lost-updates.ts";
import { referenceOf, sameAsWithoutFaults } from "./reference.ts";
import type { MakeOracle } from "./oracle.ts";

const data = (a: string): object => ({ data: { a } });
const run = (make: MakeOracle): HandMadeRun => new HandMadeRun(make);

/** In turn, after somebody has made it. */
function turns(actors: readonly string[], texts: readonly string[], times = 6): HandMade[] {
  const made = { actor: "user", to: data("first") };
  const writes = Array.from({ length: times }, (_, nth) => ({
    actor: actors[nth % actors.length] ?? "",
    to: data(texts[nth % texts.length] ?? ""),
  }));
  return [made, ...writes];
}

const fights = run(noFights).writes(turns(["a", "b"], ["1", "2"]));

test("two who undo each other's writes are found to fight", () => {
  expect(fights).toMatch(/^a and b undo each other's writes of .*configmaps\/default\/web$/);
});

test.each([
  ["one alone", turns(["a"], ["1", "2"])],
  ["two who add to each other's work", turns(["a", "b"], ["1", "2", "3", "4", "5", "6"])],
  ["people who change their mind", turns(["user", "a"], ["1", "2"])],
  ["two with five turns", turns(["a", "b"], ["1", "2"], 5)],
])("%s are not said to fight", (_who, writes) => {
  expect(run(noFights).writes(writes)).toBeUndefined();
});

test("status that goes back and forth is no fight, nor a circle", () => {
  const to = (nth: number): object => ({ ...data("1"), status: { ready: nth % 2 } });
  const writes = Array.from({ length: 12 }, (_, nth) => ({
    actor: nth % 2 ? "a" : "b",
    to: to(nth),
  }));
  expect(run(noFights).writes(writes)).toBeUndefined();
  expect(run(noCircles).writes(writes.map(({ to: next }) => ({ actor: "a", to: next })))).toBe(
    undefined,
  );
});

test("one who writes the same two contents in turn goes round in circles", () => {
  expect(run(noCircles).writes(turns(["a"], ["1", "2"]))).toMatch(/^a writes .* back and forth$/);
});

test("one who goes on to new contents does not go round in circles", () => {
  expect(run(noCircles).writes(turns(["a"], ["1", "2", "3"], 12))).toBeUndefined();
  const interrupted = turns(["a"], ["1", "2"], 5);
  const deleted = [{ actor: "user", to: undefined }, ...turns(["a"], ["1", "2"], 5)];
  expect(run(noCircles).writes([...interrupted, ...deleted])).toBeUndefined();
});

test("who writes an object on and on after all is mended is in a hot loop", () => {
  const healed = run(noHotLoops);
  healed.phase = "healed";
  expect(healed.writes(turns(["a"], ["1", "2"], 100))).toBeUndefined();
  expect(healed.write({ actor: "a", to: data("1") })).toMatch(/101 times since all was mended$/);
  const stable = run(noHotLoops);
  stable.phase = "stable";
  expect(stable.writes(turns(["a"], ["1", "2"], 5))).toBeUndefined();
  expect(stable.write({ actor: "a", to: data("1") })).toMatch(/since nothing changes any more$/);
});

test("writes while faults strike, and signs of life, are no hot loop", () => {
  expect(run(noHotLoops).writes(turns(["a"], ["1", "2"], 300))).toBeUndefined();
  const healed = run(noHotLoops);
  healed.phase = "healed";
  const renewals = turns(["a"], ["1", "2"], 300).map((made) => ({ ...made, resource: "leases" }));
  expect(healed.writes(renewals)).toBeUndefined();
});

const births = (count: number): HandMade[] =>
  Array.from({ length: count }, (_, nth) => ({ actor: "a", name: `web-${nth}`, to: data("1") }));

test("who makes objects without end is churning; who makes a hundred is not", () => {
  const healed = run(noChurn);
  healed.phase = "healed";
  expect(healed.writes(births(100))).toBeUndefined();
  const next = healed.write({ actor: "a", name: "one-more", to: data("1") });
  expect(next).toBe("a has made or deleted 101 configmaps since all was mended");
  expect(run(noChurn).writes(births(200))).toBeUndefined();
});

const going = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.dev/x"] };

test("what waits for its end at rest is stuck, unless it is a pod that a node still runs", () => {
  const stuck = run(noStuckDeletion);
  stuck.write({ actor: "a", to: { metadata: going } });
  expect(stuck.atRest()).toMatch(/being deleted for ever: nobody removes example.dev\/x$/);
  const well = run(noStuckDeletion);
  well.write({ actor: "a", to: { metadata: { finalizers: ["example.dev/x"] } } });
  well.write({ actor: "a", resource: "pods", to: { metadata: going } });
  expect(well.atRest()).toBeUndefined();
});

test("what belongs only to owners that are gone is an orphan", () => {
  const owner = { kind: "ConfigMap", name: "owner", uid: "uid of owner" };
  const other = { kind: "ConfigMap", name: "other", uid: "uid of other" };
  const orphans = run(noOrphans);
  orphans.write({ actor: "a", name: "owner", to: {} });
  orphans.write({ actor: "a", to: { metadata: { ownerReferences: [owner, other] } } });
  expect(orphans.atRest()).toBeUndefined();
  orphans.write({ actor: "a", name: "owner", to: undefined });
  expect(orphans.atRest()).toMatch(/belongs to ConfigMap owner, ConfigMap other, gone$/);
});

test("who deletes an object that was made anew since it last looked deletes blindly", () => {
  const blind = run(noBlindDeletion);
  blind.write({ actor: "user", to: { metadata: { uid: "1" } } });
  blind.shows("a");
  blind.write({ actor: "user", to: undefined });
  blind.write({ actor: "user", to: { metadata: { uid: "2" } } });
  expect(blind.write({ actor: "a", to: undefined })).toMatch(/name the uid as a precondition/);
});

test("who deletes what it has seen, or has never seen, or that goes anyway, does right", () => {
  const right = run(noBlindDeletion);
  right.write({ actor: "user", to: { metadata: { uid: "1" } } });
  right.shows("a");
  right.write({ actor: "b", to: { ...data("2"), metadata: { uid: "1" } } });
  expect(right.write({ actor: "a", to: undefined })).toBeUndefined();
  right.write({ actor: "user", to: { metadata: { ...going, uid: "2" } } });
  expect(right.write({ actor: "a", to: undefined })).toBeUndefined();
  right.write({ actor: "user", name: "other", to: {} });
  expect(right.write({ actor: "a", name: "other", to: undefined })).toBeUndefined();
});

test("who sets a field back that another has changed meanwhile loses that update", () => {
  const lost = run(noLostUpdates);
  lost.write({ actor: "user", to: { data: { a: "1", b: "1" } } });
  lost.shows("x");
  lost.write({ actor: "user", to: { data: { a: "2", b: "1" } } });
  const answer = lost.write({ actor: "x", to: { data: { a: "1", b: "2" } } });
  expect(answer).toBe("x set data.a of configmaps default/web back to what it was before");
});

test("who has seen the change, or leaves it alone, or patches, loses nothing", () => {
  const changed = (): HandMadeRun => {
    const kept = run(noLostUpdates);
    kept.write({ actor: "user", to: { data: { a: "1", b: "1" } } });
    kept.shows("x");
    kept.write({ actor: "user", to: { data: { a: "2", b: "1" } } });
    return kept;
  };
  const shown = changed();
  shown.shows("x");
  expect(shown.write({ actor: "x", to: data("1") })).toBeUndefined();
  expect(changed().write({ actor: "x", to: { data: { a: "2", b: "2" } } })).toBeUndefined();
  expect(changed().write({ actor: "x", verb: "patch", to: data("1") })).toBeUndefined();
});

test("revisions that do not grow are found", () => {
  const grow = run(revisionsGrow);
  expect(
    grow.writes([
      { actor: "a", to: data("1") },
      { actor: "a", to: data("2") },
    ]),
  ).toBe(undefined);
  expect(grow.write({ actor: "a", to: data("3"), revision: 2 })).toMatch(/revision 2 after 2$/);
});

test("a process that ends again and again is found; one that ends twice is not", () => {
  const up = run(processesStayUp);
  up.processes.push({ name: "a", ends: 2, isUp: true });
  expect([up.atEnd(), up.onRestless()]).toEqual([undefined, undefined]);
  up.processes.push({ name: "b", ends: 3, isUp: true });
  expect(up.atEnd()).toBe("b has ended 3 times by itself, although all is mended");
  expect(up.onRestless()).toBe("b ends again and again by itself");
});

test("the same as without faults: contents and numbers count, times and identities do not", () => {
  const calm = run(sameAsWithoutFaults().make);
  calm.write({ actor: "a", to: { ...data("1"), metadata: { uid: "1" } } });
  const other = run(sameAsWithoutFaults().make);
  other.reference = referenceOf(calm.state);
  other.write({ actor: "a", to: { ...data("0"), metadata: { uid: "2" } } });
  expect(other.atRest()).toMatch(/configmaps default\/web is .*"0".*without faults .*"1"/);
  other.write({ actor: "a", to: { ...data("1"), metadata: { uid: "2" } } });
  expect(other.atRest()).toBeUndefined();
  other.write({ actor: "a", name: "more", to: data("1") });
  expect(other.atRest()).toBe("configmaps default/more: there are 1, without faults 0");
});

test("addresses, ports and places that are given out may be others than without faults", () => {
  const service = (clusterIP: string, port: number): object => ({
    spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port, nodePort: 30_000 + port }] },
  });
  const calm = run(sameAsWithoutFaults().make);
  calm.write({ actor: "a", to: service("10.0.0.1", 80) });
  const other = run(sameAsWithoutFaults().make);
  other.reference = referenceOf(calm.state);
  other.write({ actor: "a", resource: "ipaddresses", to: {} });
  other.write({ actor: "a", to: { spec: { ports: [{ port: 80, nodePort: 31_000 }] } } });
  expect(other.atRest()).toBeUndefined();
  other.write({ actor: "a", to: service("10.0.0.1", 81) });
  expect(other.atRest()).toMatch(/"port":81.*without faults .*"port":80/);
});

test("always and never are asked after each write, eventually at rest and at the end", () => {
  const isTwo = run(
    always("two", (state) => state.get(ConfigMap, "web")?.data?.["a"] === "2").make,
  );
  expect(isTwo.write({ actor: "a", to: data("2") })).toBeUndefined();
  expect(isTwo.write({ actor: "a", to: data("3") })).toBe("does not hold");
  expect(isTwo.atRest()).toBeUndefined();
  const none = run(never("none", (state) => state.list(ConfigMap).length > 0).make);
  expect(none.write({ actor: "a", to: data("2") })).toBe("it is so");
  const empty = run(
    eventually("empty", (state) => state.list(ConfigMap).length === 0 || "more").make,
  );
  expect(empty.write({ actor: "a", to: data("2") })).toBeUndefined();
  expect([empty.atRest(), empty.atEnd()]).toEqual(["more", "more"]);
  empty.write({ actor: "a", to: undefined });
  expect([empty.atRest(), empty.atEnd()]).toEqual([undefined, undefined]);
});
