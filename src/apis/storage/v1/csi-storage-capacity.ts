/** How much room there is for volumes of a class, in a part of the cluster. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { compareQuantities, parseQuantity, ZERO_QUANTITY } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, fromProblem, invalid } from "../../field-errors.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { CREATED_AT_COLUMN, createdAtOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { csiStorageCapacitySchema } from "./schema.generated.ts";
import type { CSIStorageCapacity } from "./types.generated.ts";

export const csiStorageCapacityStrategy: Strategy<CSIStorageCapacity> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "CSIStorageCapacity",
    plural: "csistoragecapacities",
    singular: "csistoragecapacity",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: csiStorageCapacitySchema,
  nameProblem: dnsSubdomainProblem,
  isUpdatedUnconditionally: false,
  applyDefaults: (capacity) => canonicalForm(capacity, csiStorageCapacitySchema),
  validate: capacityErrors,
  validateUpdate: (next, old) => [
    ...immutableErrors("nodeTopology", next.nodeTopology, old.nodeTopology),
    ...immutableErrors("storageClassName", next.storageClassName, old.storageClassName),
  ],
  isReturnedWhenDeleted: false,
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  row: (capacity) => [nameOf(capacity), createdAtOf(capacity)],
};

function capacityErrors(object: CSIStorageCapacity): readonly FieldError[] {
  const { nodeTopology, storageClassName, capacity } = object;
  return [
    ...labelSelectorErrors("nodeTopology", nodeTopology),
    ...fromProblem("storageClassName", storageClassName, dnsSubdomainProblem(storageClassName)),
    ...(capacity === undefined ? [] : amountErrors("capacity", capacity)),
  ];
}

function amountErrors(field: string, amount: string): readonly FieldError[] {
  const quantity = parseQuantity(amount);
  const isNegative = quantity !== undefined && compareQuantities(quantity, ZERO_QUANTITY) < 0;
  return errorIf(isNegative, invalid(field, amount, "must be greater than or equal to 0"));
}
