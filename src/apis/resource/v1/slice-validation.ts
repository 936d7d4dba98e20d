/** Slices, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { nodeSelectorErrors } from "../../core/v1/scheduling-validation.ts";
import { errorIf, fromProblem, invalid, required } from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { immutableErrors } from "../../ordinary.ts";
import { driverNameErrors } from "../../storage/v1/parameter-validation.ts";
import { termStruct } from "./go-structs.ts";
import { mapErrors, setErrors } from "./collections.ts";
import { deviceErrors } from "./device-validation.ts";
import { poolNameErrors, shortNameErrors } from "./name-validation.ts";
import type {
  CounterSet,
  ResourcePool,
  ResourceSlice,
  ResourceSliceSpec,
} from "./types.generated.ts";

const DEVICES_MAX = 128;
/** Of devices with taints or counters, which are more work to look at. */
const ADVANCED_DEVICES_MAX = 64;
const COUNTER_SETS_MAX = 8;
const COUNTERS = { max: 32, keyLengthMax: 63 };
const NODE_FIELDS = "`nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection`";

/** What is wrong with a slice; devices that were let in before are not looked at as closely. */
export function sliceErrors(next: ResourceSlice, old?: ResourceSlice): readonly FieldError[] {
  const { spec } = next;
  const { devices = [], sharedCounters, perDeviceNodeSelection: isPerDevice = false } = spec;
  const before = new Map((old?.spec.devices ?? []).map((device) => [device.name, device]));
  const isBoth = sharedCounters !== undefined && devices.length > 0;
  return [
    ...driverNameErrors("spec.driver", spec.driver),
    ...poolErrors("spec.pool", spec.pool),
    ...placeErrors("spec", spec),
    ...errorIf(isBoth, invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed")),
    ...setErrors(
      "spec.devices",
      devices,
      isAdvanced(spec) ? ADVANCED_DEVICES_MAX : DEVICES_MAX,
      (path, device) => deviceErrors(path, device, before.get(device.name), isPerDevice),
      ({ name }) => name,
    ),
    ...setErrors(
      "spec.sharedCounters",
      sharedCounters,
      COUNTER_SETS_MAX,
      counterSetErrors,
      ({ name }) => name,
    ),
  ];
}

/** What is wrong with a change: a slice stays where it is. */
export function sliceUpdateErrors(
  { spec: next }: ResourceSlice,
  { spec: old }: ResourceSlice,
): readonly FieldError[] {
  return [
    ...immutableErrors("spec.pool.name", next.pool.name, old.pool.name),
    ...immutableErrors("spec.driver", next.driver, old.driver),
    ...(equalValues(next.nodeName, old.nodeName)
      ? []
      : immutableErrors("spec.nodeName", next.nodeName, old.nodeName)),
  ];
}

function isAdvanced({ devices = [] }: ResourceSliceSpec): boolean {
  return devices.some(
    ({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0,
  );
}

function poolErrors(path: string, pool: ResourcePool): readonly FieldError[] {
  const { name, resourceSliceCount: count, generation } = pool;
  const negative = "must be greater than or equal to zero";
  return [
    ...poolNameErrors(`${path}.name`, name),
    ...errorIf(
      count <= 0,
      invalid(`${path}.resourceSliceCount`, count, "must be greater than zero"),
    ),
    ...errorIf(generation < 0, invalid(`${path}.generation`, generation, negative)),
  ];
}

/** A slice says in one way on which nodes its devices are. */
function placeErrors(path: string, spec: ResourceSliceSpec): readonly FieldError[] {
  const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
  const given = [
    ...(nodeName === undefined || nodeName === "" ? [] : ["`nodeName`"]),
    ...(nodeSelector === undefined ? [] : ["`nodeSelector`"]),
    ...(allNodes === true ? ["`allNodes`"] : []),
    ...(perDeviceNodeSelection === true ? ["`perDeviceNodeSelection`"] : []),
  ];
  const emptyName = "must be either unset or set to a non-empty string";
  const notTrue = "must be either unset or set to true";
  const oneOf = `exactly one of ${NODE_FIELDS} is required`;
  const terms = nodeSelector?.nodeSelectorTerms ?? [];
  const printed = terms.length === 0 ? null : terms.map((term) => goStruct(term, termStruct));
  const oneTerm = "must have exactly one node selector term";
  return [
    ...errorIf(nodeName === "", invalid(`${path}.nodeName`, "", emptyName)),
    ...(nodeName === undefined || nodeName === ""
      ? []
      : fromProblem(`${path}.nodeName`, nodeName, dnsSubdomainProblem(nodeName))),
    ...nodeSelectorErrors(`${path}.nodeSelector`, nodeSelector),
    ...errorIf(
      nodeSelector !== undefined && terms.length !== 1,
      invalid(`${path}.nodeSelector.nodeSelectorTerms`, printed, oneTerm),
    ),
    ...errorIf(allNodes === false, invalid(`${path}.allNodes`, false, notTrue)),
    ...errorIf(
      perDeviceNodeSelection === false,
      invalid(`${path}.perDeviceNodeSelection`, false, notTrue),
    ),
    ...errorIf(given.length === 0, required(path, oneOf)),
    ...errorIf(
      given.length > 1,
      invalid(path, `{${given.join(", ")}}`, `${oneOf}, but multiple fields are set`),
    ),
  ];
}

function counterSetErrors(path: string, { name, counters }: CounterSet): readonly FieldError[] {
  const isEmpty = Object.keys(counters).length === 0;
  return [
    ...(name === "" ? [required(`${path}.name`)] : shortNameErrors(`${path}.name`, name)),
    ...errorIf(isEmpty, required(`${path}.counters`)),
    ...mapErrors(`${path}.counters`, counters, COUNTERS, shortNameErrors, () => []),
  ];
}
