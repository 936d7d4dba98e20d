import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalValues } from "../../machinery/json-value.ts";
import { compareValues } from "./compare.ts";
import { isEmptySet, setText, type FieldSet } from "./field-set.ts";
import { extractItems, removeItems } from "./items.ts";
import { reconciledWithSchema } from "./schema-fields.ts";
import { anySite, aSet, aSite, ownersText, run, SITE } from "./testing/apply-model.ts";
import { toFieldSet } from "./to-field-set.ts";
import { atomOf } from "./atom.ts";
import { apply, update, type Applied, type Managers } from "./updater.ts";

const NOBODY: Managers = new Map();
const ATOM = atomOf(SITE);

type State = { readonly value: unknown; readonly managers: Managers };

const EMPTY: State = { value: {}, managers: NOBODY };

function tryApply(state: State, manager: string, config: unknown, isForced = false): Applied {
  const { value, managers } = state;
  const write = { live: aSite(value), managers, manager, filters: () => undefined, isForced };
  return run(apply(write, aSite(config)));
}

/** The state after an apply that meets no conflict. */
function applied(state: State, manager: string, config: unknown, isForced = false): State {
  const outcome = tryApply(state, manager, config, isForced);
  if (outcome.kind !== "applied") throw new Error(conflictsText(outcome));
  return { value: outcome.value ?? state.value, managers: outcome.managers };
}

function updated(state: State, manager: string, value: unknown): State {
  const { managers } = state;
  const write = { live: aSite(state.value), managers, manager, filters: () => undefined };
  return { value, managers: run(update(write, aSite(value))) };
}

function conflictsText(outcome: Applied): string {
  if (outcome.kind !== "conflicts") return "none";
  return [...outcome.conflicts].map(([name, set]) => `${name}: ${setText(set)}`).join("; ");
}

function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) => member ?? undefined);
}

describe("an update", () => {
  test("gives its manager what it changed, and takes that from others", () => {
    const first = updated(EMPTY, "a", { name: "x", replicas: 1, labels: { p: "1" } });
    const second = updated(first, "b", { name: "x", replicas: 2, labels: { p: "1", q: "2" } });
    expect(ownersText(second.managers)).toEqual({
      a: ".labels\n.name\n.labels.p",
      b: ".replicas\n.labels.q",
    });
  });

  test("takes what it removed from everybody", () => {
    const first = updated(EMPTY, "a", { name: "x", ports: [{ port: 80, name: "n" }] });
    const second = updated(first, "b", { name: "x" });
    expect(ownersText(second.managers)).toEqual({ a: ".name" });
  });

  test("sees a list item by its keys, those left out by their defaults", () => {
    const first = updated(EMPTY, "a", { ports: [{ port: 80 }, { port: 90 }] });
    const moved = { ports: [{ port: 90, protocol: "TCP" }, { port: 80 }] };
    const second = updated(first, "b", moved);
    const key = '.ports[port=90,protocol="TCP"]';
    expect(ownersText(second.managers)["b"]).toBe(`${key}.protocol`);
  });

  test("owns duplicate items as one field each", () => {
    const value = { tags: ["a", "b", "a"] };
    expect(ownersText(updated(EMPTY, "a", value).managers)).toEqual({
      a: '.tags\n.tags[="a"]\n.tags[="b"]',
    });
  });

  test("that changes the type of something unknown owns what it became", () => {
    const first = updated(EMPTY, "a", { extra: { p: "text" } });
    const second = updated(first, "b", { extra: { p: { q: 1 } } });
    expect(ownersText(second.managers)).toEqual({ a: ".extra", b: ".extra.p\n.extra.p.q" });
  });

  test("compares every two states to nothing exactly when they are equal", () => {
    fc.assert(
      fc.property(anySite, anySite, (a, b) => {
        const compared = compareValues(a, b, ATOM);
        if (compared.kind !== "compared") throw new Error("the values fit their schema");
        const { removed, modified, added } = compared.comparison;
        const isSame = [removed, modified, added].every(isEmptySet);
        // Items of associative lists are told apart by their keys, not by their order.
        if (!isSame) expect(equalValues(a, b)).toBe(false);
        if (equalValues(a, b)) expect(isSame).toBe(true);
      }),
    );
  });
});

