import { expect, test } from "vitest";
import { podStrategy } from "../../apis/core/v1/pod.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { makeResource } from "../registry/resource.ts";
import { Admission, type Review } from "./admission.ts";

const context = aContext(virtualEnv());

function aReview(verb: Review["verb"], edited: (by: string) => void): Review {
  return {
    verb,
    resource: makeResource(podStrategy),
    subresource: "",
    namespace: "default",
    name: "a",
    user: { name: "jane", groups: [] },
    object: { metadata: { name: "a" } },
    old: undefined,
    isDryRun: false,
    edited,
  };
}

test("admission: who is not concerned by a write is asked for nothing", async () => {
  const asked: string[] = [];
  const plugin = (name: string, verb: Review["verb"]) => ({
    name,
    concerns: (review: Review) => review.verb === verb,
    mutate: ({ object }: Review) => {
      asked.push(`${name} mutates`);
      return { ...object, metadata: { ...object.metadata, labels: { by: name } } };
    },
    validate: ({ object }: Review) => {
      asked.push(`${name} sees ${object.metadata.labels?.["by"]}`);
    },
  });
  const admission = new Admission([plugin("first", "create"), plugin("second", "update")]);
  const edits: string[] = [];
  const review = aReview("create", (by) => void edits.push(by));
  const made = await admission.admit(review, context);
  expect(made.metadata.labels).toEqual({ by: "first" });
  expect(asked).toEqual(["first mutates", "first sees first"]);
  expect(edits).toEqual(["first"]);
});
