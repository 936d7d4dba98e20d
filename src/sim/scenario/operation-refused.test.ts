import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { simulate } from "../simulate.ts";
import { change, create, remove, type Operation } from "./operation.ts";
import { OperationRefusedError } from "./operation-refused.ts";
import type { MakeController } from "./replicas.ts";

const Pool = defineResource({
  group: "acme.io",
  version: "v1",
  kind: "Pool",
  spec: z.object({ members: z.int().min(1).max(4) }),
});
const pool = (members: number): Operation =>
  create(Pool, { metadata: { name: "home" }, spec: { members } });
const home = { controllers: [], hasNodes: false, hasCollector: false, runs: 2, tapes: "" };

const CASES: readonly (readonly [string, Operation, readonly string[]])[] = [
  ["a spec that is out of bounds", pool(99), ["create Pool home: ", "spec.members", "4"]],
  [
    "a namespace that is not there",
    create(ConfigMap, { metadata: { name: "a", namespace: "team" } }),
    ['create ConfigMap a: namespaces "team" not found'],
  ],
  [
    "a change of what is not there",
    change(Pool, "none", { spec: { members: 2 } }),
    ['change Pool none to {"spec":{"members":2}}: pools.acme.io "none" not found'],
  ],
];

test.each(CASES)("%s ends the simulation before its first fault", async (_, refused, words) => {
  const scenario = [create(ConfigMap, { metadata: { name: "b" } }), refused];
  const told = simulate({ ...home, kinds: [Pool], scenario });
  await expect(told).rejects.toThrow(OperationRefusedError);
  const error = await told.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ operations: [refused.name] });
  for (const word of words) expect(String(error)).toContain(word);
  expect(String(error)).not.toContain("`kinds`");
});

test("a kind that is not served is to be added to `kinds`, with a view of it as well", async () => {
  const pools = controller(Pool, { reconcile: (_pool, ctx) => Promise.resolve(ctx.done()) });
  const made: MakeController = (deps) => pools(deps);
  for (const controllers of [[], [made]]) {
    const told = simulate({ ...home, controllers, scenario: [pool(1)] });
    await expect(told).rejects.toThrow("add the kind to `kinds`");
  }
});

test("what is meant to be refused says so, and what faults make fail is no reason", async () => {
  const meant = { ...pool(99), mayBeRefused: true };
  const scenario = [meant, pool(1), remove(Pool, "home")];
  const report = await simulate({ ...home, runs: 10, kinds: [Pool], scenario });
  expect(report.runs).toBe(10);
});

test("what is given and refused is named", async () => {
  const told = simulate({ ...home, kinds: [Pool], given: [pool(99)], scenario: [] });
  await expect(told).rejects.toThrow('given: "create Pool home" was refused: ');
});
