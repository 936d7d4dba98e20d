import { describe, expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { conflict, notFound } from "../machinery/status.ts";
import { requeueAfter } from "./controller/outcome.ts";
import { Widget } from "./testing/widget.ts";
import { untilGone } from "./until-gone.ts";

const KEY = { namespace: "default", name: "a" };

describe("a reconciler that works until its object is gone", () => {
  test("is done when the object is not found, and says so for debugging only", async () => {
    const env = virtualEnv();
    const reconcile = untilGone(Widget, () => Promise.reject(notFound(Widget, "a")));
    expect(await reconcile(KEY, aContext(env))).toEqual({ kind: "done" });
    expect(env.lines.map(({ level }) => level)).toEqual(["debug"]);
  });

  test.each([
    ["another object is not found", notFound(Widget, "b")],
    ["an object of another kind is not found", notFound({ ...Widget, resource: "parts" }, "a")],
    ["an object of another group is not found", notFound({ ...Widget, group: "" }, "a")],
    ["the object is a newer one", conflict(Widget, "a", "newer")],
    ["something else went wrong", new Error("no")],
  ])("fails when %s", async (_, error) => {
    const reconcile = untilGone(Widget, () => Promise.reject(error));
    await expect(reconcile(KEY, aContext(virtualEnv()))).rejects.toBe(error);
  });

  test("passes on what the reconciler says otherwise", async () => {
    const reconcile = untilGone(Widget, () => Promise.resolve(requeueAfter(5)));
    expect(await reconcile(KEY, aContext(virtualEnv()))).toEqual(requeueAfter(5));
  });
});
