import { describe, expect, test } from "vitest";
import type { PodTemplateSpec } from "../../apis/core/v1/types.generated.ts";
import { isSameTemplate, TEMPLATE_HASH_LABEL, templateHash } from "./template-hash.ts";
import { aTemplate } from "./testing.ts";

describe("the hash of a template", () => {
  test("is ten safe letters, the same for ever", () => {
    expect(templateHash(aTemplate("v1"), 0)).toBe("dn79nnb5mb");
    expect(templateHash(aTemplate("v1"), 0)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  });

  test("differs by template and by collision count", () => {
    const hashes = [
      templateHash(aTemplate("v1"), 0),
      templateHash(aTemplate("v2"), 0),
      templateHash(aTemplate("v1"), 1),
    ];
    expect(new Set(hashes).size).toBe(3);
  });

  test("of 20,000 templates is never the same", () => {
    const hashes = new Set<string>();
    for (let index = 0; index < 20_000; index += 1)
      hashes.add(templateHash(aTemplate(`${index}`), 0));
    expect(hashes.size).toBe(20_000);
  });
});

const container = { name: "main", image: "v1" };
const withContainer = (extra: object): PodTemplateSpec => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ ...container, ...extra }] },
});

for (const { name, a, b, isSame } of [
  { name: "equal", a: aTemplate("v1"), b: aTemplate("v1"), isSame: true },
  { name: "of two images", a: aTemplate("v1"), b: aTemplate("v2"), isSame: false },
  {
    name: "apart but for the hash label",
    a: aTemplate("v1", { [TEMPLATE_HASH_LABEL]: "x" }),
    b: aTemplate("v1"),
    isSame: true,
  },
  {
    name: "of two label sets",
    a: aTemplate("v1", { tier: "x" }),
    b: aTemplate("v1"),
    isSame: false,
  },
  {
    name: "with fields in another order",
    a: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ image: "v1", name: "main" }] },
    },
    b: aTemplate("v1"),
    isSame: true,
  },
  {
    name: "with an empty list for none",
    a: withContainer({ env: [], command: null }),
    b: withContainer({}),
    isSame: true,
  },
  {
    name: "with lists in another order",
    a: withContainer({ args: ["a", "b"] }),
    b: withContainer({ args: ["b", "a"] }),
    isSame: false,
  },
  {
    name: "with an empty struct for none",
    a: withContainer({ securityContext: {} }),
    b: withContainer({}),
    isSame: false,
  },
]) {
  test(`templates ${name} are ${isSame ? "the same" : "different"}`, () => {
    expect(isSameTemplate(a, b)).toBe(isSame);
    expect(templateHash(a, 0) === templateHash(b, 0)).toBe(isSame);
  });
}
