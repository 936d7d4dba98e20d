import type { Asked, Scenario } from "../../scenario.ts";
import { aKind, fieldsOf, TEXT, WHOLE } from "./definitions.ts";

const NAMESPACE = "cr-parts";
const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
const columns = [
  ["Text", "string", ".spec.text"],
  ["Whole", "integer", ".spec.whole"],
  ["Flag", "boolean", ".spec.flag"],
  ["When", "date", ".spec.when"],
  ["List", "string", ".spec.list"],
  ["First", "string", ".spec.list[0]"],
  ["All", "string", ".spec.list[*]"],
  ["Part", "string", ".spec"],
  ["Found", "string", '.spec.pairs[?(@.k=="x")].v'],
  ["Mistaken", "integer", ".spec.text"],
].map(([name, type, jsonPath]) => ({ name, type, jsonPath }));
const kind = aKind(NAMESPACE, {
  plural: "parts",
  kind: "Part",
  names: { shortNames: ["pt"], categories: ["all"] },
  schema: fieldsOf({
    spec: {
      ...fieldsOf({
        text: TEXT,
        whole: WHOLE,
        flag: { type: "boolean" },
        replicas: WHOLE,
        list: { type: "array", items: TEXT },
      }),
      "x-kubernetes-preserve-unknown-fields": true,
    },
    status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  }),
  version: {
    additionalPrinterColumns: columns,
    selectableFields: [{ jsonPath: ".spec.text" }, { jsonPath: ".spec.flag" }],
    subresources: {
      status: {},
      scale: {
        specReplicasPath: ".spec.replicas",
        statusReplicasPath: ".status.replicas",
        labelSelectorPath: ".status.selector",
      },
    },
  },
});
const select = (fields: string): Asked => ({
  method: "GET",
  path: `${kind.path}?fieldSelector=${fields}`,
});
const scaled = (name: string, replicas: unknown): Asked => ({
  method: "PUT",
  path: `${kind.path}/${name}/scale`,
  body: { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name }, spec: { replicas } },
});

/** Status, scale, columns and selectable fields. */
export const parts: Scenario = {
  name: "cr-parts",
  namespace: NAMESPACE,
  steps: [
    ...kind.made,
    kind.create("a", {
      spec: {
        text: "x",
        whole: 3,
        flag: true,
        when: "2020-01-01T00:00:00Z",
        list: ["p", "q"],
        replicas: 2,
        pairs: [
          { k: "x", v: 1 },
          { k: "y", v: 2 },
        ],
      },
      status: { dropped: true },
    }),
    kind.create("b", { spec: { text: "y" } }),
    kind.create("c", { spec: { replicas: -1 } }),
    {
      method: "PATCH",
      path: `${kind.path}/a/status`,
      body: {
        metadata: { labels: { dropped: "yes" } },
        spec: { text: "dropped" },
        status: { replicas: 1, selector: "a=b" },
      },
    },
    {
      method: "PATCH",
      path: `${kind.path}/a/status`,
      body: { status: { replicas: "x", selector: 1 } },
    },
    { method: "PATCH", path: `${kind.path}/a`, body: { status: { replicas: 9 } } },
    { method: "GET", path: kind.path, headers: TABLE },
    select("spec.text%3Dx"),
    select("spec.flag%3Dtrue,metadata.name%21%3Db"),
    select("spec.whole%3D3"),
    { method: "GET", path: `${kind.path}/a/scale` },
    { method: "GET", path: `${kind.path}/b/scale` },
    scaled("a", 5),
    scaled("a", -5),
    scaled("b", 1),
    { method: "PATCH", path: `${kind.path}/b/scale`, body: { spec: { replicas: 1 } } },
    { method: "DELETE", path: `${kind.path}/a/scale` },
    { method: "GET", path: `/apis/${NAMESPACE}.example.dev/v1` },
    kind.removed,
  ],
};
