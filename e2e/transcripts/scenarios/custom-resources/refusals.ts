import type { Scenario } from "../../scenario.ts";
import { aDefinition, dryRuns, fieldsOf, specOf, TEXT, WHOLE } from "./definitions.ts";

const GROUP = "cr-refusals.example.dev";
const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const EMBEDDED = "x-kubernetes-embedded-resource";
const MIXED = "x-kubernetes-int-or-string";
const LIST = "x-kubernetes-list-type";
const KEYS = "x-kubernetes-list-map-keys";

const withSchema = (schema: object, version: object = {}): object =>
  aDefinition(GROUP, { plural: "tests", kind: "Test", schema, version });
const withSpec = (schema: object): object => withSchema(specOf(schema));

/** Schemas that are not structural, or say what a custom resource cannot have. */
export const schemaRefusals: Scenario = {
  name: "cr-schema-refusals",
  steps: dryRuns([
    withSchema({}),
    withSchema({ type: "string" }),
    withSchema(fieldsOf({ a: {}, b: { type: "array" }, c: { type: "foo" } })),
    withSchema({ type: "object", additionalProperties: TEXT }),
    withSpec({ type: "object", properties: { a: TEXT }, additionalProperties: TEXT }),
    withSpec({ [MIXED]: true, type: "integer" }),
    withSpec({ [MIXED]: true, [PRESERVE]: true, [EMBEDDED]: true }),
    withSpec({ type: "object", [EMBEDDED]: true }),
    withSchema(fieldsOf({ metadata: fieldsOf({ labels: { type: "object" } }) })),
    withSpec({ ...fieldsOf({ a: WHOLE }), anyOf: [{ properties: { b: { minimum: 1 } } }] }),
    withSpec({ ...fieldsOf({ a: WHOLE }), allOf: [{ type: "object", default: {}, title: "t" }] }),
    withSpec({ type: "array", items: TEXT, uniqueItems: true }),
    withSpec({ type: "string", pattern: "(" }),
    withSpec({ $ref: "#/x", definitions: { a: TEXT }, dependencies: { a: ["b"] } }),
    withSpec({ type: "array", items: fieldsOf({ a: TEXT }), [LIST]: "set" }),
    withSpec({ type: "array", items: fieldsOf({ a: TEXT }), [LIST]: "map", [KEYS]: ["a"] }),
    withSpec({ type: "array", items: TEXT, [LIST]: "map", [KEYS]: [] }),
    withSpec({ type: "string", default: 1 }),
    withSpec({ ...fieldsOf({ a: TEXT }), default: { b: 1 } }),
    withSpec({ type: "object", default: [] }),
    withSpec({ type: "object", [EMBEDDED]: true, [PRESERVE]: true, default: {} }),
    withSpec({ type: "string", format: "nonsense" }),
    withSchema({ type: "object", maxProperties: 3 }, { subresources: { status: {} } }),
  ]),
};

const aVersion = (name: string, more: object = {}): object => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema: { type: "object" } },
  ...more,
});
const with_ = (spec: object, more: object = {}): object =>
  aDefinition(GROUP, { plural: "tests", kind: "Test", spec, ...more });
const column = (more: object): object => ({ additionalPrinterColumns: [more] });
const scale = (more: object): object => ({ subresources: { scale: more } });
const webhook = (clientConfig: object, conversionReviewVersions = ["v1"]): object => ({
  conversion: { strategy: "Webhook", webhook: { clientConfig, conversionReviewVersions } },
});

/** What else can be wrong with a definition. */
export const definitionRefusals: Scenario = {
  name: "cr-definition-refusals",
  steps: dryRuns([
    with_({}, { metadata: { name: "wrong.example.dev" } }),
    with_({ group: "nodot" }),
    with_({ scope: "namespaced", names: { plural: "Tests", kind: "te.st", shortNames: ["A_"] } }),
    with_({ versions: [aVersion("v1"), aVersion("v1"), aVersion("V2")] }),
    with_({ versions: [aVersion("v1", { storage: true, schema: undefined })] }),
    with_({ versions: [aVersion("v1", { storage: true, deprecationWarning: "old" })] }),
    with_({ preserveUnknownFields: true }),
    with_({ group: "x.k8s.io" }, { metadata: { name: "tests.x.k8s.io" } }),
    with_({}, { version: column({}) }),
    with_({}, { version: column({ name: "A", type: "text", format: "x", jsonPath: "a" }) }),
    with_({}, { version: scale({ specReplicasPath: ".status.r", statusReplicasPath: "r" }) }),
    with_({}, { version: scale({ specReplicasPath: ".spec.r", statusReplicasPath: ".status.r" }) }),
    with_({}, { version: { selectableFields: [{ jsonPath: ".spec.a" }, {}] } }),
    with_({ conversion: { strategy: "Other" } }),
    with_(webhook({})),
    with_(webhook({ url: "http://u:p@example.dev/a?b#c" }, [])),
    with_(webhook({ url: "https://a b/" }, ["v9", "v9"])),
    with_(webhook({ service: { name: "", namespace: "", path: "//", port: 0 } })),
    { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", spec: {} },
  ]).slice(0, -1),
};
