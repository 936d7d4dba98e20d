import type { Asked, Scenario } from "../../scenario.ts";

const MAPS = "/api/v1/namespaces/patch-refusals/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/patch-refusals/deployments";
const template = {
  metadata: { labels: { a: "b" } },
  spec: { containers: [{ name: "c", image: "i" }] },
};

/** What cannot be made of an object, or is no patch at all, and with which words it is refused. */
export const patchRefusals: Scenario = {
  name: "patch-refusals",
  namespace: "patch-refusals",
  steps: [
    { method: "POST", path: MAPS, body: { metadata: { name: "a" }, data: { a: "1" } } },
    {
      method: "POST",
      path: DEPLOYMENTS,
      body: { metadata: { name: "d" }, spec: { selector: { matchLabels: { a: "b" } }, template } },
    },
    json([{ op: "replace", path: "", value: [1] }]),
    json([{ op: "frob", path: "/kind" }]),
    json({ op: "add" }),
    json("[1]"),
    json('[{"op":1,"path":"/data/z","value":"1"}]'),
    json('[{"op":"add","path":"/data/z","value":"1","foo":2,"op":"add"}]'),
    merge("[]"),
    merge("null"),
    merge("xx"),
    merge('{"data":{"a":"1","a":"2"},"foo":1}'),
    merge({ metadata: { name: "b" } }),
    merge({ metadata: { namespace: "b" } }),
    strategic({ data: "x" }),
    strategic({ data: { a: 1 } }),
    strategic({ data: { a: { b: 1 } } }),
    strategic({ immutable: "x" }),
    strategic({ metadata: "x" }),
    strategic({ metadata: { creationTimestamp: "x" } }),
    strategic('{"data":{"a":"1","a":"2"},"foo":1}'),
    {
      ...strategic('{"data":{"a":"1","a":"2"},"foo":1}'),
      path: `${MAPS}/a?fieldValidation=Strict`,
    },
    strategic("[]"),
    onPods({ $patch: "foo" }),
    onPods({ containers: [{ $patch: "merge", name: "c" }] }),
    onPods({ containers: ["x"] }),
    onPods({ containers: [{ image: "i" }] }),
    onPods({ "$setElementOrder/containers": "x" }),
    onPods({ "$setElementOrder/foo": [] }),
    onPods({ "$setElementOrder/containers": [{ name: "z" }], containers: [{ name: "c" }] }),
    onPods({ $setElementOrder: [] }),
    onPods({ $retainKeys: "x" }),
  ],
};

function json(body: unknown): Asked {
  return patch("application/json-patch+json", body);
}

function merge(body: unknown): Asked {
  return patch("application/merge-patch+json", body);
}

function strategic(body: unknown): Asked {
  return patch("application/strategic-merge-patch+json", body);
}

function patch(contentType: string, body: unknown): Asked {
  return { method: "PATCH", path: `${MAPS}/a`, contentType, body };
}

function onPods(spec: unknown): Asked {
  return { ...strategic({ spec: { template: { spec } } }), path: `${DEPLOYMENTS}/d` };
}
