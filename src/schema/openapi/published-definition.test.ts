import { expect, test } from "vitest";
import type { Fields } from "../../machinery/object.ts";
import {
  publishedDefinition,
  publishedListDefinition,
  type OpenApiVersion,
  type PublishedKind,
} from "./published-definition.ts";

const SITE: PublishedKind = {
  group: "example.dev",
  version: "v1",
  kind: "Site",
  listKind: "SiteList",
  plural: "sites",
  selectableFields: [".spec.tier"],
};

const GVK = [{ group: "example.dev", kind: "Site", version: "v1" }];
const EXTENSIONS = {
  "x-kubernetes-group-version-kind": GVK,
  "x-kubernetes-selectable-fields": [{ fieldPath: "spec.tier" }],
};
const PRESERVE = { "x-kubernetes-preserve-unknown-fields": true };

/** The definition without what every resource has. */
function specOf(spec: unknown, version: OpenApiVersion): unknown {
  const schema = { type: "object", properties: { spec, metadata: { type: "object" } } };
  const { properties } = publishedDefinition(schema, SITE, version) as { properties: Fields };
  return properties["spec"];
}

test("OpenAPI: every resource has apiVersion, kind and metadata, whatever its schema says", () => {
  const shown = publishedDefinition({ type: "object", description: "A site." }, SITE, "v3");
  expect(shown).toEqual({
    description: "A site.",
    type: "object",
    properties: {
      apiVersion: { description: expect.stringMatching(/^APIVersion defines/), type: "string" },
      kind: { description: expect.stringMatching(/^Kind is a string/), type: "string" },
      metadata: {
        description: expect.stringMatching(/^Standard object's metadata/),
        allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }],
      },
    },
    ...EXTENSIONS,
  });
});

test("OpenAPI: without a schema nothing is said, in version 2 nothing of open roots either", () => {
  expect(publishedDefinition(undefined, SITE, "v3")).toEqual({ type: "object", ...EXTENSIONS });
  const open = { type: "object", ...PRESERVE, properties: { spec: { type: "string" } } };
  expect(publishedDefinition(open, SITE, "v2")).toEqual({ type: "object", ...EXTENSIONS });
  expect(Object.keys(publishedDefinition(open, SITE, "v3"))).toContain("properties");
});

test("OpenAPI: version 3 spells out int-or-string and keeps rules and alternatives", () => {
  const either = [{ type: "integer" }, { type: "string" }];
  const word = { "x-kubernetes-int-or-string": true };
  expect(specOf(word, "v3")).toEqual({ ...word, anyOf: either });
  expect(specOf({ ...word, anyOf: either }, "v3")).toEqual({ ...word, anyOf: either });
  expect(specOf({ ...word, anyOf: [{ minimum: 1 }] }, "v3")).toEqual({
    ...word,
    allOf: [{ anyOf: either }],
    anyOf: [{ minimum: 1 }],
  });
  const ruled = { type: "string", "x-kubernetes-validations": [{ rule: "true" }], maxLength: 0 };
  expect(specOf(ruled, "v3")).toEqual(ruled);
});

test("OpenAPI: version 2 says nothing of alternatives, nulls and open places", () => {
  const spec = {
    type: "object",
    required: ["a", "b"],
    anyOf: [{ required: ["a"] }],
    properties: {
      a: { type: "object", nullable: true, properties: { x: { type: "string" } } },
      b: { type: "array", items: { type: "object", ...PRESERVE } },
      c: { "x-kubernetes-int-or-string": true },
    },
  };
  expect(specOf(spec, "v2")).toEqual({
    type: "object",
    required: ["b"],
    properties: {
      a: {},
      b: { type: "array", items: PRESERVE },
      c: { "x-kubernetes-int-or-string": true },
    },
  });
});

test("OpenAPI: embedded resources have the fields of resources, and require two of them", () => {
  const embedded = { type: "object", "x-kubernetes-embedded-resource": true, ...PRESERVE };
  expect(specOf(embedded, "v3")).toMatchObject({
    properties: { apiVersion: {}, kind: {}, metadata: {} },
    required: ["kind", "apiVersion"],
  });
  expect(specOf(embedded, "v2")).toEqual({
    "x-kubernetes-embedded-resource": true,
    ...PRESERVE,
  });
});

test("OpenAPI: the list of a kind refers to the kind", () => {
  expect(publishedListDefinition(SITE, "v2")).toMatchObject({
    description: "SiteList is a list of Site",
    required: ["items"],
    properties: { items: { items: { $ref: "#/definitions/dev.example.v1.Site" } } },
    "x-kubernetes-group-version-kind": [{ kind: "SiteList" }],
  });
});
