import { expect, test } from "vitest";
import { deepFreeze } from "../base/freeze.ts";
import { keeping, type KeptOptions } from "./kept.ts";
import type { Thing } from "./testing/fake-history.ts";

const thing: Thing = deepFreeze({
  apiVersion: "v1",
  kind: "Thing",
  metadata: {
    namespace: "ns",
    name: "a",
    uid: "u",
    resourceVersion: "7",
    labels: { app: "web" },
    managedFields: [{ manager: "me" }],
  },
  value: 1,
});

function kept(options: KeptOptions<Thing>): { readonly object: Thing; readonly errors: unknown[] } {
  const errors: unknown[] = [];
  const object = keeping(options, (_object, error) => errors.push(error))(thing);
  return { object, errors };
}

test("managed fields are dropped, all else is shared", () => {
  const { object } = kept({});
  const { managedFields: _managedFields, ...metadata } = thing.metadata;
  expect(object).toEqual({ ...thing, metadata });
  expect(Object.hasOwn(object.metadata, "managedFields")).toBe(false);
  expect(object.metadata.labels).toBe(thing.metadata.labels);
  expect(kept({ keepsManagedFields: true }).object).toBe(thing);
});

test("transforms are applied one after the other, and what they make is frozen", () => {
  const double = (object: Thing): Thing => {
    expect(Object.isFrozen(object) && Object.isFrozen(object.metadata)).toBe(true);
    return { ...object, value: object.value * 2 };
  };
  const { object } = kept({ transforms: [double, double] });
  expect(object.value).toBe(4);
  expect(Object.isFrozen(object)).toBe(true);
});

test("an object keeps its identity, whatever a transform does to it", () => {
  const strip = (object: Thing): Thing => ({ ...object, metadata: { name: "other" } });
  expect(kept({ transforms: [strip] }).object.metadata).toEqual({
    namespace: "ns",
    name: "a",
    uid: "u",
    resourceVersion: "7",
  });
});

test("a transform that throws is reported, and the others still apply", () => {
  const defect = (): Thing => {
    throw new Error("defect");
  };
  const mark = (object: Thing): Thing => ({ ...object, value: 9 });
  const { object, errors } = kept({ transforms: [defect, mark] });
  expect(object.value).toBe(9);
  expect(errors).toEqual([new Error("defect")]);
});
