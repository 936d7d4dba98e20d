/** Statuses of claims: devices that were given, reported and promised. */
import type { FieldError } from "../../../machinery/status.ts";
import { nodeSelectorErrors } from "../../core/v1/scheduling-validation.ts";
import {
  errorIf,
  forbidden,
  invalid,
  notEmpty,
  oneOf,
  tooLong,
  tooMany,
} from "../../field-errors.ts";
import { interfaceAddressErrors } from "../../ip-validation.ts";
import { conditionErrors } from "../../meta/v1/condition-validation.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { immutableStructErrors } from "../../ordinary.ts";
import { driverNameErrors } from "../../storage/v1/parameter-validation.ts";
import { allocationStruct } from "./go-structs.ts";
import { bindingErrors } from "./binding-conditions.ts";
import { listErrors, setErrors } from "./collections.ts";
import {
  CLAIM_PARTS_MAX,
  opaqueConfigErrors,
  requestNames,
  requestRefErrors,
  requestRefsErrors,
} from "./device-claim.ts";
import { opaqueErrors, poolNameErrors, shortNameErrors, uidErrors } from "./name-validation.ts";
import { deviceTolerationErrors } from "./taint-validation.ts";
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
} from "./types.generated.ts";

const CONSUMERS_MAX = 256;
const RESULTS_MAX = 32;
const CONDITIONS_MAX = 8;
const DATA_BYTES_MAX = 10 * 1024;
const ADDRESSES_MAX = 16;
const INTERFACE_BYTES_MAX = 256;
const HARDWARE_BYTES_MAX = 128;

type DeviceRef = { readonly driver: string; readonly pool: string; readonly device: string };

/** One name for a device of a driver and pool. */
export function deviceId({ driver, pool, device }: DeviceRef): string {
  return `${driver}/${pool}/${device}`;
}

/** What is wrong with a status that is to follow another one. */
export function statusErrors(next: ResourceClaim, old: ResourceClaim): readonly FieldError[] {
  const { status } = next;
  const names = requestNames(next.spec.devices ?? {});
  const given = new Set((status.allocation?.devices?.results ?? []).map(sharedId));
  return [
    ...setErrors(
      "status.reservedFor",
      status.reservedFor,
      CONSUMERS_MAX,
      consumerErrors,
      ({ uid }) => uid,
    ),
    ...setErrors(
      "status.devices",
      status.devices,
      Infinity,
      (path, device) => deviceErrors(path, device, given),
      sharedId,
    ),
    ...reservationErrors(next, old.status),
    ...allocationUpdateErrors("status.allocation", status, old.status, names),
  ];
}

function sharedId(device: DeviceRef & { readonly shareID?: string }): string {
  const { shareID } = device;
  return shareID === undefined ? deviceId(device) : `${deviceId(device)}/${shareID}`;
}

function consumerErrors(
  path: string,
  { resource, name, uid }: ResourceClaimConsumerReference,
): readonly FieldError[] {
  return [
    ...notEmpty(`${path}.resource`, resource),
    ...notEmpty(`${path}.name`, name),
    ...notEmpty(`${path}.uid`, uid),
  ];
}

/** Only what was given can be promised, and not while it is being taken back. */
function reservationErrors(
  { metadata, status }: ResourceClaim,
  old: ResourceClaimStatus,
): readonly FieldError[] {
  const field = "status.reservedFor";
  const { reservedFor = [], allocation } = status;
  if (reservedFor.length === 0) return [];
  if (allocation === undefined) {
    return [forbidden(field, "may not be specified when `allocated` is not set")];
  }
  if (metadata.deletionTimestamp === undefined) return [];
  const before = new Set((old.reservedFor ?? []).map(({ uid }) => uid));
  const isGrown = reservedFor.some(({ uid }) => !before.has(uid));
  const detail =
    "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
  return errorIf(isGrown, forbidden(field, detail));
}

function allocationUpdateErrors(
  path: string,
  next: ResourceClaimStatus,
  old: ResourceClaimStatus,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  if (next.allocation === undefined) return [];
  if (old.allocation !== undefined) {
    return immutableStructErrors(path, next.allocation, old.allocation, allocationStruct);
  }
  return allocationErrors(path, next.allocation, names);
}

function allocationErrors(
  path: string,
  { devices = {}, nodeSelector }: AllocationResult,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const config = `${path}.devices.config`;
  return [
    ...listErrors(`${path}.devices.results`, devices.results, RESULTS_MAX, (field, result) =>
      resultErrors(field, result, names),
    ),
    ...listErrors(config, devices.config, 2 * CLAIM_PARTS_MAX, (field, each) => [
      ...oneOf(`${field}.source`, each.source, ["FromClaim", "FromClass"]),
      ...requestRefsErrors(`${field}.requests`, each.requests, names),
      ...opaqueConfigErrors(`${field}.opaque`, each.opaque),
    ]),
    ...nodeSelectorErrors(`${path}.nodeSelector`, nodeSelector),
  ];
}

function resultErrors(
  path: string,
  result: DeviceRequestAllocationResult,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const { tolerations = [], shareID } = result;
  return [
    ...requestRefErrors(`${path}.request`, result.request, names),
    ...driverNameErrors(`${path}.driver`, result.driver),
    ...poolNameErrors(`${path}.pool`, result.pool),
    ...shortNameErrors(`${path}.device`, result.device),
    ...bindingErrors(path, result),
    ...tolerations.flatMap((toleration, index) =>
      deviceTolerationErrors(`${path}.tolerations[${index}]`, toleration),
    ),
    ...(shareID === undefined ? [] : uidErrors(`${path}.shareID`, shareID)),
  ];
}

function deviceErrors(
  path: string,
  device: AllocatedDeviceStatus,
  given: ReadonlySet<string>,
): readonly FieldError[] {
  const { shareID, data } = device;
  const conditions = device.conditions ?? []; // null where there are none
  const id = sharedId(device);
  return [
    ...driverNameErrors(`${path}.driver`, device.driver),
    ...poolNameErrors(`${path}.pool`, device.pool),
    ...shortNameErrors(`${path}.device`, device.device),
    ...(shareID === undefined ? [] : uidErrors(`${path}.shareID`, shareID)),
    ...errorIf(!given.has(id), invalid(path, id, "must be an allocated device in the claim")),
    ...errorIf(
      conditions.length > CONDITIONS_MAX,
      tooMany(`${path}.conditions`, conditions.length, CONDITIONS_MAX),
    ),
    ...conditionErrors(`${path}.conditions`, conditions),
    ...(data === undefined ? [] : opaqueErrors(`${path}.data`, data, DATA_BYTES_MAX)),
    ...networkErrors(`${path}.networkData`, device.networkData),
  ];
}

function networkErrors(path: string, data: NetworkDeviceData | undefined): readonly FieldError[] {
  const { interfaceName = "", hardwareAddress = "", ips } = data ?? {};
  return [
    ...errorIf(
      byteLength(interfaceName) > INTERFACE_BYTES_MAX,
      tooLong(`${path}.interfaceName`, INTERFACE_BYTES_MAX),
    ),
    ...errorIf(
      byteLength(hardwareAddress) > HARDWARE_BYTES_MAX,
      tooLong(`${path}.hardwareAddress`, HARDWARE_BYTES_MAX),
    ),
    ...setErrors(`${path}.ips`, ips, ADDRESSES_MAX, interfaceAddressErrors, (address) => address),
  ];
}
