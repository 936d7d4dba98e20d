import { expect, test } from "vitest";
import type { Strategy } from "../../strategy.ts";
import {
  aTemplate,
  created,
  NOW_MS,
  refusalOf,
  type Sent,
  updated,
  updateRefusalOf,
} from "../../testing.ts";
import { deploymentStrategy } from "./deployment.ts";
import { replicaSetStrategy } from "./replica-set.ts";
import type { Deployment, ReplicaSet } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const SELECTOR = { matchLabels: { app: "web" } };

function sent(spec: Loose = {}): Sent {
  return { spec: { selector: SELECTOR, template: aTemplate({ app: "web" }), ...spec } };
}

const aDeployment = (spec: Loose = {}): Deployment => created(deploymentStrategy, sent(spec));
const aReplicaSet = (spec: Loose = {}): ReplicaSet => created(replicaSetStrategy, sent(spec));

test("a new deployment rolls a quarter at a time and remembers ten revisions", () => {
  const { spec, status } = aDeployment();
  expect(spec).toMatchObject({
    replicas: 1,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    template: {
      spec: { restartPolicy: "Always", containers: [{ imagePullPolicy: "IfNotPresent" }] },
    },
  });
  expect(spec.template.spec.enableServiceLinks).toBeUndefined();
  expect(status).toEqual({});
});

test("a deployment that recreates has nothing to roll", () => {
  expect(aDeployment({ strategy: { type: "Recreate" } }).spec.strategy).toEqual({
    type: "Recreate",
  });
});

test("a new replica set wants one pod and has none", () => {
  const set = aReplicaSet();
  expect([set.spec.replicas, set.status]).toEqual([1, { replicas: 0 }]);
});

const MISMATCH =
  'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`';

for (const { name, spec, told } of [
  {
    name: "a selector that misses its own pods",
    spec: { selector: { matchLabels: { app: "x" } } },
    told: MISMATCH,
  },
  {
    name: "no selector",
    spec: { selector: null },
    told: `[spec.selector: Required value, ${MISMATCH}]`,
  },
  {
    name: "a selector of everything",
    spec: { selector: {} },
    told: "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  },
  {
    name: "fewer pods than none",
    spec: { replicas: -1 },
    told: "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  },
  {
    name: "pods that are not restarted",
    spec: {
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "x" }], restartPolicy: "Never" },
      },
    },
    told: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  },
  {
    name: "no containers",
    spec: { template: { metadata: { labels: { app: "web" } }, spec: {} } },
    told: "spec.template.spec.containers: Required value",
  },
] as const) {
  test(`deployments and replica sets are refused for ${name}`, () => {
    expect(refusalOf(deploymentStrategy, sent(spec))).toBe(told);
    expect(refusalOf(replicaSetStrategy, sent(spec))).toBe(told);
  });
}

for (const { name, spec, told } of [
  {
    name: "an unknown way to update",
    spec: { strategy: { type: "Nope" } },
    told: 'spec.strategy: Unsupported value: {"Type":"Nope","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
  },
  {
    name: "an update that can move nothing",
    spec: { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "0%" } } },
    told: "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
  },
  {
    name: "more unavailable than there are",
    spec: { strategy: { rollingUpdate: { maxUnavailable: "101%" } } },
    told: 'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  },
  {
    name: "a surge that is no number",
    spec: { strategy: { rollingUpdate: { maxSurge: "a few" } } },
    told: "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"a few\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
  },
  {
    name: "rolling while recreating",
    spec: { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
    told: "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  },
  {
    name: "giving up before pods can be ready",
    spec: { minReadySeconds: 600 },
    told: "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
  },
] as const) {
  test(`a deployment is refused for ${name}`, () => {
    expect(refusalOf(deploymentStrategy, sent(spec))).toBe(told);
  });
}

for (const { kind, refuse } of [
  { kind: "deployment", refuse: refuseNewSelector(deploymentStrategy, aDeployment()) },
  { kind: "replica set", refuse: refuseNewSelector(replicaSetStrategy, aReplicaSet()) },
]) {
  test(`the selector of a ${kind} never changes`, () => {
    expect(refuse()).toBe(
      `[${MISMATCH}, spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable]`,
    );
  });
}

function refuseNewSelector<T extends Deployment | ReplicaSet>(
  strategy: Strategy<T>,
  old: T,
): () => string {
  const selector = { matchLabels: { app: "x" } };
  return () =>
    updateRefusalOf(strategy, old, (object) => ({ ...object, spec: { ...object.spec, selector } }));
}

test("the status endpoint of a deployment changes neither spec nor labels", () => {
  const old = aDeployment();
  const next: Deployment = {
    ...old,
    metadata: { ...old.metadata, labels: { a: "b" }, annotations: { c: "d" } },
    spec: { ...old.spec, replicas: 5 },
    status: { replicas: 1 },
  };
  const moment = { nowMs: NOW_MS, random: () => 0 };
  const kept = deploymentStrategy.status?.prepareForUpdate(next, old, moment);
  expect(kept?.metadata).toEqual({ ...old.metadata, annotations: { c: "d" } });
  expect([kept?.spec, kept?.status]).toEqual([old.spec, { replicas: 1 }]);
  expect(updated(deploymentStrategy, old, () => next).status).toEqual({});
});

test("a status cannot count more pods than there are", () => {
  const set = aReplicaSet();
  const next = { ...set, status: { replicas: 1, readyReplicas: 2 } };
  expect(replicaSetStrategy.status?.validateUpdate(next, set)[0]?.field).toBe(
    "status.readyReplicas",
  );
  const deployment = aDeployment();
  const claimed = { ...deployment, status: { replicas: 1, updatedReplicas: 2 } };
  expect(deploymentStrategy.status?.validateUpdate(claimed, deployment)[0]?.field).toBe(
    "status.updatedReplicas",
  );
});

test("scaling reads and changes the number of pods wanted", () => {
  const old = aDeployment({ replicas: 3 });
  const { scale } = deploymentStrategy;
  expect([scale?.replicas(old), scale?.selector(old)]).toEqual([3, "app=web"]);
  expect(scale?.withReplicas(old, 0).spec.replicas).toBe(0);
});

test("a deployment and a replica set are shown with their counts and template", () => {
  const metadata = { name: "web", creationTimestamp: "2026-01-09T00:00:00Z" };
  const deployment: Deployment = {
    ...aDeployment({ replicas: 5 }),
    metadata,
    status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
  };
  const template = ["c", "nginx:1", "app=web"];
  expect(deploymentStrategy.row(deployment, NOW_MS)).toEqual([
    "web",
    "1/5",
    2,
    1,
    "24h",
    ...template,
  ]);
  const set: ReplicaSet = { ...aReplicaSet({ replicas: 0 }), metadata, status: { replicas: 2 } };
  expect(replicaSetStrategy.row(set, NOW_MS)).toEqual(["web", 0, 2, 0, "24h", ...template]);
});
