import { expect, test } from "vitest";
import { HandMadeRun } from "../testing/hand-made.ts";
import { generationsCount } from "./generations.ts";

const at = (generation: number, spec: object, more: object = {}): object => ({
  metadata: { generation, ...more },
  spec,
});

/** What is found of the last of these states. */
function after(...states: readonly object[]): string | undefined {
  return new HandMadeRun(generationsCount).writes(states.map((to) => ({ actor: "a", to })));
}

test("a generation rises with the spec, with annotations, and with a deletion", () => {
  const found = [
    after(at(1, { size: 1 }), at(2, { size: 2 })),
    after(at(1, { size: 1 }), at(1, { size: 1 }, { labels: { a: "b" } })),
    after(at(1, { size: 1 }), at(2, { size: 1 }, { annotations: { a: "b" } })),
    after(at(1, {}), at(2, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" })),
    after({ spec: { size: 1 } }, { spec: { size: 2 } }),
  ];
  expect(found.filter((each) => each !== undefined)).toEqual([]);
});

test("one that stays, rises or falls where it must not is found", () => {
  expect(after(at(1, { size: 1 }), at(1, { size: 2 }))).toMatch(/another spec in the same/);
  expect(after(at(1, { size: 1 }), at(2, { size: 1 }))).toMatch(/2 after 1, and its spec is the/);
  expect(after(at(2, { size: 1 }), at(1, { size: 2 }))).toMatch(/generation 1 after 2$/);
});

test("a pod that is given a node is the same generation", () => {
  const run = new HandMadeRun(generationsCount);
  run.write({ actor: "a", to: at(1, {}) });
  const bound = { actor: "nodes", verb: "create/binding", to: at(1, { nodeName: "node-1" }) };
  expect(run.write(bound)).toBeUndefined();
});

test("identity and age of an object do not change", () => {
  expect(after({ metadata: { uid: "1" } }, { metadata: { uid: "2" } })).toMatch(/another uid/);
  const creationTimestamp = "2026-01-01T00:00:00Z";
  expect(after({}, { metadata: { creationTimestamp } })).toMatch(/another age$/);
});
