import type { Asked, Scenario } from "../../scenario.ts";

const MAPS = "/api/v1/namespaces/patches-of-lists/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/patches-of-lists/deployments";
const container = (name: string, image = "i"): object => ({ name, image });
const names = (...list: readonly string[]): readonly object[] => list.map((name) => ({ name }));
const spec = {
  selector: { matchLabels: { a: "b" } },
  template: {
    metadata: { labels: { a: "b" } },
    spec: { containers: [container("a"), container("b"), container("c")] },
  },
};

/** What patches make of lists: their directives, their order, their places. */
export const patchesOfLists: Scenario = {
  name: "patches-of-lists",
  namespace: "patches-of-lists",
  steps: [
    { method: "POST", path: DEPLOYMENTS, body: { metadata: { name: "d" }, spec } },
    onPods({ containers: [container("x"), { name: "b", image: "j", env: [{ name: "E" }] }] }),
    onPods({ containers: [{ name: "x", $patch: "delete" }] }),
    onPods({
      "$setElementOrder/containers": names("n", "c", "a"),
      containers: [container("n"), { name: "a", $patch: "delete" }],
    }),
    onPods({ "$setElementOrder/containers": names("c", "b") }),
    onPods({ containers: [container("q"), { ...container("r"), $patch: "replace" }] }),
    onPods({ containers: [{ name: "q", ports: [{ containerPort: 80 }], args: ["x"] }] }),
    onPods({
      containers: [
        {
          name: "q",
          ports: [{ containerPort: 80, name: "p" }, { containerPort: 81 }],
          args: ["y"],
        },
      ],
    }),
    onPods({ volumes: [{ name: "v", emptyDir: {} }], tolerations: [{ operator: "Exists" }] }),
    onPods({
      volumes: [{ name: "v", $retainKeys: ["name", "configMap"], configMap: { name: "m" } }],
    }),
    onPods({ tolerations: [{ key: "k", operator: "Exists" }], volumes: null }),
    strategic(`${DEPLOYMENTS}/d`, { spec: { strategy: { $patch: "replace", type: "Recreate" } } }),
    {
      method: "POST",
      path: MAPS,
      body: { metadata: { name: "a", finalizers: ["x.io/a", "x.io/b"] }, data: { a: "1" } },
    },
    strategic(`${MAPS}/a`, { metadata: { finalizers: ["x.io/c"] } }),
    strategic(`${MAPS}/a`, { metadata: { "$deleteFromPrimitiveList/finalizers": ["x.io/a"] } }),
    strategic(`${MAPS}/a`, {
      metadata: { "$setElementOrder/finalizers": ["x.io/b", "x.io/c"] },
    }),
    json([
      { op: "replace", path: "/data/new", value: "1" },
      { op: "add", path: "/metadata/finalizers/-1", value: "x.io/last" },
      { op: "remove", path: "/metadata/finalizers/-2" },
      { op: "test", path: "/metadata/labels", value: null },
      { op: "copy", from: "/data/a", path: "/data/b" },
    ]),
    json([{ op: "move", from: "/data/a", path: "/data/z" }]),
    json([{ op: "remove", path: "/data/nope" }]),
    json([{ op: "replace", path: "/metadata/finalizers/9", value: "x" }]),
    json([{ op: "add", path: "", value: {} }]),
    json([{ op: "replace", path: "/metadata/labels", value: { l: "1" } }]),
  ],
};

function json(body: unknown): Asked {
  return { method: "PATCH", path: `${MAPS}/a`, contentType: "application/json-patch+json", body };
}

function strategic(path: string, body: unknown): Asked {
  return { method: "PATCH", path, contentType: "application/strategic-merge-patch+json", body };
}

function onPods(pod: unknown): Asked {
  return strategic(`${DEPLOYMENTS}/d`, { spec: { template: { spec: pod } } });
}
