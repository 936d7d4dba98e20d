import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, type Sent, updated, updateRefusalOf } from "../../testing.ts";
import { csiDriverStrategy } from "./csi-driver.ts";
import { csiNodeStrategy } from "./csi-node.ts";
import { csiStorageCapacityStrategy } from "./csi-storage-capacity.ts";
import { storageClassStrategy } from "./storage-class.ts";
import { volumeAttachmentStrategy } from "./volume-attachment.ts";
import { volumeAttributesClassStrategy } from "./volume-attributes-class.ts";

const aClass = { provisioner: "example.com/disk" };

test("a class has a policy and a mode, and shows whether it is the default", () => {
  const storageClass = created(storageClassStrategy, {
    ...aClass,
    metadata: {
      name: "fast",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
  });
  expect(storageClass).toMatchObject({
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  });
  expect(storageClassStrategy.row(storageClass, NOW_MS).slice(0, 5)).toEqual([
    "fast (default)",
    "example.com/disk",
    "Delete",
    "Immediate",
    false,
  ]);
});

const terms = { matchLabelExpressions: [{ key: "zone", values: ["a"] }] };

for (const { name, sent, told } of [
  { name: "no provisioner", sent: {}, told: "provisioner: Required value" },
  {
    name: "a policy that is none",
    sent: { ...aClass, reclaimPolicy: "Recycle" },
    told: 'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
  },
  {
    name: "a parameter without a name",
    sent: { ...aClass, parameters: { "": "x" } },
    told: 'parameters: Invalid value: "": field can not be empty.',
  },
  {
    name: "too many parameters",
    sent: {
      ...aClass,
      parameters: Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`p${index}`, ""])),
    },
    told: "parameters: Too long: may not be more than 512 bytes",
  },
  {
    name: "a topology said twice",
    sent: { ...aClass, allowedTopologies: [terms, terms] },
    told: 'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  },
]) {
  test(`a class with ${name} is refused`, () => {
    expect(refusalOf(storageClassStrategy, sent)).toBe(told);
  });
}

test("what a class makes stays the same", () => {
  const old = created(storageClassStrategy, aClass);
  const change = (fields: object): string =>
    updateRefusalOf(storageClassStrategy, old, (same) => ({ ...same, ...fields }));
  expect(change({ provisioner: "b" })).toBe('provisioner: Invalid value: "b": field is immutable');
  expect(change({ parameters: { a: "b" } })).toBe(
    'parameters: Invalid value: {"a":"b"}: field is immutable',
  );
  expect(change({ volumeBindingMode: "WaitForFirstConsumer" })).toBe(
    'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
  );
  expect(change({ allowVolumeExpansion: true })).toBe("");
});

test("a class of attributes has some", () => {
  expect(refusalOf(volumeAttributesClassStrategy, { driverName: "d.io" })).toBe(
    "parameters: Required value: must contain at least one key/value pair",
  );
});

const source = { persistentVolumeName: "pv" };
const spec = { attacher: "d.io", nodeName: "node-1", source };

test("a new attachment is not attached, whatever its maker says", () => {
  const attachment = created(volumeAttachmentStrategy, { spec, status: { attached: true } });
  expect(attachment.status).toEqual({ attached: false });
  expect(volumeAttachmentStrategy.row(attachment, NOW_MS).slice(1, 5)).toEqual([
    "d.io",
    "pv",
    "node-1",
    false,
  ]);
});

for (const { name, fields, told } of [
  {
    name: "no volume",
    fields: { source: {} },
    told:
      "spec.source: Required value: must specify exactly one of inlineVolumeSpec and " +
      "persistentVolumeName",
  },
  {
    name: "no driver",
    fields: { attacher: "" },
    told: "spec.attacher: Required value",
  },
  {
    name: "a driver with slashes",
    fields: { attacher: "d.io/x" },
    told: 'spec.attacher: Invalid value: "d.io/x"',
  },
]) {
  test(`an attachment with ${name} is refused`, () => {
    const sent = { spec: { ...spec, ...fields } };
    expect(refusalOf(volumeAttachmentStrategy, sent)).toContain(told);
  });
}

test("an attachment stays one of that volume to that node", () => {
  const old = created(volumeAttachmentStrategy, { spec });
  const told = updateRefusalOf(volumeAttachmentStrategy, old, (same) => ({
    ...same,
    spec: { ...same.spec, nodeName: "node-2" },
  }));
  expect(told).toContain("field is immutable");
});

