import type { Scenario } from "../../scenario.ts";
import { del, get, patch, post, put } from "./requests.ts";

const MAPS = "/api/v1/namespaces/wire-options/configmaps";
const LISTS = "/api/v1/namespaces/wire-queries/configmaps";

/** Parameters of writes. */
const PARAMETERS: readonly string[] = [
  "dryRun=",
  "dryRun=all",
  "dryRun=All&dryRun=x",
  "dryRun=All&fieldManager=a%00b",
  `dryRun=All&fieldManager=${"a".repeat(129)}`,
  "dryRun=All&fieldManager=a%0Ab&fieldValidation=x",
  "dryRun=All&force=true",
  "dryRun=All&nonsense=x&gracePeriodSeconds=x",
];

export const writeOptions: Scenario = {
  name: "wire-write-options",
  namespace: "wire-options",
  steps: [
    post(MAPS, { metadata: { name: "a" } }),
    ...PARAMETERS.flatMap((each) => [
      post(`${MAPS}?${each}`, { metadata: { name: "b" } }),
      put(`${MAPS}/a?${each}`, { metadata: { name: "a" } }),
      patch(`${MAPS}/a?${each}`, { data: { a: "3" } }),
      del(`${MAPS}/none?${each}`),
    ]),
  ],
};

/** Options of deletions, in a body. */
const OPTIONS: readonly object[] = [
  { kind: "DeleteOptions", apiVersion: "apps/v1" },
  { dryRun: ["x"] },
  { dryRun: ["All", "All"] },
  { gracePeriodSeconds: "5" },
  { gracePeriodSeconds: 1.5 },
  { propagationPolicy: "x" },
  { propagationPolicy: "" },
  { orphanDependents: true, propagationPolicy: "Orphan" },
  { orphanDependents: true, propagationPolicy: "x", dryRun: ["z"] },
  { preconditions: { uid: "x" } },
  { preconditions: { uid: "" } },
  { preconditions: { resourceVersion: "1" } },
  { preconditions: [] },
  { orphanDependents: false },
];

/** The same in the query. */
const DELETE_QUERIES: readonly string[] = [
  "gracePeriodSeconds=x",
  "propagationPolicy=",
  "propagationPolicy=x",
  "orphanDependents=true&propagationPolicy=Orphan",
  "uid=x",
  "resourceVersion=1",
  "orphanDependents=false&dryRun=All",
];

export const deleteOptions: Scenario = {
  name: "wire-delete-options",
  namespace: "wire-delete-options",
  steps: [...OPTIONS, ...DELETE_QUERIES].flatMap((each) => {
    const maps = "/api/v1/namespaces/wire-delete-options/configmaps";
    const made = post(maps, { metadata: { name: "a" } });
    const gone = typeof each === "string" ? del(`${maps}/a?${each}`) : del(`${maps}/a`, each);
    return [made, gone];
  }),
};

/** Parameters of lists and deletions of collections. */
const QUERIES: readonly string[] = [
  "limit=",
  "limit=x",
  "limit=-1",
  "timeoutSeconds=x",
  "resourceVersion=x",
  "resourceVersion=-1",
  "resourceVersionMatch=Exact",
  "resourceVersion=0&resourceVersionMatch=Exact",
  "resourceVersion=1&resourceVersionMatch=nope",
  "continue=x",
  "continue=x&resourceVersion=5",
  "sendInitialEvents=true",
  "labelSelector=a%20in%20()",
  "labelSelector=!a=b",
  "labelSelector=a%20in%20b",
  "labelSelector=a>x",
  "labelSelector=a=b=c",
  "labelSelector=A/b/c",
  "labelSelector=,a",
  "fieldSelector=metadata.name>a",
  "fieldSelector=metadata.name=a,metadata.name=b",
  "fieldSelector=data.a=b",
  "fieldSelector=metadata.name=a\\x",
  "timeout=x",
  "timeout=-1s",
];

export const queries: Scenario = {
  name: "wire-queries",
  namespace: "wire-queries",
  steps: [
    post(LISTS, { metadata: { name: "a", labels: { a: "b" } } }),
    ...QUERIES.map((each) => get(`${LISTS}?${each}`)),
    ...QUERIES.map((each) => del(`${LISTS}?dryRun=All&${each}`)),
    get(`${LISTS}/a?resourceVersion=x`),
    get(`${LISTS}?watch=1&resourceVersion=x`),
    get(`${LISTS}?watch=1&sendInitialEvents=true`),
    get(`${LISTS}?watch=1&resourceVersionMatch=NotOlderThan`),
  ],
};
