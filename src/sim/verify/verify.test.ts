import { expect, test } from "vitest";
import { z } from "zod";
import { sites } from "../../../examples/site-operator/controller.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { SimulationStopped } from "../report/stopped.ts";
import { verify } from "./verify.ts";

const spec = z.object({ text: z.string().max(20), tags: z.array(z.string()).max(3).default([]) });
const Note = defineResource({ group: "example.dev", version: "v1", kind: "Note", spec });

/** Writes when it was last seen: each time it looks, and so without end if it looked at it. */
const stamped = controller(Note, {
  owns: [ConfigMap],
  async reconcile({ metadata: { name = "" }, spec: { text } }, ctx) {
    const data = { text, seen: new Date(ctx.now()).toISOString() };
    await ctx.apply(ConfigMap, { metadata: { name }, data });
    return ctx.done();
  },
});

test("a controller that writes the time when it looks is found without a scenario", async () => {
  const error = await verify(stamped, { tapes: "", runs: 20 }).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(error.invariant).toBe("what is settled is not written again");
  expect(error.message).toContain("await verify(controller, { tape });");
  expect(error.message).toMatch(/user: create Note a \(least\): \{"text":/);

  const { tape } = error;
  const again = await verify(stamped, { tapes: "", tape }).catch((failure: unknown) => failure);
  if (!(again instanceof SimulationError)) throw again;
  expect(again.invariant).toBe(error.invariant);
  expect(again.message).toContain("(replayed)");

  const stopped = await verify(stamped, { tape, until: 5 }).catch((failure: unknown) => failure);
  expect(stopped).toBeInstanceOf(SimulationStopped);
  const other = { ...tape, operations: ["create Note z"] };
  await expect(verify(stamped, { tape: other })).rejects.toThrow("verify: tape: it is not of this");
});

test("the site operator holds out with whatever its kind allows", async () => {
  const report = await verify(sites, { runs: 20, hasNodes: false, tapes: "" });
  expect(report).toMatchObject({ runs: 20, livesUnderFaults: 1 });
  expect(report.specs).toBeGreaterThan(8);
});
