import { expect, test } from "vitest";
import { decodeDefinitions } from "./definitions.ts";
import { KINDS } from "./kinds.ts";
import { generateFiles } from "./main.ts";
import { schemaName } from "./print-schemas.ts";
import { decodeMessages } from "./protobuf.ts";

const FOLDERS: Readonly<Record<string, string>> = {
  "": "core",
  "coordination.k8s.io": "coordination",
};

/** Definitions of every kind that is wanted, empty but for `Pod`. */
function definitionsWithPod(properties: object, more: object = {}): string {
  const kinds = KINDS.map(({ group, version, kind }) => [
    `io.k8s.api.${FOLDERS[group] ?? group}.${version}.${kind}`,
    {
      type: "object",
      "x-kubernetes-group-version-kind": [{ group, version, kind }],
      ...(kind === "Pod" ? { properties, required: ["metadata", "labels"] } : {}),
    },
  ]);
  return JSON.stringify({ ...Object.fromEntries(kinds), ...more });
}

/** Messages whose fields JSON knows, and one whose field holds another. */
const MESSAGES = {
  "k8s.io.api.core.v1.Pod": { spec: { number: 2, type: "PodSpec" } },
  "k8s.io.api.core.v1.PodSpec": {
    inlined: { number: 3, type: "Ports" },
    replicas: { number: 1, type: "int32" },
  },
  "k8s.io.api.core.v1.Ports": { ports: { number: 1, type: "IntOrString" } },
};

function generated(path: string, properties: object, more: object = {}): string {
  const definitions = decodeDefinitions(definitionsWithPod(properties, more));
  const files = generateFiles(definitions, decodeMessages(JSON.stringify(MESSAGES)));
  return files.get(path) ?? "";
}

const PROPERTIES = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  spec: { $ref: "#/definitions/io.k8s.api.core.v1.PodSpec" },
  labels: { type: "object", additionalProperties: { type: "string" } },
  "odd-key": { $ref: "#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
};

const MORE = {
  "io.k8s.api.core.v1.PodSpec": {
    type: "object",
    properties: {
      replicas: { type: "integer", format: "int32" },
      peers: {
        type: "array",
        items: { $ref: "#/definitions/io.k8s.api.core.v1.PodSpec" },
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        "x-kubernetes-patch-strategy": "merge",
        "x-kubernetes-patch-merge-key": "name",
      },
      ports: {
        type: "array",
        items: { $ref: "#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
      },
      claim: { $ref: "#/definitions/io.k8s.api.apps.v1.Claim" },
      at: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime" },
    },
    "x-kubernetes-map-type": "atomic",
  },
  "io.k8s.api.apps.v1.Claim": { type: "object" },
  "io.k8s.api.core.v1.NobodyNeedsThis": { type: "object" },
};

test("types are readonly, name their kind, and require what the server always fills", () => {
  const types = generated("apis/core/v1/types.generated.ts", PROPERTIES, MORE);
  expect(types).toContain(`export type Pod = {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly spec: PodSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly "odd-key"?: number | string;
};`);
  expect(types).toContain(`export type PodSpec = {
  readonly replicas?: number;
  readonly peers?: readonly PodSpec[];
  readonly ports?: readonly (number | string)[];
  readonly claim?: appsV1.Claim;
  readonly at?: string;
};`);
  expect(types).toContain('import type * as appsV1 from "../../apps/v1/types.generated.ts";');
});

test("schemas keep list keys, patch rules and formats, and refer lazily", () => {
  const schemas = generated("apis/core/v1/schema.generated.ts", PROPERTIES, MORE);
  expect(schemas).toContain(`export const podSpecSchema: StructuralSchema = object({
  replicas: int32,
  peers: patched(mapListOf(() => podSpecSchema, ["name"]), "merge", "name"),
  ports: listOf(intOrString),
  claim: () => appsV1.claimSchema,
  at: microTime,
}, { typeName: "PodSpec", mapType: "atomic" });`);
});

test("schemas say of which fields the zero is kept", () => {
  const properties = { hostUsers: { type: "boolean" }, hostPID: { type: "boolean" } };
  const more = { ...MORE, "io.k8s.api.core.v1.PodSpec": { type: "object", properties } };
  expect(generated("apis/core/v1/schema.generated.ts", PROPERTIES, more)).toContain(
    '}, { typeName: "PodSpec", keptWhenZero: ["hostUsers"] });',
  );
});

test("schemas say what is owned as a whole, and what a list key is when it is left out", () => {
  const port = {
    type: "object",
    properties: { containerPort: { type: "integer" }, protocol: { type: "string" } },
    required: ["containerPort"],
  };
  const ports = {
    type: "array",
    items: { $ref: "#/definitions/io.k8s.api.core.v1.ContainerPort" },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
  };
  const labels = { type: "object", additionalProperties: { type: "string" } };
  const properties = {
    ports,
    selector: { ...labels, "x-kubernetes-map-type": "atomic" },
    part: {
      $ref: "#/definitions/io.k8s.api.core.v1.ContainerPort",
      "x-kubernetes-map-type": "granular",
    },
  };
  const more = { "io.k8s.api.core.v1.ContainerPort": port };
  const schemas = generated("apis/core/v1/schema.generated.ts", properties, more);
  expect(schemas).toContain(`
  containerPort: withDefault(int32, 0),
  protocol: withDefault(text, "TCP"),
`);
  expect(schemas).toContain(`
  selector: owned(mapOf(text), "atomic"),
  part: owned(() => containerPortSchema, "granular"),
`);
});

test("metadata is not required by the schema of a kind, because all kinds check it alike", () => {
  const schemas = generated("apis/core/v1/schema.generated.ts", PROPERTIES, MORE);
  expect(schemas).toContain(
    '}, { typeName: "Pod", required: ["labels"], writtenWhenEmpty: ["spec"] });',
  );
});

test("field numbers are printed in their order, those of an inlined message in its place", () => {
  const numbers = generated("server/protobuf/field-numbers.generated.ts", PROPERTIES, MORE);
  expect(numbers).toContain(`  "io.k8s.api.core.v1.Pod": { spec: 2 },
  "io.k8s.api.core.v1.PodSpec": { replicas: 1, inlined: { number: 3, fields: { ports: 1 } } },
`);
});

test("only what the kinds need is generated", () => {
  expect(generated("apis/core/v1/types.generated.ts", PROPERTIES, MORE)).not.toContain(
    "NobodyNeedsThis",
  );
});

test("a definition that is missing is named", () => {
  expect(() => generated("", PROPERTIES)).toThrow(
    "no definition is called io.k8s.api.core.v1.PodSpec",
  );
});

for (const [type, name] of [
  ["PodSpec", "podSpecSchema"],
  ["HTTPGetAction", "httpGetActionSchema"],
  ["CSIVolumeSource", "csiVolumeSourceSchema"],
  ["TCPSocketAction", "tcpSocketActionSchema"],
] as const) {
  test(`the schema of ${type} is called ${name}`, () => {
    expect(schemaName(type)).toBe(name);
  });
}
