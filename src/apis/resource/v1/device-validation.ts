/** Devices of a slice. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { nodeSelectorErrors } from "../../core/v1/scheduling-validation.ts";
import { errorIf, fromProblem, invalid, required } from "../../field-errors.ts";
import { attributeCount, attributeErrors } from "./attribute-validation.ts";
import { bindingErrors } from "./binding-conditions.ts";
import { capacityErrors } from "./capacity-validation.ts";
import { listErrors, mapErrors, setErrors } from "./collections.ts";
import { qualifiedErrors, shortNameErrors } from "./name-validation.ts";
import { deviceTaintErrors } from "./taint-validation.ts";
import type { Device, DeviceCounterConsumption } from "./types.generated.ts";

/** Attributes and capacities of a device together. */
const PROPERTIES_MAX = 32;
const VALUES_MAX = 48;
const TAINTS_MAX = 16;
const CONSUMPTIONS_MAX = 2;
const COUNTERS = { max: 32, keyLengthMax: 63 };
const PROPERTIES = { max: Infinity, keyLengthMax: 63 + 1 + 32 };

const ONE_PLACE =
  "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when " +
  "`perDeviceNodeSelection` is set to true in the ResourceSlice spec";
const NO_PLACE =
  "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set " +
  "to true in the ResourceSlice spec";

/** What is wrong with a device; parts that are as in `old` are let be. */
export function deviceErrors(
  path: string,
  device: Device,
  old: Device | undefined,
  hasOwnPlace: boolean,
): readonly FieldError[] {
  const { attributes = {}, capacity = {}, taints } = device;
  const hasSameCapacity = old !== undefined && equalValues(old.capacity, device.capacity);
  const hasSameTaints = old !== undefined && equalValues(old.taints, taints);
  return [
    ...shortNameErrors(`${path}.name`, device.name),
    ...sizeErrors(path, device),
    ...mapErrors(`${path}.attributes`, attributes, PROPERTIES, qualifiedErrors, attributeErrors),
    ...(hasSameCapacity
      ? []
      : mapErrors(`${path}.capacity`, capacity, PROPERTIES, qualifiedErrors, (field, each) =>
          capacityErrors(field, each, device.allowMultipleAllocations === true),
        )),
    ...(hasSameTaints ? [] : listErrors(`${path}.taints`, taints, TAINTS_MAX, deviceTaintErrors)),
    ...setErrors(
      `${path}.consumesCounters`,
      device.consumesCounters,
      CONSUMPTIONS_MAX,
      consumptionErrors,
      ({ counterSet }) => counterSet,
    ),
    ...(hasOwnPlace ? placeErrors(path, device) : noPlaceErrors(path, device)),
    ...bindingErrors(path, device),
  ];
}

function sizeErrors(path: string, device: Device): readonly FieldError[] {
  const { attributes = {}, capacity = {} } = device;
  const properties = Object.keys(attributes).length + Object.keys(capacity).length;
  const values = Object.values(attributes).reduce((sum, each) => sum + attributeCount(each), 0);
  const tooMany = (what: string, max: number): string =>
    `the total number of ${what} must not exceed ${max}`;
  return [
    ...errorIf(
      properties > PROPERTIES_MAX,
      invalid(path, properties, tooMany("attributes and capacities", PROPERTIES_MAX)),
    ),
    ...errorIf(values > VALUES_MAX, invalid(path, values, tooMany("attribute values", VALUES_MAX))),
  ];
}

function consumptionErrors(
  path: string,
  { counterSet, counters }: DeviceCounterConsumption,
): readonly FieldError[] {
  const isEmpty = Object.keys(counters).length === 0;
  return [
    ...(counterSet === ""
      ? [required(`${path}.counterSet`)]
      : shortNameErrors(`${path}.counterSet`, counterSet)),
    ...errorIf(isEmpty, required(`${path}.counters`)),
    ...mapErrors(`${path}.counters`, counters, COUNTERS, shortNameErrors, () => []),
  ];
}

function placeErrors(path: string, device: Device): readonly FieldError[] {
  const { nodeName, nodeSelector, allNodes } = device;
  const isNamed = nodeName !== undefined && nodeName !== "";
  const given = [
    ...(isNamed ? ["`nodeName`"] : []),
    ...(nodeSelector === undefined ? [] : ["`nodeSelector`"]),
    ...(allNodes === true ? ["`allNodes`"] : []),
  ];
  const notTrue = "must be either unset or set to true";
  return [
    ...errorIf(nodeName === "", invalid(`${path}.nodeName`, "", "must not be empty")),
    ...(isNamed ? fromProblem(`${path}.nodeName`, nodeName, dnsSubdomainProblem(nodeName)) : []),
    ...nodeSelectorErrors(`${path}.nodeSelector`, nodeSelector),
    ...errorIf(allNodes === false, invalid(`${path}.allNodes`, false, notTrue)),
    ...errorIf(given.length === 0, required(path, ONE_PLACE)),
    ...errorIf(given.length > 1, invalid(path, `{${given.join(", ")}}`, ONE_PLACE)),
  ];
}

function noPlaceErrors(path: string, device: Device): readonly FieldError[] {
  const { nodeName, nodeSelector, allNodes } = device;
  const hasPlace = [nodeName, nodeSelector, allNodes].some((part) => part !== undefined);
  return errorIf(hasPlace, invalid(path, null, NO_PLACE));
}
