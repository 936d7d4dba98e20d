/** Claims: devices that pods ask for, and those they were given. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { immutableStructErrors, keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy, SubresourceStrategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { demandOfRequests, demandOfResults } from "./admin-access.ts";
import { claimSpecStruct } from "./go-structs.ts";
import { deviceId, statusErrors } from "./claim-status-validation.ts";
import { claimErrors, withClaimDefaults } from "./device-claim.ts";
import { resourceClaimSchema } from "./schema.generated.ts";
import { withTolerationDefaults } from "./taint-validation.ts";
import type { AllocationResult, ResourceClaim, ResourceClaimStatus } from "./types.generated.ts";

const status: SubresourceStrategy<ResourceClaim> = {
  prepareForUpdate: (next, old, moment) => {
    const kept = strictStatusPart<ResourceClaim>().prepareForUpdate(next, old, moment);
    return { ...kept, status: withoutFreed(kept.status, old.status) };
  },
  validateUpdate: statusErrors,
};

export const resourceClaimStrategy: Strategy<ResourceClaim> = {
  ...ORDINARY,
  names: {
    group: "resource.k8s.io",
    version: "v1",
    kind: "ResourceClaim",
    plural: "resourceclaims",
    singular: "resourceclaim",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: resourceClaimSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (claim) => withDefaults(canonicalForm(claim, resourceClaimSchema)),
  prepareForCreate: (claim) => ({ ...claim, status: {} }),
  prepareForUpdate: keepStatus,
  validate: ({ spec }, old) =>
    old === undefined ? claimErrors("spec.devices", spec.devices ?? {}) : [],
  namespaceDemand: (next, old) =>
    old === undefined
      ? demandOfRequests(next.spec.devices)
      : demandOfResults(next.status, old.status),
  validateUpdate: (next, old) =>
    immutableStructErrors("spec", next.spec, old.spec, claimSpecStruct),
  status,
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("State", "Whether devices were given, and to whom they are promised."),
    AGE_COLUMN,
  ],
  row: (claim, nowMs) => [nameOf(claim), stateText(claim), ageOf(claim, nowMs)],
};

function withDefaults(claim: ResourceClaim): ResourceClaim {
  const { allocation } = claim.status;
  return {
    ...claim,
    spec: withClaimDefaults(claim.spec),
    status: {
      ...claim.status,
      ...(allocation === undefined ? {} : { allocation: withAllocationDefaults(allocation) }),
    },
  };
}

function withAllocationDefaults(allocation: AllocationResult): AllocationResult {
  const { devices = {} } = allocation;
  const { results } = devices;
  if (results === undefined) return { ...allocation, devices };
  return {
    ...allocation,
    devices: {
      ...devices,
      results: results.map((result) => {
        const { tolerations } = result;
        if (tolerations === undefined) return result;
        return { ...result, tolerations: tolerations.map(withTolerationDefaults) };
      }),
    },
  };
}

/** What drivers report of devices that were given back goes with them. */
function withoutFreed(next: ResourceClaimStatus, old: ResourceClaimStatus): ResourceClaimStatus {
  const { devices, ...rest } = next;
  if (devices === undefined) return next;
  const held = new Set((next.allocation?.devices?.results ?? []).map(deviceId));
  const freed = new Set(
    (old.allocation?.devices?.results ?? []).map(deviceId).filter((id) => !held.has(id)),
  );
  const kept = devices.filter((device) => !freed.has(deviceId(device)));
  return kept.length === 0 ? rest : { ...rest, devices: kept };
}

function stateText({ metadata, status: { allocation, reservedFor = [] } }: ResourceClaim): string {
  const isGoing = metadata.deletionTimestamp !== undefined;
  const states = [
    ...(isGoing ? ["deleted"] : []),
    ...(allocation === undefined && !isGoing ? ["pending"] : []),
    ...(allocation === undefined ? [] : ["allocated"]),
    ...(allocation !== undefined && reservedFor.length > 0 ? ["reserved"] : []),
  ];
  return states.join(",");
}
