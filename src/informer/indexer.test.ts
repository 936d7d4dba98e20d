import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLabelQuery } from "../machinery/label-parser.ts";
import { compareKeys, keyOf, keyText } from "../machinery/key.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { Indexer, INDEXES_MAX } from "./indexer.ts";
import type { Thing } from "./testing/fake-history.ts";
import { index } from "./typed-index.ts";

function aThing(namespace: string, name: string, value = 0): Thing {
  const metadata = { namespace, name, labels: { value: String(value) } };
  return { apiVersion: "v1", kind: "Thing", metadata, value };
}

const byValue = { value: (thing: Thing): readonly string[] => [String(thing.value), "any"] };

test("lists come in key order: by namespace, then by name, whatever came first", () => {
  const indexer = new Indexer<Thing>();
  // As plain text "a-b/x" would come before "a/y".
  for (const [namespace, name] of [
    ["b", "a"],
    ["a", "z"],
    ["a-b", "x"],
    ["a", "y"],
  ] as const) {
    indexer.put(aThing(namespace, name));
  }
  expect(indexer.list().map((thing) => keyText(keyOf(thing)))).toEqual([
    "a/y",
    "a/z",
    "a-b/x",
    "b/a",
  ]);
  expect(indexer.list({ namespace: "a" }).map((thing) => thing.metadata.name)).toEqual(["y", "z"]);
  expect(indexer.list({ namespace: "c" })).toEqual([]);
});

test("lists are narrowed by labels", () => {
  const indexer = new Indexer<Thing>();
  indexer.put(aThing("a", "x", 1));
  indexer.put(aThing("a", "y", 2));
  const labels = parseLabelQuery("value=2");
  expect(indexer.list({ labels }).map((thing) => thing.metadata.name)).toEqual(["y"]);
});

test("an index that is added later covers what is there; one of the same name is kept", () => {
  const indexer = new Indexer<Thing>(byValue);
  indexer.put(aThing("a", "x", 1));
  indexer.addIndexes({ value: () => ["other"], name: (thing) => [thing.metadata.name ?? ""] });
  expect(indexer.byIndex("name", "x").length).toBe(1);
  expect(indexer.byIndex("value", "1").length).toBe(1);
  expect(indexer.byIndex("value", "other")).toEqual([]);
});

test("an index nobody declared is a defect of the caller", () => {
  expect(() => new Indexer<Thing>().byIndex("none", "x")).toThrow("the index none was declared");
});

test("names of the language are ordinary keys and index values", () => {
  const indexer = new Indexer<Thing>({ name: (thing) => [thing.metadata.name ?? ""] });
  for (const name of ["__proto__", "constructor", "then"]) indexer.put(aThing("__proto__", name));
  expect(indexer.list({ namespace: "__proto__" }).length).toBe(3);
  expect(indexer.byIndex("name", "__proto__").length).toBe(1);
  expect(indexer.byIndex("name", "toString")).toEqual([]);
});

test("any sequence of puts and removals leaves what a plain map would hold", () => {
  const namespace = fc.constantFrom("a", "a-b", "b");
  const name = fc.constantFrom("x", "y", "z");
  const step = fc.record({
    kind: fc.constantFrom("put", "put", "remove"),
    namespace,
    name,
    value: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const indexer = new Indexer<Thing>(byValue);
      const model = new Map<string, Thing>();
      for (const { kind, namespace, name, value } of steps) {
        const key = { namespace, name };
        expect(indexer.peek(key)).toBe(model.get(keyText(key)));
        if (kind === "put") {
          const thing = aThing(namespace, name, value);
          indexer.put(thing);
          model.set(keyText(key), thing);
        } else {
          indexer.remove(key);
          model.delete(keyText(key));
        }
      }
      const all = [...model.values()].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
      expect(indexer.list()).toEqual(all);
      expect(indexer.size).toBe(all.length);
      expect(indexer.byIndex("value", "any")).toEqual(all);
      for (const value of [0, 1, 2]) {
        const found = all.filter((thing) => thing.value === value);
        expect(indexer.byIndex("value", String(value))).toEqual(found);
      }
      for (const thing of all) expect(indexer.get(keyOf(thing))).toBe(thing);
    }),
  );
});

const Things: ResourceType<Thing> = {
  group: "",
  version: "v1",
  kind: "Thing",
  resource: "things",
  isNamespaced: true,
};

test("an index that is a value is built when first read by, and kept up after that", () => {
  let calls = 0;
  const byParity = index(Things, (thing) => {
    calls += 1;
    return [thing.value % 2 === 0 ? "even" : "odd"];
  });
  const indexer = new Indexer<Thing>();
  indexer.put(aThing("ns", "b", 2));
  indexer.put(aThing("ns", "a", 4));
  expect(calls).toBe(0);
  const names = (value: string): unknown[] =>
    indexer.by(byParity, value).map((thing) => thing.metadata.name);
  expect(names("even")).toEqual(["a", "b"]);
  expect(calls).toBe(2);
  indexer.put(aThing("ns", "b", 3));
  indexer.remove({ namespace: "ns", name: "a" });
  expect(names("even")).toEqual([]);
  expect(names("odd")).toEqual(["b"]);
});

test("two indexes are two, though they be declared alike", () => {
  const indexer = new Indexer<Thing>();
  indexer.put(aThing("ns", "a", 1));
  const one = index(Things, () => ["x"]);
  const two = index(Things, () => ["y"]);
  expect([indexer.by(one, "x").length, indexer.by(two, "x").length]).toEqual([1, 0]);
});

test("an index declared with every read is refused before it fills the memory", () => {
  const indexer = new Indexer<Thing>();
  const read = (): unknown =>
    indexer.by(
      index(Things, () => []),
      "x",
    );
  for (let count = 0; count < INDEXES_MAX; count += 1) read();
  expect(read).toThrow("indexes are declared once, not with every read");
});

test("an index function that throws finds nothing of that object, and says so", () => {
  const failures: unknown[] = [];
  const indexer = new Indexer<Thing>({}, (name, object, error) =>
    failures.push([name, object.metadata.name, error]),
  );
  indexer.put(aThing("ns", "a", 1));
  const defect = index(Things, () => {
    throw new Error("defect");
  });
  expect(indexer.by(defect, "x")).toEqual([]);
  expect(failures).toEqual([["of a value", "a", new Error("defect")]]);
});
