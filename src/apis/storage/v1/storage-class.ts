/** Storage classes: how volumes that a claim asks for are made. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { noneOrOneOf } from "../../field-errors.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { parameterErrors, provisionerErrors } from "./parameter-validation.ts";
import { storageClassSchema } from "./schema.generated.ts";
import { topologyErrors } from "./topology-validation.ts";
import type { StorageClass } from "./types.generated.ts";

const DEFAULT_ANNOTATIONS: readonly string[] = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

export const storageClassStrategy: Strategy<StorageClass> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "StorageClass",
    plural: "storageclasses",
    singular: "storageclass",
    shortNames: ["sc"],
    categories: [],
    isNamespaced: false,
  },
  schema: storageClassSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (storageClass) => withDefaults(canonicalForm(storageClass, storageClassSchema)),
  validate: storageClassErrors,
  validateUpdate: storageClassUpdateErrors,
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("Provisioner", "What makes the volumes."),
    column("ReclaimPolicy", "What becomes of a volume when its claim is gone."),
    column("VolumeBindingMode", "Whether volumes are made at once or for the first pod."),
    column("AllowVolumeExpansion", "Whether volumes can grow."),
    AGE_COLUMN,
  ],
  row: (storageClass, nowMs) => [
    isDefault(storageClass) ? `${nameOf(storageClass)} (default)` : nameOf(storageClass),
    storageClass.provisioner,
    storageClass.reclaimPolicy ?? "Delete",
    storageClass.volumeBindingMode ?? "Immediate",
    storageClass.allowVolumeExpansion ?? false,
    ageOf(storageClass, nowMs),
  ],
};

function withDefaults(storageClass: StorageClass): StorageClass {
  const { reclaimPolicy = "Delete", volumeBindingMode = "Immediate" } = storageClass;
  return { ...storageClass, reclaimPolicy, volumeBindingMode };
}

function storageClassErrors(storageClass: StorageClass): readonly FieldError[] {
  const { provisioner, parameters, reclaimPolicy } = storageClass;
  return [
    ...provisionerErrors("provisioner", provisioner),
    ...parameterErrors("parameters", parameters),
    ...(reclaimPolicy === ""
      ? []
      : noneOrOneOf("reclaimPolicy", reclaimPolicy, ["Delete", "Retain"])),
    ...noneOrOneOf("volumeBindingMode", storageClass.volumeBindingMode, [
      "Immediate",
      "WaitForFirstConsumer",
    ]),
    ...topologyErrors("allowedTopologies", storageClass.allowedTopologies),
  ];
}

function storageClassUpdateErrors(next: StorageClass, old: StorageClass): readonly FieldError[] {
  const fixed = ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] as const;
  return fixed.flatMap((field) => immutableErrors(field, next[field], old[field]));
}

function isDefault({ metadata: { annotations = {} } }: StorageClass): boolean {
  return DEFAULT_ANNOTATIONS.some(
    (key) => Object.hasOwn(annotations, key) && annotations[key] === "true",
  );
}