test("the status of an attachment is written alone, and its errors are short", () => {
  const old = created(volumeAttachmentStrategy, { spec });
  const { status } = volumeAttachmentStrategy;
  const sent = {
    ...old,
    metadata: { ...old.metadata, labels: { a: "b" } },
    spec: { ...old.spec, nodeName: "other" },
    status: { attached: true, attachError: { message: "x".repeat(1025) } },
  };
  const next = status?.prepareForUpdate(sent, old, { nowMs: NOW_MS, random: () => 0 });
  expect(next).toEqual({ ...old, status: sent.status });
  expect(status?.validateUpdate(sent, sent)).toMatchObject([
    { field: "status.attachError.message", type: "FieldValueTooLong" },
  ]);
});

test("a driver has its defaults, and its generation counts changes only", () => {
  const driver = created(csiDriverStrategy, {});
  expect(driver.spec).toEqual({
    attachRequired: true,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    podInfoOnMount: false,
    requiresRepublish: false,
    seLinuxMount: false,
    storageCapacity: false,
    volumeLifecycleModes: ["Persistent"],
  });
  expect(driver.metadata.generation).toBeUndefined();
  const changed = updated(csiDriverStrategy, driver, (same) => ({
    ...same,
    spec: { ...same.spec, podInfoOnMount: true },
  }));
  expect(changed.metadata.generation).toBe(1);
  expect(csiDriverStrategy.row(driver, NOW_MS).slice(1, 7)).toEqual([
    true,
    false,
    false,
    "<unset>",
    false,
    "Persistent",
  ]);
});

for (const { name, fields, told } of [
  {
    name: "a policy that is none",
    fields: { fsGroupPolicy: "Any" },
    told:
      'spec.fsGroupPolicy: Unsupported value: "Any": supported values: "File", "None", ' +
      '"ReadWriteOnceWithFSType"',
  },
  {
    name: "a mode that is none",
    fields: { volumeLifecycleModes: ["Some"] },
    told:
      'spec.volumeLifecycleModes: Unsupported value: "Some": supported values: "Persistent", ' +
      '"Ephemeral"',
  },
  {
    name: "tokens for the same audience",
    fields: { tokenRequests: [{ audience: "a" }, { audience: "a" }] },
    told: 'spec.tokenRequests[1].audience: Duplicate value: "a"',
  },
  {
    name: "a token of a minute",
    fields: { tokenRequests: [{ audience: "a", expirationSeconds: 60 }] },
    told:
      "spec.tokenRequests[0].expirationSeconds: Invalid value: 60: may not specify a duration " +
      "less than 10 minutes",
  },
  {
    name: "updates every second",
    fields: { nodeAllocatableUpdatePeriodSeconds: 1 },
    told:
      "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 1: must be greater than or equal " +
      "to 10 seconds",
  },
]) {
  test(`a driver with ${name} is refused`, () => {
    expect(refusalOf(csiDriverStrategy, { spec: fields })).toBe(told);
  });
}

const driver = { name: "d.io", nodeID: "n1" };

for (const { name, drivers, told } of [
  { name: "a driver", drivers: [driver], told: "" },
  {
    name: "a driver twice",
    drivers: [driver, driver],
    told: 'spec.drivers[1].name: Duplicate value: "d.io"',
  },
  {
    name: "a driver that does not know it",
    drivers: [{ name: "d.io" }],
    told: "spec.drivers[0].nodeID: Required value",
  },
  {
    name: "room for less than nothing",
    drivers: [{ ...driver, allocatable: { count: -1 } }],
    told: "spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
  },
  {
    name: "a topology key twice",
    drivers: [{ ...driver, topologyKeys: ["zone", "zone"] }],
    told: 'spec.drivers[0]: Duplicate value: "zone"',
  },
]) {
  test(`a node with ${name} is told: ${told}`, () => {
    expect(refusalOf(csiNodeStrategy, { spec: { drivers } })).toBe(told);
  });
}

test("a node's room for volumes may change, its name to a driver may not", () => {
  const old = created(csiNodeStrategy, { spec: { drivers: [driver] } });
  const change = (fields: object): string =>
    updateRefusalOf(csiNodeStrategy, old, (same) => ({
      ...same,
      spec: { drivers: [{ ...driver, ...fields }] },
    }));
  expect(change({ allocatable: { count: 3 } })).toBe("");
  expect(change({ nodeID: "n2" })).toContain("spec.drivers: Invalid value: ");
});

test("room is not negative, and stays where it is", () => {
  const refused = (fields: Sent): string => refusalOf(csiStorageCapacityStrategy, fields);
  expect(refused({ storageClassName: "fast", capacity: "10Gi" })).toBe("");
  expect(refused({ storageClassName: "fast", capacity: "-1" })).toBe(
    'capacity: Invalid value: "-1": must be greater than or equal to 0',
  );
  const old = created(csiStorageCapacityStrategy, { storageClassName: "fast" });
  expect(
    updateRefusalOf(csiStorageCapacityStrategy, old, (same) => ({
      ...same,
      storageClassName: "slow",
    })),
  ).toBe('storageClassName: Invalid value: "slow": field is immutable');
});
