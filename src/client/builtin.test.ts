import { expect, test } from "vitest";
import { BUILT_IN } from "../apis/registry.ts";
import * as builtin from "./builtin.ts";

test("every kind that is served has a value for calls, at the place where it is served", () => {
  const served = BUILT_IN.map(({ names: n }) => ({
    group: n.group,
    version: n.version,
    kind: n.kind,
    resource: n.plural,
    isNamespaced: n.isNamespaced,
  }));
  const byKind = new Map(Object.values(builtin).map((type) => [type.kind, type]));
  expect(served.map(({ kind }) => byKind.get(kind))).toEqual(served);
  expect(byKind.size).toBe(served.length);
});
