import { expect, test } from "vitest";
import {
  aTemplate,
  created,
  NOW_MS,
  refusalOf,
  type Sent,
  updated,
  updateRefusalOf,
} from "../../testing.ts";
import { controllerRevisionStrategy } from "./controller-revision.ts";
import { daemonSetStrategy, TEMPLATE_GENERATION } from "./daemon-set.ts";
import { statefulSetStrategy } from "./stateful-set.ts";
import type { DaemonSet, StatefulSet } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const SELECTOR = { matchLabels: { app: "web" } };
const MOMENT = { nowMs: NOW_MS, random: () => 0 };

function sent(spec: Loose = {}): Sent {
  return { spec: { selector: SELECTOR, template: aTemplate({ app: "web" }), ...spec } };
}

const aDaemonSet = (spec: Loose = {}): DaemonSet => created(daemonSetStrategy, sent(spec));
const aStatefulSet = (spec: Loose = {}): StatefulSet => created(statefulSetStrategy, sent(spec));

test("a new daemon set replaces one pod at a time and counts its templates", () => {
  const { metadata, spec, status } = aDaemonSet();
  expect(spec).toMatchObject({
    updateStrategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    },
    revisionHistoryLimit: 10,
  });
  expect(metadata.annotations).toEqual({ [TEMPLATE_GENERATION]: "1" });
  expect(status).toEqual({
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  });
});

test("only another template is another generation of it", () => {
  const old = aDaemonSet();
  const template = { ...old.spec.template, metadata: { labels: { app: "web", v: "2" } } };
  const annotations = { [TEMPLATE_GENERATION]: "9" };
  const generation = (set: DaemonSet): string | undefined =>
    updated(daemonSetStrategy, old, () => set).metadata.annotations?.[TEMPLATE_GENERATION];
  expect(generation({ ...old, spec: { ...old.spec, template } })).toBe("2");
  expect(generation({ ...old, metadata: { ...old.metadata, annotations } })).toBe("1");
});

for (const { name, spec, told } of [
  {
    name: "no selector",
    spec: { selector: null },
    told: 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  },
  {
    name: "a selector of everything",
    spec: { selector: {} },
    told: "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
  },
  {
    name: "an unknown way to update",
    spec: { updateStrategy: { type: "Nope" } },
    told: 'spec.updateStrategy: Unsupported value: {"Type":"Nope","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
  },
  {
    name: "more and fewer pods at once",
    spec: { updateStrategy: { rollingUpdate: { maxSurge: 1 } } },
    told: "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
  },
  {
    name: "neither more nor fewer pods",
    spec: { updateStrategy: { rollingUpdate: { maxUnavailable: "0%" } } },
    told: "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
  },
  {
    name: "more pods than all",
    spec: { updateStrategy: { rollingUpdate: { maxUnavailable: "101%" } } },
    told: 'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  },
] as const) {
  test(`a daemon set is refused for ${name}`, () => {
    expect(refusalOf(daemonSetStrategy, sent(spec))).toBe(told);
  });
}

test("a new stateful set makes one pod, in order, and keeps all claims", () => {
  const claim = { metadata: { name: "data" }, spec: { resources: { requests: { storage: "1" } } } };
  const { spec, status } = aStatefulSet({ volumeClaimTemplates: [claim] });
  expect(spec).toMatchObject({
    replicas: 1,
    serviceName: "",
    podManagementPolicy: "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        spec: { volumeMode: "Filesystem" },
        status: { phase: "Pending" },
      },
    ],
  });
  expect(status).toEqual({ replicas: 0, availableReplicas: 0 });
});

const CLAIM = {
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

for (const { name, spec, told } of [
  {
    name: "an unknown order",
    spec: { podManagementPolicy: "Random" },
    told: `spec.podManagementPolicy: Invalid value: "Random": must be 'OrderedReady' or 'Parallel'`,
  },
  {
    name: "an unknown way to update",
    spec: { updateStrategy: { type: "Nope" } },
    told: `spec.updateStrategy: Invalid value: {"Type":"Nope","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`,
  },
  {
    name: "rolling what is updated by deletion",
    spec: { updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } },
    told: `spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`,
  },
  {
    name: "an unknown end of claims",
    spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Burn" } },
    told: 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Burn": supported values: "Retain", "Delete"',
  },
  {
    name: "counting from below zero",
    spec: { ordinals: { start: -1 } },
    told: "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
  },
  {
    name: "a claim without size",
    spec: { volumeClaimTemplates: [{ ...CLAIM, spec: { accessModes: ["ReadWriteOnce"] } }] },
    told: "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
  },
  {
    name: "pods with an end",
    spec: {
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "x" }], activeDeadlineSeconds: 5 },
      },
    },
    told: "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported",
  },
] as const) {
  test(`a stateful set is refused for ${name}`, () => {
    expect(refusalOf(statefulSetStrategy, sent(spec))).toBe(told);
  });
}

