import type { Scenario } from "../../scenario.ts";
import { patch, post, put } from "./requests.ts";

const MAPS = "/api/v1/namespaces/wire-meta/configmaps";
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/wire-meta/leases";
const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" };

/** Metadata that is refused, or taken with a doubt. */
const DOUBTFUL: readonly object[] = [
  { namespace: "other" },
  { generation: -1 },
  { labels: { "": "x" } },
  { labels: { "a/b/c": "x" } },
  { labels: { "A.b/c": "x" } },
  { labels: { a: "a".repeat(64) } },
  { annotations: { "a b": "x" } },
  { finalizers: ["x"] },
  { finalizers: [""] },
  { finalizers: ["a b", "orphan", "foregroundDeletion"] },
  { ownerReferences: [{}] },
  { ownerReferences: [{ ...owner, apiVersion: "a/b/c" }] },
  { ownerReferences: [{ ...owner, kind: "Event" }] },
  { ownerReferences: [owner, owner] },
  {
    ownerReferences: [
      { ...owner, controller: true },
      { ...owner, name: "q", uid: "v", controller: true },
    ],
  },
];

/** What only an update can get wrong. */
const IDENTITIES: readonly object[] = [
  { uid: "x" },
  { resourceVersion: "x" },
  { resourceVersion: "1" },
  { deletionTimestamp: "2020-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 },
  { deletionGracePeriodSeconds: -1 },
  { generateName: "b-" },
];

export const metadata: Scenario = {
  name: "wire-metadata",
  namespace: "wire-meta",
  steps: [
    post(MAPS, { metadata: { name: "a", labels: { x: "1" } } }),
    post(MAPS, { metadata: { name: "b", resourceVersion: "1" } }),
    post(MAPS, {}),
    ...DOUBTFUL.map((each) => post(`${MAPS}?dryRun=All`, { metadata: { name: "b", ...each } })),
    ...[...DOUBTFUL, ...IDENTITIES].map((each) =>
      put(`${MAPS}/a?dryRun=All`, { metadata: { name: "a", ...each } }),
    ),
    ...DOUBTFUL.slice(2, 5).map((each) => patch(`${MAPS}/a?dryRun=All`, { metadata: each })),
    put(`${MAPS}/a`, { metadata: { name: "b" } }),
    put(`${MAPS}/a`, { metadata: {} }),
    put(`${MAPS}/none`, { metadata: { name: "none" } }),
    put(`${LEASES}/l`, { metadata: { name: "l", uid: "x" } }),
    put(`${LEASES}/l`, { metadata: { name: "l" } }),
    put(`${LEASES}/l`, { metadata: { name: "l" } }),
    put(`${LEASES}/l`, {
      metadata: { name: "l", resourceVersion: "{{47.body.metadata.resourceVersion}}" },
    }),
  ],
};
