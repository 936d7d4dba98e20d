import { expect, test } from "vitest";
import { whyNotReady } from "./readiness.ts";

const at = (type: string, status: string) => ({ conditions: [{ type, status }] });
const seen = { observedGeneration: 1 };

test.each([
  ["apps", "Deployment", {}, {}, "its controller has not looked at it yet"],
  ["apps", "Deployment", {}, { observedGeneration: 0 }, "its newest spec is not seen"],
  ["apps", "Deployment", { replicas: 2 }, seen, "0 of 2 replicas are available"],
  [
    "apps",
    "Deployment",
    { replicas: 2 },
    { ...seen, ...at("Available", "True"), updatedReplicas: 1 },
    "1 of 2 replicas are up to date",
  ],
  [
    "apps",
    "Deployment",
    {},
    { ...seen, ...at("Available", "True"), updatedReplicas: 1 },
    undefined,
  ],
  ["apps", "StatefulSet", { replicas: 0 }, seen, undefined],
  ["apps", "StatefulSet", {}, { ...seen, readyReplicas: 0 }, "0 of 1 replicas are ready"],
  [
    "apps",
    "StatefulSet",
    {},
    { ...seen, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
    "its pods are being replaced",
  ],
  [
    "apps",
    "StatefulSet",
    { updateStrategy: { rollingUpdate: { partition: 1 } } },
    { ...seen, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
    undefined,
  ],
  ["apps", "ReplicaSet", {}, { ...seen, availableReplicas: 1 }, undefined],
  [
    "apps",
    "DaemonSet",
    {},
    { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
    "1 of 2 pods are available",
  ],
  ["batch", "Job", {}, {}, "is not complete"],
  ["batch", "Job", {}, at("Complete", "True"), undefined],
  ["batch", "Job", {}, at("Failed", "True"), "it has failed"],
  ["", "Pod", {}, { phase: "Running", ...at("Ready", "False") }, "is not ready"],
  ["", "Pod", {}, { phase: "Running", ...at("Ready", "True") }, undefined],
  ["", "Pod", {}, { phase: "Succeeded" }, undefined],
  ["", "Pod", {}, { phase: "Failed" }, "it has failed"],
  ["", "PersistentVolumeClaim", {}, { phase: "Pending" }, "is Pending"],
  ["", "PersistentVolumeClaim", {}, { phase: "Bound" }, undefined],
  ["", "Namespace", {}, {}, "its controller has not looked at it yet"],
  ["", "Service", { type: "ClusterIP" }, {}, undefined],
  ["", "Service", { type: "LoadBalancer" }, { loadBalancer: {} }, "it has no address yet"],
  [
    "apiextensions.k8s.io",
    "CustomResourceDefinition",
    {},
    at("Established", "False"),
    "is not Established",
  ],
  ["", "ConfigMap", {}, undefined, undefined],
  ["example.dev", "Site", {}, undefined, undefined],
  ["example.dev", "Site", {}, at("Ready", "Unknown"), "is not Ready"],
  ["example.dev", "Site", {}, at("Ready", "True"), undefined],
  ["example.dev", "Site", {}, { conditions: "hostile", observedGeneration: "2" }, undefined],
])("%s %s %j with %j: %s", (group, kind, spec, status, why) => {
  const object = { metadata: { name: "a", generation: 1 }, spec, status };
  expect(whyNotReady({ group, kind }, object)).toBe(why);
});

test("what is being deleted is not ready, whatever it says", () => {
  const metadata = { name: "a", deletionTimestamp: "2026-01-01T00:00:00Z" };
  expect(whyNotReady({ group: "", kind: "ConfigMap" }, { metadata })).toBe("is being deleted");
});
