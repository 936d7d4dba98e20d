import { expect, test } from "vitest";
import type { ApiObject } from "../machinery/object.ts";
import { fieldChangesOf, withoutSecrets } from "./field-changes.ts";

const COPY = "kubectl.kubernetes.io/last-applied-configuration";

function secret(value: string): ApiObject & { readonly data: unknown } {
  const annotations = { [COPY]: `{"data":{"a":"${value}"}}`, note: value === "b2xk" ? "1" : "2" };
  const metadata = { name: "s", annotations };
  return { apiVersion: "v1", kind: "Secret", metadata, data: { a: value } };
}

test("what a Secret holds is not told: not its data, and not the copy that kubectl keeps", () => {
  expect(fieldChangesOf(secret("b2xk"), secret("bmV3"), JSON.stringify)).toEqual([
    {
      field: `metadata.annotations["${COPY}"]`,
      before: "(secret)",
      after: "(secret)",
    },
    { field: "metadata.annotations.note", before: '"1"', after: '"2"' },
    { field: "data.a", before: "(secret)", after: "(secret)" },
  ]);
  const bare: ApiObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
  for (const before of [undefined, bare]) {
    const text = JSON.stringify([
      fieldChangesOf(before, secret("bmV3"), JSON.stringify),
      fieldChangesOf(secret("bmV3"), before, JSON.stringify),
      withoutSecrets(secret("bmV3")),
    ]);
    expect(text).not.toContain("bmV3");
    expect(text).toContain("note");
  }
  expect(withoutSecrets(secret("bmV3"))).toMatchObject({ data: { a: "(secret)" } });
});

test("what other kinds hold is told", () => {
  const map = (a: string): ApiObject => ({ ...secret(a), kind: "ConfigMap" });
  expect(fieldChangesOf(map("1"), map("2"), JSON.stringify)).toContainEqual({
    field: "data.a",
    before: '"1"',
    after: '"2"',
  });
  expect(withoutSecrets(map("1"))).toEqual(map("1"));
});
