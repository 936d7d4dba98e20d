import type { Asked, Scenario } from "../../scenario.ts";

const MAPS = "/api/v1/namespaces/apply-refusals/configmaps";
const APPLY = "application/apply-patch+yaml";

/** Configurations that cannot be applied, and options that go with none. */
export const applyRefusals: Scenario = {
  name: "apply-refusals",
  namespace: "apply-refusals",
  steps: [
    apply(map({ data: { a: "1" } })),
    { method: "PATCH", path: `${MAPS}/a`, contentType: APPLY, body: map() },
    { method: "PATCH", path: `${MAPS}/a?force=true`, body: {} },
    apply({}),
    apply({ apiVersion: "v1" }),
    apply({ ...map(), kind: "Secret" }),
    apply({ ...map(), apiVersion: "apps/v1", kind: "Deployment" }),
    apply(map({ metadata: { name: "b" } })),
    apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "x" } }),
    apply(map({ metadata: { name: "a", namespace: "other" } })),
    apply(map({ metadata: { name: "a", managedFields: [] } })),
    apply(map({ metadata: { name: "a", uid: "x" } })),
    apply(map({ metadata: { name: "z", uid: "x" } }), "z"),
    apply(map({ metadata: { name: "a", resourceVersion: "1" } })),
    apply(map({ metadata: { name: "z", resourceVersion: "1" } }), "z"),
    apply(map({ data: { a: "1" }, metadata: { name: "a", creationTimestamp: null } })),
    apply(map({ data: "x" })),
    apply(map({ data: { a: 1 } })),
    apply(map({ data: { a: null } })),
    apply(map({ binaryData: { a: "!!" } })),
    apply(map({ metadata: { name: "a", finalizers: ["x.io/a", "x.io/a"] } })),
    apply(map({ metadata: { name: "a", finalizers: [null] } })),
    apply(map({ metadata: { name: "d" }, data: { a: "1" } }), "d?dryRun=All"),
    { method: "GET", path: `${MAPS}/d` },
    {
      method: "PATCH",
      path: `${MAPS}/a?fieldManager=m`,
      contentType: "application/json",
      body: map(),
    },
  ],
};

function map(parts: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, ...parts };
}

function apply(body: unknown, name = "a"): Asked {
  const manager = `${name.includes("?") ? "&" : "?"}fieldManager=m`;
  return { method: "PATCH", path: `${MAPS}/${name}${manager}`, contentType: APPLY, body };
}
