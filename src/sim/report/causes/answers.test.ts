import { expect, test } from "vitest";
import { ConfigMap } from "../../../client/builtin.ts";
import { controller } from "../../../controller-runtime/declared/controller.ts";
import { always } from "../../oracles/invariants.ts";
import { create } from "../../scenario/operation.ts";
import { simulate } from "../../simulate.ts";

/** Makes another one under a name that the server makes up, unless it has seen one. */
const copies = controller(ConfigMap, {
  name: "copies",
  async reconcile({ metadata: { name, namespace = "" } }, ctx) {
    if (name !== "a") return ctx.done();
    const metadata = { generateName: "copy-", namespace };
    await ctx.client.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata }, ctx);
    return ctx.done();
  },
});

async function storyUnder(taken: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const simulated = simulate({
    controllers: [copies],
    scenario: [create(ConfigMap, { metadata: { name: "a" } })],
    invariants: [always("one copy", (state) => state.list(ConfigMap).length < 3)],
    tape: { seed: 1, operations: ["create ConfigMap a"], taken },
    tapes: "",
  });
  const told = await simulated.then(
    () => "it held out",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
  return told.split("\n").map((line) => line.replace(/^ +[\d.]+ s +/, ""));
}

test("a write that a failed disk refused, and that is there, is told with its answer", async () => {
  const disk = 'disk: after "create ConfigMap a"';
  const story = await storyUnder({ [disk]: "fails with the next write" });
  expect(story).toContainEqual(
    expect.stringMatching(/copy-\*" is answered 503, unavailable; without effect so far/),
  );
  expect(story).toContainEqual(
    expect.stringMatching(/default\/copy-<1> @\d+, which was refused and is on the disk$/),
  );
});

test("of an answer that is lost it is told whether there was an effect", async () => {
  const call = "call: controllers: create configmaps default/copy-*";
  const effect = await storyUnder({ [call]: "lost after effect" });
  expect(effect).toContainEqual(
    expect.stringMatching(/copy-\*" gets no answer: the answer is lost; it had its effect: @\d+$/),
  );
});
