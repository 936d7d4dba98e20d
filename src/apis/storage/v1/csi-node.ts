/** Drivers that a node has, and how it is called by each. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  duplicate,
  errorIf,
  IMMUTABLE,
  invalid,
  notNegative,
  required,
} from "../../field-errors.ts";
import { byteLength, labelNameErrors } from "../../meta/v1/label-validation.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { driverNameErrors } from "./parameter-validation.ts";
import { csiNodeSchema } from "./schema.generated.ts";
import type { CSINode, CSINodeDriver } from "./types.generated.ts";

const NODE_ID_BYTES_MAX = 256;

export const csiNodeStrategy: Strategy<CSINode> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "CSINode",
    plural: "csinodes",
    singular: "csinode",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: csiNodeSchema,
  nameProblem: dnsSubdomainProblem,
  isUpdatedUnconditionally: false,
  applyDefaults: (node) => canonicalForm(node, csiNodeSchema),
  validate: ({ spec }) => driversErrors("spec.drivers", spec.drivers),
  validateUpdate: driverUpdateErrors,
  isReturnedWhenDeleted: true,
  columns: [NAME_COLUMN, column("Drivers", "How many drivers there are.", "integer"), AGE_COLUMN],
  row: (node, nowMs) => [nameOf(node), node.spec.drivers.length, ageOf(node, nowMs)],
};

function driversErrors(field: string, drivers: readonly CSINodeDriver[]): readonly FieldError[] {
  const names = new Set<string>();
  return drivers.flatMap((driver, index) => {
    const path = `${field}[${index}]`;
    const isTaken = names.has(driver.name);
    names.add(driver.name);
    return [
      ...driverNameErrors(`${path}.name`, driver.name),
      ...nodeIdErrors(`${path}.nodeID`, driver.nodeID),
      ...notNegative(`${path}.allocatable.count`, driver.allocatable?.count),
      ...errorIf(isTaken, duplicate(`${path}.name`, driver.name)),
      ...topologyKeyErrors(path, driver.topologyKeys ?? []),
    ];
  });
}

function nodeIdErrors(field: string, id: string): readonly FieldError[] {
  const detail = `must be ${NODE_ID_BYTES_MAX} characters or less`;
  return [
    ...errorIf(id === "", required(field)),
    ...errorIf(byteLength(id) > NODE_ID_BYTES_MAX, invalid(field, id, detail)),
  ];
}

function topologyKeyErrors(path: string, keys: readonly string[]): readonly FieldError[] {
  return keys.flatMap((key, index) => [
    ...errorIf(key === "", required(path)),
    ...errorIf(keys.indexOf(key) < index, duplicate(path, key)),
    ...labelNameErrors(path, key),
  ]);
}

/** How many volumes a node can take may change; how a driver calls the node may not. */
function driverUpdateErrors(next: CSINode, old: CSINode): readonly FieldError[] {
  return old.spec.drivers.flatMap((before) =>
    next.spec.drivers
      .filter(({ name }) => name === before.name)
      .filter((after) => !equalValues(fixedPart(after), fixedPart(before)))
      .map((after) => invalid("spec.drivers", fixedPart(after), IMMUTABLE)),
  );
}

/** As the struct it is upstream, whose fields have capital letters. */
function fixedPart({ name, nodeID, topologyKeys }: CSINodeDriver): unknown {
  return { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys ?? null, Allocatable: null };
}
