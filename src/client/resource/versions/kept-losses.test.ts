import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fields } from "../../../machinery/object.ts";
import { lostParts, lostText, partsIn, partsText, withParts } from "./kept-losses.ts";

const keys = fc.constantFrom("a", "b", "__proto__", "constructor");
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(0, 1, "x", true, null, 9_007_199_254_740_993n),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const anySpec = fc.dictionary(keys, anyValue, { maxKeys: 3, noNullPrototype: true });
const OPEN: Fields = { properties: { spec: {} } };

/** By way of the text of the annotation. */
function kept(hub: Fields, back: Fields, schema: Fields = OPEN) {
  return partsIn(partsText("v2", lostParts(hub, back, [], schema)), "v2");
}

test("whatever was lost comes back, if nobody has changed what stands in its place", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (hub, back) => {
      const parts = kept({ spec: hub }, { spec: back });
      expect(withParts({ spec: back }, parts, OPEN)).toEqual({ spec: hub });
    }),
  );
});

test("an object in which everything was changed stays as it is", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (hub, back) => {
      const parts = kept({ spec: hub }, { spec: back });
      const changed = { spec: "changed" };
      expect(withParts(changed, parts, OPEN)).toBe(changed);
    }),
  );
});

test("an annotation of any text is read or ignored, and never fails", () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.json(),
    anyValue.map((parts) => partsText("v2", Array.isArray(parts) ? parts : [])),
  );
  fc.assert(
    fc.property(anyText, anySpec, (text, spec) => {
      const made = withParts({ spec }, partsIn(text, "v2"), OPEN);
      expect(Object.keys(made)).toEqual(["spec"]);
    }),
  );
});

const KEYED: Fields = {
  properties: {
    spec: {
      type: "object",
      properties: {
        ports: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["port"],
          items: { type: "object", properties: { name: { type: "string" } } },
        },
      },
    },
  },
};

test("in a list with keys every item is for itself", () => {
  const hub = {
    spec: {
      ports: [
        { port: 1, name: "a", tls: true },
        { port: 2, name: "b" },
      ],
    },
  };
  const back = { spec: { ports: [{ port: 1 }, { port: 2 }] } };
  const parts = kept(hub, back, KEYED);
  expect(parts.map(({ path }) => lostText(path))).toEqual([
    "spec.ports[].name",
    "spec.ports[].tls",
    "spec.ports[].name",
  ]);
  expect(withParts(back, parts, KEYED)).toEqual(hub);
  const added = { spec: { ports: [{ port: 2 }, { port: 3 }, { port: 1, name: "mine" }] } };
  expect(withParts(added, parts, KEYED)).toEqual({
    spec: { ports: [{ port: 2, name: "b" }, { port: 3 }, { port: 1, name: "mine", tls: true }] },
  });
});

test("a list with keys whose items are not the same is one value", () => {
  const hub = { spec: { ports: [{ port: 1, name: "a" }] } };
  const back = { spec: { ports: [{ port: 9 }] } };
  const parts = kept(hub, back, KEYED);
  expect(parts.map(({ path }) => lostText(path))).toEqual(["spec.ports"]);
  expect(withParts(back, parts, KEYED)).toEqual(hub);
});
