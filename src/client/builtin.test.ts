import { expect, test } from "vitest";
import { BUILT_IN } from "../apis/registry.ts";
import { gvrKey } from "../machinery/gvk.ts";
import * as builtin from "./builtin.ts";

test("every kind that is served has a value for calls, at the place where it is served", () => {
  const served = BUILT_IN.map(({ names: n }) => ({
    group: n.group,
    version: n.version,
    kind: n.kind,
    resource: n.plural,
    isNamespaced: n.isNamespaced,
  }));
  const byPlace = new Map(Object.values(builtin).map((type) => [gvrKey(type), type]));
  expect(served.map((type) => byPlace.get(gvrKey(type)))).toEqual(served);
  expect(byPlace.size).toBe(served.length);
});
