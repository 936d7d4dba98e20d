import { expect, test } from "vitest";
import { findField } from "./field-path.ts";

const POD = {
  metadata: { annotations: { "deployment.kubernetes.io/revision": "1" } },
  spec: { replicas: 2, containers: [{ name: "web", image: "a" }], args: ["x", { y: 1 }] },
  data: { "a.b": "1", a: "2" },
};

test.each([
  ["spec.replicas", "spec.replicas"],
  [".spec.replicas", "spec.replicas"],
  ["{.spec.replicas}", "spec.replicas"],
  ["spec.containers[0].image", "spec.containers[name=web].image"],
  ["spec.containers[name=web].image", "spec.containers[name=web].image"],
  ["spec.containers[image=a].image", "spec.containers[name=web].image"],
  ["spec.args[1].y", "spec.args"],
  ['["data"]["a.b"]', 'data["a.b"]'],
  ["data['a.b']", 'data["a.b"]'],
  ["data[a.b]", 'data["a.b"]'],
  ["data.a\\.b", 'data["a.b"]'],
  ["data.a", "data.a"],
  [
    "metadata.annotations.deployment.kubernetes.io/revision",
    'metadata.annotations["deployment.kubernetes.io/revision"]',
  ],
  [
    "metadata.annotations[deployment.kubernetes.io/revision]",
    'metadata.annotations["deployment.kubernetes.io/revision"]',
  ],
])("finds %s", (given, text) => {
  expect(findField(given, POD)).toEqual({ text, isThere: true });
});

test.each([
  ["spec.replica", "spec.replica"],
  ["spec.containers[name=db].image", "spec.containers[name=db].image"],
  ["spec.containers[7].image", "spec.containers"],
  ["data.constructor", "data.constructor"],
])("knows that there is no %s", (given, text) => {
  expect(findField(given, POD)).toEqual({ text, isThere: false });
});

test.each(["", "[", ".", "..", "a..b", "a.", "a[", "a[]", "a]b", 'a["', "a[0"])(
  "does not take %j for a field",
  (given) => {
    expect(findField(given, POD)).toBeUndefined();
  },
);
