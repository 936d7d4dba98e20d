import type { Asked, Scenario } from "../../scenario.ts";

const NAMESPACE = "core-pod-binding";
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

function made(name: string, spec: object = {}): Asked {
  const containers = [{ name: "c", image: "i" }];
  const body = { metadata: { name }, spec: { automountServiceAccountToken: false, containers } };
  return { method: "POST", path: PODS, body: { ...body, spec: { ...body.spec, ...spec } } };
}

function bound(metadata: object, target: object, path = `${PODS}/a/binding`): Asked {
  return { method: "POST", path, body: { metadata, target } };
}

const NODE = { kind: "Node", name: "core-none" };

/** A pod is assigned to a node, once. */
export const podBinding: Scenario = {
  name: "core-pod-binding",
  namespace: NAMESPACE,
  steps: [
    made("a"),
    made("gated", { schedulingGates: [{ name: "g" }] }),
    bound({ name: "a" }, { kind: "Pod", name: "x" }),
    bound({ name: "a" }, {}),
    bound({ name: "b" }, NODE),
    bound({}, NODE),
    bound({ name: "none" }, NODE, `${PODS}/none/binding`),
    bound({ name: "a", uid: "00000000-0000-0000-0000-000000000000" }, NODE),
    bound({ name: "gated" }, NODE, `${PODS}/gated/binding`),
    bound({ name: "a", annotations: { k: "v" }, labels: { l: "m" } }, NODE),
    { method: "GET", path: `${PODS}/a` },
    bound({ name: "a" }, NODE),
    bound({ name: "a" }, NODE, `/api/v1/namespaces/${NAMESPACE}/bindings`),
  ],
};
