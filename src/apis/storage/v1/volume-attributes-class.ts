/** Classes of what can be changed of a volume that is in use. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, forbidden, required } from "../../field-errors.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { parameterErrors, provisionerErrors } from "./parameter-validation.ts";
import { volumeAttributesClassSchema } from "./schema.generated.ts";
import type { VolumeAttributesClass } from "./types.generated.ts";

const NO_PARAMETERS = "must contain at least one key/value pair";

export const volumeAttributesClassStrategy: Strategy<VolumeAttributesClass> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "VolumeAttributesClass",
    plural: "volumeattributesclasses",
    singular: "volumeattributesclass",
    shortNames: ["vac"],
    categories: [],
    isNamespaced: false,
  },
  schema: volumeAttributesClassSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (attributes) => canonicalForm(attributes, volumeAttributesClassSchema),
  validate: (next, old) => [
    ...(old === undefined ? [] : changeErrors(next, old)),
    ...classErrors(next),
  ],
  isReturnedWhenDeleted: true,
  columns: [NAME_COLUMN, column("DriverName", "The driver that knows the parameters."), AGE_COLUMN],
  row: (attributes, nowMs) => [nameOf(attributes), attributes.driverName, ageOf(attributes, nowMs)],
};

function classErrors(attributes: VolumeAttributesClass): readonly FieldError[] {
  const { driverName, parameters = {} } = attributes;
  return [
    ...provisionerErrors("driverName", driverName),
    ...parameterErrors("parameters", parameters),
    ...errorIf(Object.keys(parameters).length === 0, required("parameters", NO_PARAMETERS)),
  ];
}

function changeErrors(
  next: VolumeAttributesClass,
  old: VolumeAttributesClass,
): readonly FieldError[] {
  return (["driverName", "parameters"] as const).flatMap((field) =>
    errorIf(
      !equalValues(next[field], old[field]),
      forbidden(field, `updates to ${field} are forbidden.`),
    ),
  );
}
