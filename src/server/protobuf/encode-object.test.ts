import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { schemaNamed } from "../openapi/schema-names.ts";
import { decodeProtobufBody } from "./decode-body.ts";
import { hasProtobufForm, protobufBody } from "./encode-object.ts";
import { publishedName } from "./kinds.ts";
import { HIDDEN_ZEROS, POINTERS, PRINTED_ZEROS } from "./zero-facts.ts";

const REFERENCE = process.env["SETPOINT_REFERENCE"] ?? "";
const objects = join(REFERENCE, "kubernetes-1.36/objects");
const isPresent = REFERENCE !== "" && existsSync(objects);

/** Every kind with every field set, in both forms, as the published test data has them. */
describe.skipIf(!isPresent)("protobuf: published objects", () => {
  const files = isPresent ? readdirSync(objects).filter((file) => file.endsWith(".json")) : [];
  for (const file of files) {
    const value = JSON.parse(readFileSync(join(objects, file), "utf8")) as ApiObject;
    const { apiVersion = "", kind = "" } = value;
    const schema = schemaNamed(publishedName(apiVersion, kind) ?? "");
    if (schema === undefined) continue;
    const bytes = new Uint8Array(readFileSync(join(objects, file.replace(".json", ".pb"))));

    test(`protobuf: ${apiVersion} ${kind} is written as upstream writes it`, () => {
      const written = protobufBody(EncodedObject.fromValue(value));
      expect(Buffer.from(written).toString("latin1")).toBe(Buffer.from(bytes).toString("latin1"));
    });

    test(`protobuf: ${apiVersion} ${kind} reads as its JSON`, () => {
      expect(decodeProtobufBody(bytes, { kind, schema })).toEqual(value);
    });
  }
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("protobuf: what nobody set is written as empty, pointers excepted", () => {
  const map = EncodedObject.fromValue({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", resourceVersion: "7" },
  });
  expect(hex(protobufBody(map))).toBe(
    "6b387300" + // k8s
      "0a0f" +
      "0a027631" +
      "1209436f6e6669674d6170" + // v1, ConfigMap
      "1214" +
      "0a12" + // raw, metadata
      "0a0161" +
      "1200" +
      "1a00" +
      "2200" +
      "2a00" +
      "320137" + // texts up to the version
      "3800" +
      "4200" + // generation, and no time of creation
      "1a00" +
      "2200",
  );
});

/** What typed clients read again must be what was written. */
const SAMPLES: readonly ApiObject[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", labels: { b: "2", a: "1", "\u{1F600}": "x", "\uFFFD": "y" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { a: "1" } },
      template: {
        metadata: {},
        spec: {
          containers: [
            {
              name: "c",
              resources: { requests: { cpu: "100m" } },
              livenessProbe: { httpGet: { port: "http" }, failureThreshold: 3 },
            },
          ],
        },
      },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
    },
    status: {},
  } as ApiObject,
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "p", deletionGracePeriodSeconds: 0 },
    spec: { storageClassName: "", resources: {} },
    status: {},
  } as ApiObject,
  {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "l", creationTimestamp: "1969-12-31T23:59:58Z" },
    spec: { renewTime: "2026-01-02T03:04:05.000600Z", leaseTransitions: 0 },
  } as ApiObject,
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", uid: "u", annotations: { long: "x".repeat(5_000), "": "\u00e9" } },
    data: { key: "AAEC/w==", empty: "" },
  } as ApiObject,
  {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: { name: "r" },
    data: { spec: { $patch: "replace", nested: [1, null, "x"] } },
    revision: -1,
  } as ApiObject,
];

for (const sample of SAMPLES) {
  const { apiVersion = "", kind = "" } = sample;
  test(`protobuf: a ${kind} that was written reads as before`, () => {
    const schema = schemaNamed(publishedName(apiVersion, kind) ?? "") ?? { type: "object" };
    const bytes = protobufBody(EncodedObject.fromValue(sample));
    expect(decodeProtobufBody(bytes, { kind, schema })).toEqual(sample);
  });
}

test("protobuf: a custom resource has no form of its own, even under a name like ours", () => {
  for (const apiVersion of ["apps.example.com/v1", "example.k8s.io/v1", "apps/v9", "a/b/c", ""]) {
    const kind = "Deployment";
    expect(hasProtobufForm({ apiVersion, kind, metadata: {} })).toBe(false);
  }
});

test("protobuf: the table of zeros names fields that there are", () => {
  for (const facts of [POINTERS, PRINTED_ZEROS, HIDDEN_ZEROS]) {
    for (const [pack, messages] of Object.entries(facts)) {
      for (const [message, names] of Object.entries(messages)) {
        const fields = Object.keys(schemaNamed(`${pack}.${message}`)?.properties ?? {});
        expect(fields, `${pack}.${message}`).toEqual(expect.arrayContaining(names.split(" ")));
      }
    }
  }
});
