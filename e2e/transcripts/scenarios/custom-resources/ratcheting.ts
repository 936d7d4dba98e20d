import type { Asked, Scenario } from "../../scenario.ts";
import { aKind, fieldsOf, specOf, TEXT, WHOLE } from "./definitions.ts";

const NAMESPACE = "cr-ratcheting";
const rule = (text: string, more: object = {}): object => ({
  "x-kubernetes-validations": [{ rule: text, ...more }],
});
const free = fieldsOf({ a: TEXT, b: WHOLE, l: { type: "array", items: TEXT } });
const strict = specOf(
  fieldsOf(
    {
      a: { type: "string", maxLength: 3, ...rule("self.startsWith('x')") },
      b: { type: "integer", maximum: 5 },
      c: { type: "string", ...rule("self == oldSelf", { message: "c stands" }) },
      d: {
        type: "string",
        ...rule("oldSelf.hasValue() || self == 'first'", { optionalOldSelf: true }),
      },
      l: { type: "array", items: { type: "string", enum: ["p", "q"] } },
      m: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
        items: fieldsOf(
          { k: TEXT, v: { type: "integer", maximum: 5, ...rule("self >= oldSelf") } },
          { required: ["k"] },
        ),
      },
    },
    rule("!has(self.b) || self.b % 2 == 0", { reason: "FieldValueForbidden", fieldPath: ".b" }),
  ),
);
const kind = aKind(NAMESPACE, {
  plural: "knots",
  kind: "Knot",
  schema: specOf({ ...free, "x-kubernetes-preserve-unknown-fields": true }),
});
const change = (spec: object): Asked => ({
  method: "PATCH",
  path: `${kind.path}/old`,
  body: { spec },
});

/** What was wrong before and does not change is let through; what changes is held to the rules. */
export const ratcheting: Scenario = {
  name: "cr-ratcheting",
  namespace: NAMESPACE,
  steps: [
    ...kind.made,
    kind.create("old", {
      spec: {
        a: "wrong",
        b: 7,
        c: "one",
        l: ["p", "z"],
        m: [
          { k: "x", v: 9 },
          { k: "y", v: 1 },
        ],
      },
    }),
    {
      method: "PATCH",
      path: kind.definitionPath,
      body: {
        spec: {
          versions: [
            { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: strict } },
          ],
        },
      },
    },
    // Served anew when objects are refused.
    {
      ...kind.create("probe", { spec: { b: 9 } }, "?dryRun=All"),
      until: { status: 422 },
    },
    change({ c: "one", d: "first" }),
    change({ a: "still wrong" }),
    change({ b: 8 }),
    change({ b: 4 }),
    change({ c: "two" }),
    change({ d: "second" }),
    change({ l: ["p", "z", "q"] }),
    change({ l: ["z", "p"] }),
    change({
      m: [
        { k: "y", v: 2 },
        { k: "x", v: 9 },
      ],
    }),
    change({
      m: [
        { k: "y", v: 1 },
        { k: "x", v: 9 },
      ],
    }),
    change({
      m: [
        { k: "y", v: 7 },
        { k: "x", v: 9 },
      ],
    }),
    { method: "PATCH", path: `${kind.path}/old`, body: { metadata: { labels: { x: "y" } } } },
    change({ a: "xyz" }),
    change({ a: null }),
    kind.removed,
  ],
};
