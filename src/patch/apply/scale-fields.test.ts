import { expect, test } from "vitest";
import type { ManagedFieldsEntry } from "../../machinery/object.ts";
import { parentEntries, scaleEntries } from "./scale-fields.ts";

const PATHS = new Map([
  ["apps/v1", ["f:spec", "f:replicas"]],
  ["apps/v2", ["f:spec", "f:size"]],
  ["apps/v3", null],
]);

function entry(
  manager: string,
  apiVersion: string,
  spec: readonly string[],
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  const fieldsV1 = { "f:spec": Object.fromEntries(spec.map((name) => [`f:${name}`, {}])) };
  return { manager, operation: "Apply", apiVersion, fieldsType: "FieldsV1", fieldsV1, ...more };
}

const PARENT = [
  entry("a", "apps/v1", ["image", "replicas"], { time: "2026-01-01T00:00:00Z" }),
  entry("b", "apps/v2", ["size"], { time: "2026-01-01T00:00:01Z" }),
  entry("c", "apps/v3", ["replicas"], { time: "2026-01-01T00:00:02Z" }),
  entry("d", "gone/v1", ["replicas"], { time: "2026-01-01T00:00:03Z" }),
];

test("a scale is owned by who owns the number, whatever its version calls it", () => {
  expect(scaleEntries(PARENT, PATHS)).toEqual([
    entry("a", "autoscaling/v1", ["replicas"], { time: "2026-01-01T00:00:00Z" }),
    entry("b", "autoscaling/v1", ["replicas"], { time: "2026-01-01T00:00:01Z" }),
  ]);
});

test("a scale nobody wrote to leaves its parent's owners, but for versions that are gone", () => {
  const scale = scaleEntries(PARENT, PATHS);
  expect(parentEntries(PARENT, scale, "apps/v1", PATHS)).toEqual(PARENT.slice(0, 3));
});

test("who takes the number of a scale takes it from the owners of its parent", () => {
  const subresource = "scale";
  const scale = [entry("s", "autoscaling/v1", ["replicas"], { subresource })];
  expect(parentEntries(PARENT, scale, "apps/v2", PATHS)).toEqual([
    entry("s", "apps/v2", ["size"], { subresource }),
    entry("a", "apps/v1", ["image"], { time: "2026-01-01T00:00:00Z" }),
    PARENT[2],
  ]);
});

test("what else somebody wrote to a scale is owned by nobody", () => {
  const odd = entry("s", "autoscaling/v1", ["paused"]);
  const entries = parentEntries([], [odd], "apps/v1", PATHS);
  expect(entries).toEqual([]);
});