describe("an apply", () => {
  test("owns what it names, and no more", () => {
    const state = applied(EMPTY, "a", {
      spec: { host: "h" },
      labels: { p: "1" },
      ports: [{ port: 80 }],
      tags: [],
      point: { x: 1 },
    });
    expect(ownersText(state.managers)).toEqual({
      a: [
        ".point",
        ".labels.p",
        '.ports[port=80,protocol="TCP"]',
        '.ports[port=80,protocol="TCP"].port',
        ".spec.host",
      ].join("\n"),
    });
  });

  test("removes what it named before, with the items that are left without anything", () => {
    const first = applied(EMPTY, "a", { labels: { p: "1", q: "2" }, ports: [{ port: 80 }] });
    const second = applied(first, "a", { labels: { p: "1" } });
    expect(bare(second.value)).toEqual({ labels: { p: "1" } });
  });

  test("empties a map that somebody else owns, and leaves it there", () => {
    const start = updated(EMPTY, "u", { labels: {} });
    const full = applied(start, "m", { labels: { a: "1" } }, true);
    expect(full.value).toEqual({ labels: { a: "1" } });
    expect(applied(full, "m", {}, true).value).toEqual({ labels: {} });
  });

  test("keeps what others own, too, and what they wrote since", () => {
    const first = applied(EMPTY, "a", { labels: { p: "1", q: "2" }, ports: [{ port: 80 }] });
    const shared = applied(first, "b", { labels: { q: "2" }, ports: [{ port: 80 }] });
    const third = updated(shared, "c", {
      labels: { p: "1", q: "2" },
      ports: [{ port: 80, name: "web" }],
      replicas: 1,
    });
    const last = applied(third, "a", {});
    expect(last.value).toEqual({
      labels: { q: "2" },
      ports: [{ port: 80, name: "web" }],
      replicas: 1,
    });
    const item = '.ports[port=80,protocol="TCP"]';
    expect(ownersText(last.managers)).toEqual({
      b: `.labels.q\n${item}\n${item}.port`,
      c: `.replicas\n${item}.name`,
    });
  });

  test("takes an item with all that others put into it, unless they own the item, too", () => {
    const first = applied(EMPTY, "a", { ports: [{ port: 80 }], name: "x" });
    const second = updated(first, "c", { ports: [{ port: 80, name: "web" }], name: "x" });
    const last = applied(second, "a", { name: "x" });
    expect(bare(last.value)).toEqual({ name: "x" });
    expect(ownersText(last.managers)).toEqual({ a: ".name" });
  });

  test("conflicts with every other owner of a field it changes", () => {
    const first = applied(EMPTY, "a", { replicas: 1, spec: { host: "h" } });
    const second = applied(first, "b", { replicas: 1 });
    const outcome = tryApply(second, "c", { replicas: 2, spec: { host: "i", path: "/" } });
    expect(conflictsText(outcome)).toBe("a: .replicas\n.spec.host; b: .replicas");
    const forced = applied(second, "c", { replicas: 2, spec: { host: "i" } }, true);
    expect(ownersText(forced.managers)).toEqual({ c: ".replicas\n.spec.host" });
  });

  test("of the same value shares the field", () => {
    const first = applied(EMPTY, "a", { replicas: 1 });
    const second = applied(first, "b", { replicas: 1 });
    expect(ownersText(second.managers)).toEqual({ a: ".replicas", b: ".replicas" });
  });

  test("replaces what is owned as a whole", () => {
    const first = applied(EMPTY, "a", { selector: { p: "1", q: "2" }, args: ["x", "y"] });
    const second = applied(first, "a", { selector: { r: "3" }, args: ["z"] });
    expect(second.value).toEqual({ selector: { r: "3" }, args: ["z"] });
    expect(ownersText(second.managers)).toEqual({ a: ".args\n.selector" });
  });

  test("puts list items where its own list has them", () => {
    const start: State = { value: { tags: ["a", "b", "c", "d"] }, managers: NOBODY };
    expect(applied(start, "m", { tags: ["d", "x", "a"] }).value).toEqual({
      tags: ["b", "c", "d", "x", "a"],
    });
    expect(applied(start, "m", { tags: ["a", "x", "c"] }).value).toEqual({
      tags: ["a", "b", "x", "c", "d"],
    });
  });

  test("of a list with the same item twice is refused", () => {
    const start: State = { value: { tags: ["a"] }, managers: NOBODY };
    expect(() => tryApply(start, "m", { tags: ["b", "b"] })).toThrow(
      'failed to merge config: .tags: duplicate entries for key [="b"]',
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(anySite, anySite, (live, config) => {
        const first = applied(updated(EMPTY, "u", live), "m", config, true);
        const again = tryApply(first, "m", config);
        if (again.kind !== "applied") throw new Error(conflictsText(again));
        expect(again.value).toBeUndefined();
        expect(ownersText(again.managers)).toEqual(ownersText(first.managers));
      }),
    );
  });

  test("of managers that own nothing in common comes out the same in either order", () => {
    const byA = fc.record({ labels: fc.dictionary(fc.constantFrom("a", "b"), fc.string()) });
    const byB = fc.record({
      labels: fc.dictionary(fc.constantFrom("c", "d"), fc.string()),
      spec: fc.record({ host: fc.string() }),
      ports: fc.uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 3 }) }), {
        selector: ({ port }) => port,
      }),
    });
    fc.assert(
      fc.property(byA, byB, (a, b) => {
        const ab = applied(applied(EMPTY, "a", a), "b", b);
        const ba = applied(applied(EMPTY, "b", b), "a", a);
        expect(ab.value).toEqual(ba.value);
        expect(ownersText(ab.managers)).toEqual(ownersText(ba.managers));
      }),
    );
  });

  test("never loses a field that its manager did not own", () => {
    fc.assert(
      fc.property(anySite, anySite, anySite, (live, before, after) => {
        const start = applied(updated(EMPTY, "u", live), "m", before, true);
        const owned = start.managers.get("m")?.set ?? new Map();
        const outcome = applied(start, "m", after, true);
        const foreign = missing(start.value, outcome.value, owned);
        expect(setText(foreign)).toBe("");
      }),
    );
  });
});

