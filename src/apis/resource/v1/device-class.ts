/** Classes of devices: what their expressions select, and how they are set up. */
import { dnsSubdomainProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, invalid } from "../../field-errors.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { listErrors } from "./collections.ts";
import { CLAIM_PARTS_MAX, opaqueConfigErrors } from "./device-claim.ts";
import { selectorErrors } from "./device-selector.ts";
import { deviceClassSchema } from "./schema.generated.ts";
import type { DeviceClass } from "./types.generated.ts";

export const deviceClassStrategy: Strategy<DeviceClass> = {
  ...ORDINARY,
  names: {
    group: "resource.k8s.io",
    version: "v1",
    kind: "DeviceClass",
    plural: "deviceclasses",
    singular: "deviceclass",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: deviceClassSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (deviceClass) => canonicalForm(deviceClass, deviceClassSchema),
  validate: deviceClassErrors,
  isReturnedWhenDeleted: true,
  columns: [NAME_COLUMN, AGE_COLUMN],
  row: (deviceClass, nowMs) => [nameOf(deviceClass), ageOf(deviceClass, nowMs)],
};

/** Expressions that were let in before are let be. */
function deviceClassErrors({ spec }: DeviceClass, old?: DeviceClass): readonly FieldError[] {
  const { extendedResourceName: name } = spec;
  const isSame = old !== undefined && equalValues(spec.selectors, old.spec.selectors);
  const isWrong = name !== undefined && !isExtendedResource(name);
  const detail = "must be a valid extended resource name";
  return [
    ...(isSame ? [] : selectorErrors("spec.selectors", spec.selectors)),
    ...listErrors("spec.config", spec.config, CLAIM_PARTS_MAX, (path, { opaque }) =>
      opaqueConfigErrors(`${path}.opaque`, opaque),
    ),
    ...errorIf(isWrong, invalid("spec.extendedResourceName", name, detail)),
  ];
}

function isExtendedResource(name: string): boolean {
  const isNative = !name.includes("/") || name.includes("kubernetes.io/");
  if (isNative || name.startsWith("requests.")) return false;
  return qualifiedNameProblem(`requests.${name}`) === undefined;
}