test("containers of a stateful set mount what is claimed for each pod", () => {
  const volumeMounts = [{ name: "data", mountPath: "/data" }];
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "c", image: "x", volumeMounts }] },
  };
  expect(refusalOf(statefulSetStrategy, sent({ template, volumeClaimTemplates: [CLAIM] }))).toBe(
    "",
  );
  expect(refusalOf(statefulSetStrategy, sent({ template }))).toBe(
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  );
});

test("what names and volumes of pods follow from never changes in a stateful set", () => {
  const old = aStatefulSet();
  const change = (spec: Loose): string =>
    updateRefusalOf(statefulSetStrategy, old, (set) => ({
      ...set,
      spec: { ...set.spec, ...spec },
    }));
  expect(change({ replicas: 3, minReadySeconds: 2, revisionHistoryLimit: 2 })).toBe("");
  expect(change({ serviceName: "Not a name" })).toBe(
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  );
});

test("pods that may be away are not kept, because the feature gate for it is closed", () => {
  const rollingUpdate = { partition: 1, maxUnavailable: 2 };
  const set = aStatefulSet({ updateStrategy: { type: "RollingUpdate", rollingUpdate } });
  expect(set.spec.updateStrategy?.rollingUpdate).toEqual({ partition: 1 });
});

test("a stateful set is named like a host, because its pods are named after it", () => {
  expect(statefulSetStrategy.nameProblem("a.b", false)).toBe("must not contain dots");
});

test("a status that counts more than there is is refused", () => {
  const set = aStatefulSet();
  const next = { ...set, status: { replicas: 1, readyReplicas: 2, availableReplicas: 3 } };
  expect(statefulSetStrategy.status?.validateUpdate(next, set).map((e) => e.detail)).toEqual([
    "cannot be greater than status.replicas",
    "cannot be greater than status.replicas",
    "cannot be greater than status.readyReplicas",
  ]);
  const daemons = aDaemonSet();
  const counted = { ...daemons, status: { ...daemons.status, collisionCount: 2, numberReady: -1 } };
  const errors = daemonSetStrategy.status?.validateUpdate(
    { ...counted, status: { ...counted.status, collisionCount: 1 } },
    counted,
  );
  expect(errors?.map((e) => e.field)).toEqual(["status.numberReady", "status.collisionCount"]);
});

test("the status endpoints keep the spec", () => {
  const old = aDaemonSet();
  const next = { ...old, spec: { ...old.spec, minReadySeconds: 9 } };
  expect(daemonSetStrategy.status?.prepareForUpdate(next, old, MOMENT).spec).toBe(old.spec);
});

test("sets are shown with their counts", () => {
  const metadata = { name: "s", creationTimestamp: "2026-01-09T00:00:00Z" };
  const set = { ...aStatefulSet({ replicas: 3 }), metadata };
  expect(statefulSetStrategy.row(set, NOW_MS)).toEqual(["s", "0/3", "24h", "c", "nginx:1"]);
  const daemons = { ...aDaemonSet(), metadata };
  expect(daemonSetStrategy.row(daemons, NOW_MS)).toEqual([
    "s",
    0,
    0,
    0,
    0,
    0,
    "<none>",
    "24h",
    "c",
    "nginx:1",
    "app=web",
  ]);
});

test("a revision holds data that never change, and names its controller", () => {
  expect(refusalOf(controllerRevisionStrategy, { revision: -1 })).toBe(
    "[revision: Invalid value: -1: must be greater than or equal to 0, data: Required value: data is mandatory]",
  );
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "d", uid: "u", controller: true };
  const metadata = { name: "r", ownerReferences: [owner] };
  const old = created(controllerRevisionStrategy, { metadata, data: { a: 1 }, revision: 2 });
  expect(controllerRevisionStrategy.row(old, NOW_MS)).toEqual([
    "r",
    "daemonset.apps/d",
    2,
    "<unknown>",
  ]);
  expect(updateRefusalOf(controllerRevisionStrategy, old, (r) => ({ ...r, data: { a: 2 } }))).toBe(
    'data: Invalid value: {"a":2}: field is immutable',
  );
});