/** Fields of `before` that are gone in `after` though they are not in `owned`. */
function missing(before: unknown, after: unknown, owned: FieldSet): FieldSet {
  const foreign = removeItems(before, owned, ATOM);
  const compared = compareValues(foreign, after, ATOM);
  if (compared.kind !== "compared") throw new Error("the values fit their schema");
  const { removed } = compared.comparison;
  return new Map([...removed].filter(([element]) => !isNothing(foreign, element)));
}

/** A field without content is not worth keeping. */
function isNothing(object: unknown, element: string): boolean {
  const value = (object as Record<string, unknown>)[element.slice(2)] ?? {};
  return typeof value === "object" && Object.keys(value).length === 0;
}

test("a set of what is owned as a whole by now is that whole", () => {
  const recorded = aSet(["selector", "p"], ["labels", "p"], ["point", "x"], ["args", 0]);
  expect(setText(reconciledWithSchema(recorded, ATOM))).toBe(".args\n.point\n.selector\n.labels.p");
});

test("extracting what a configuration names gives the configuration", () => {
  fc.assert(
    fc.property(anySite, (config) => {
      const named = toFieldSet(config, ATOM);
      const live = { ...config, raw: { more: 1 } };
      const extracted = extractItems(live, named, ATOM);
      expect(setText(toFieldSet(extracted ?? {}, ATOM))).toBe(setText(named));
    }),
  );
});
