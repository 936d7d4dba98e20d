import type { Scenario } from "../../scenario.ts";
import { get, patch, post } from "./requests.ts";

const ROOT = "/api/v1/namespaces/wire-spellings";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/wire-spellings/deployments";
const JSON_TYPE = "application/json";
const YAML_TYPE = "application/yaml";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

const POD_SPEC = '"containers":[{"name":"c","image":"i"}]';
const LABELS = { a: "b" };
const POD = { containers: [{ name: "c", image: "i" }] };

/** Numbers in fields of integers, of a number or a text, and of an amount. */
const withNumber = (text: string): readonly (readonly [plural: string, body: string])[] => [
  [
    "pods",
    `{"metadata":{"name":"n"},"spec":{${POD_SPEC},"terminationGracePeriodSeconds":${text}}}`,
  ],
  ["services", `{"metadata":{"name":"n"},"spec":{"ports":[{"port":80,"targetPort":${text}}]}}`],
  [
    "pods",
    `{"metadata":{"name":"n"},"spec":{"containers":[{"name":"c","image":"i",` +
      `"resources":{"limits":{"cpu":${text}}}}]}}`,
  ],
];

const DOCUMENTS: readonly string[] = [
  "metadata: {name: one}\n---\nmetadata: {name: two}\n",
  "---\nmetadata: {name: one}\n---\n{{{\n",
  "# two of them\n---\nmetadata: {name: one}\n...\nmetadata: {name: two}\n",
  "---\n---\nmetadata: {name: two}\n",
];

/** Numbers that are integers but do not look so, and texts with more than one document. */
export const spellings: Scenario = {
  name: "wire-spellings",
  namespace: "wire-spellings",
  steps: [
    ...["1e3", "1.0", "-1.0", "10e-1", "0.0", "2147483648"].flatMap((text) =>
      withNumber(text).map(([plural, body]) =>
        post(`${ROOT}/${plural}?dryRun=All`, body, JSON_TYPE),
      ),
    ),
    ...DOCUMENTS.flatMap((body) => [
      post(`${ROOT}/configmaps?dryRun=All`, body, YAML_TYPE),
      patch(`${ROOT}/configmaps/a?fieldManager=m`, body, "application/apply-patch+yaml"),
    ]),
    ...["x", 1, []].map((data) =>
      post("/apis/apps/v1/namespaces/wire-spellings/controllerrevisions?dryRun=All", {
        metadata: { name: "r" },
        revision: 1,
        data,
      }),
    ),
    post(DEPLOYMENTS, {
      metadata: { name: "d" },
      spec: {
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: POD },
      },
    }),
    get(`${DEPLOYMENTS}/d/scale`, "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"),
    get(`${DEPLOYMENTS}/d/scale?includeObject=None`, TABLE),
  ],
};
