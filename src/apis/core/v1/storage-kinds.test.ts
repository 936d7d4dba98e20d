import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { persistentVolumeClaimStrategy as claims } from "./persistent-volume-claim.ts";
import { persistentVolumeStrategy as volumes } from "./persistent-volume.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const MOMENT = { nowMs: NOW_MS, random: () => 0 };
const SIZE = { requests: { storage: "1Gi" } };

const claimed = (spec: Loose = {}): { spec: Loose } => ({
  spec: { accessModes: ["ReadWriteOnce"], resources: SIZE, ...spec },
});
const volumed = (spec: Loose = {}): { spec: Loose } => ({
  spec: {
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: "1Gi" },
    hostPath: { path: "/data" },
    ...spec,
  },
});

test("a new claim waits for a volume with files in it", () => {
  const claim = created(
    claims,
    claimed({ dataSource: { kind: "PersistentVolumeClaim", name: "o" } }),
  );
  expect([claim.spec.volumeMode, claim.status]).toEqual(["Filesystem", { phase: "Pending" }]);
  expect(claim.spec.dataSourceRef).toEqual({
    apiGroup: null,
    kind: "PersistentVolumeClaim",
    name: "o",
  });
});

for (const { name, spec, told } of [
  {
    name: "no way to mount",
    spec: { accessModes: [] },
    told: "spec.accessModes: Required value: at least 1 access mode is required",
  },
  {
    name: "an unknown way to mount",
    spec: { accessModes: ["Sometimes"] },
    told: 'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
  },
  {
    name: "one pod alone and others",
    spec: { accessModes: ["ReadWriteOncePod", "ReadWriteMany"] },
    told: "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
  },
  { name: "no size", spec: { resources: {} }, told: "spec.resources[storage]: Required value" },
  {
    name: "no space",
    spec: { resources: { requests: { storage: "0" } } },
    told: 'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  },
  {
    name: "a mode that is none",
    spec: { volumeMode: "Tape" },
    told: 'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
  },
  {
    name: "a source of an unknown group",
    spec: { dataSourceRef: { kind: "Snapshot", name: "s" } },
    told: "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
  },
] as const) {
  test(`a claim is refused for ${name}`, () => {
    expect(refusalOf(claims, claimed(spec))).toContain(told);
  });
}

test("a claim that is met can grow, and shrink no further than what there is", () => {
  const old: PersistentVolumeClaim = {
    ...created(claims, claimed({ storageClassName: "fast", volumeName: "v" })),
    status: { phase: "Bound", capacity: { storage: "1Gi" } },
  };
  const change = (spec: Loose, from = old): string =>
    updateRefusalOf(claims, from, (claim) => ({ ...claim, spec: { ...claim.spec, ...spec } }));
  expect(change({ resources: { requests: { storage: "2Gi" } } })).toBe("");
  expect(change({ volumeAttributesClassName: "gold" })).toBe("");
  const wished = created(claims, claimed({ resources: { requests: { storage: "3Gi" } } }));
  const grown: PersistentVolumeClaim = { ...wished, status: old.status };
  expect(change({ resources: { requests: { storage: "2Gi" } } }, grown)).toBe("");
  expect(change({ resources: { requests: { storage: "1Gi" } } }, grown)).toBe(
    "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
  );
  expect(change({ storageClassName: "slow" })).toContain(
    '\n- "StorageClassName": "fast",\n+ "StorageClassName": "slow",\n',
  );
});

test("a claim without a class may get one, and a volume is named once", () => {
  const old = created(claims, claimed());
  const change = (spec: Loose): string =>
    updateRefusalOf(claims, old, (claim) => ({ ...claim, spec: { ...claim.spec, ...spec } }));
  expect(change({ storageClassName: "fast", volumeName: "v" })).toBe("");
  expect(change({ accessModes: ["ReadWriteMany"] })).toContain("spec is immutable after creation");
});

test("a claim is shown with what meets it", () => {
  const claim: PersistentVolumeClaim = {
    ...created(claims, claimed({ volumeName: "v", storageClassName: "fast" })),
    status: { phase: "Bound", capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"] },
  };
  expect(claims.row(claim, NOW_MS)).toEqual([
    "x",
    "Bound",
    "v",
    "2Gi",
    "RWO",
    "fast",
    "<unset>",
    "<unknown>",
    "Filesystem",
  ]);
  expect(claims.row(created(claims, claimed()), NOW_MS).slice(1, 5)).toEqual([
    "Pending",
    "",
    "",
    "",
  ]);
});

test("a new volume is kept when its claim goes, and says since when it is how it is", () => {
  const volume = created(volumes, volumed());
  expect(volume.spec).toMatchObject({
    persistentVolumeReclaimPolicy: "Retain",
    volumeMode: "Filesystem",
    hostPath: { path: "/data", type: "" },
  });
  const phase = "Pending";
  expect(volume.status).toEqual({ phase, lastPhaseTransitionTime: "2026-01-10T00:00:00Z" });
});

for (const { name, spec, told } of [
  {
    name: "no source",
    spec: { hostPath: null },
    told: "spec: Required value: must specify a volume type",
  },
  {
    name: "two sources",
    spec: { nfs: { server: "s", path: "/p" } },
    told: "spec.nfs: Forbidden: may not specify more than 1 volume type",
  },
  {
    name: "no capacity",
    spec: { capacity: {} },
    told:
      "[spec.capacity: Required value, spec.capacity: Unsupported value: {}: " +
      'supported values: "storage"]',
  },
  {
    name: "a local path without a node",
    spec: { hostPath: null, local: { path: "/mnt" } },
    told: "spec.nodeAffinity: Required value: Local volume requires node affinity",
  },
  {
    name: "a root that is to be emptied",
    spec: { hostPath: { path: "//" }, persistentVolumeReclaimPolicy: "Recycle" },
    told: "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
  },
  {
    name: "a driver without a handle",
    spec: { hostPath: null, csi: { driver: "d.example", volumeHandle: "" } },
    told: "spec.csi.volumeHandle: Required value",
  },
  {
    name: "a share that is no path",
    spec: { hostPath: null, nfs: { server: "s", path: "p" } },
    told: 'spec.nfs.path: Invalid value: "p": must be an absolute path',
  },
  {
    name: "a name that is no target",
    spec: { hostPath: null, iscsi: { targetPortal: "p", iqn: "x", lun: 256 } },
    told: '[spec.iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa, spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive]',
  },
] as const) {
  test(`a volume is refused for ${name}`, () => {
    expect(refusalOf(volumes, volumed(spec))).toBe(told);
  });
}

test("where a volume stores things stays, shown as it would be", () => {
  const old = created(volumes, volumed());
  const change = (spec: Loose): string =>
    updateRefusalOf(volumes, old, (volume) => ({ ...volume, spec: { ...volume.spec, ...spec } }));
  expect(change({ claimRef: { namespace: "t", name: "c" } })).toBe("");
  expect(change({ hostPath: { path: "/other" } })).toBe(
    [
      "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation",
      "@@ -2,7 +2,7 @@",
      '  "GCEPersistentDisk": null,',
      '  "AWSElasticBlockStore": null,',
      '  "HostPath": {',
      '-  "Path": "/data",',
      '+  "Path": "/other",',
      '   "Type": ""',
      "  },",
      '  "Glusterfs": null,',
      "",
    ].join("\n"),
  );
});

test("a volume notes when it turned into what it is", () => {
  const old = created(volumes, volumed());
  const next: PersistentVolume = { ...old, status: { ...old.status, phase: "Bound" } };
  const later = { ...MOMENT, nowMs: NOW_MS + 60_000 };
  expect(volumes.status?.prepareForUpdate(next, old, later).status).toEqual({
    phase: "Bound",
    lastPhaseTransitionTime: "2026-01-10T00:01:00Z",
  });
});

test("a volume is shown with its claim", () => {
  const volume = created(volumes, volumed({ claimRef: { namespace: "t", name: "c" } }));
  expect(volumes.row(volume, NOW_MS)).toEqual([
    "x",
    "1Gi",
    "RWO",
    "Retain",
    "Pending",
    "t/c",
    "",
    "<unset>",
    "",
    "<unknown>",
    "Filesystem",
  ]);
});
