import type { Scenario } from "../../scenario.ts";
import { post } from "./requests.ts";

const NAMESPACE = "/namespaces/wire-names";
const template = { spec: { containers: [{ name: "c", image: "i" }] } };

/** Where objects are made, and what else they need. */
const COLLECTIONS: readonly (readonly [path: string, rest: object])[] = [
  ["/api/v1/namespaces", {}],
  [`/api/v1${NAMESPACE}/configmaps`, {}],
  [`/api/v1${NAMESPACE}/services`, { spec: { clusterIP: "None" } }],
  [
    `/apis/rbac.authorization.k8s.io/v1${NAMESPACE}/roles`,
    { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
  ],
  [`/apis/batch/v1${NAMESPACE}/cronjobs`, cronJob()],
  ["/apis/scheduling.k8s.io/v1/priorityclasses", { value: 1 }],
];

const NAMES: readonly string[] = [
  "",
  "A",
  "a_b",
  "a.b",
  "-a",
  "1.2.3.4",
  "a b",
  "é",
  "a/b",
  "a%b",
  "..",
  "a\n",
  "a".repeat(64),
  "a".repeat(254),
];

/** Every rule for names, broken. */
export const names: Scenario = {
  name: "wire-names",
  namespace: "wire-names",
  steps: [
    ...COLLECTIONS.flatMap(([path, rest]) =>
      NAMES.map((name) => post(`${path}?dryRun=All`, { ...rest, metadata: { name } })),
    ),
    ...COLLECTIONS.map(([path, rest]) =>
      post(`${path}?dryRun=All`, { ...rest, metadata: { generateName: "Gen-" } }),
    ),
  ],
};

function cronJob(): object {
  const jobTemplate = {
    spec: { template: { spec: { ...template.spec, restartPolicy: "Never" } } },
  };
  return { spec: { schedule: "* * * * *", jobTemplate } };
}
