/** Devices for administrators, whoever else uses them: only namespaces with a label get them. */
import { forbidden } from "../../field-errors.ts";
import type { NamespaceDemand } from "../../strategy.ts";
import type { DeviceClaim, ResourceClaimStatus } from "./types.generated.ts";

const LABEL = "resource.kubernetes.io/admin-access";

/** What a claim demands of its namespace. */
export function demandOfRequests({ requests }: DeviceClaim = {}): NamespaceDemand | undefined {
  const index = (requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true);
  return index < 0 ? undefined : demandAt(`spec.devices.requests[${index}]`);
}

/** What a new allocation does. */
export function demandOfResults(
  next: ResourceClaimStatus,
  old: ResourceClaimStatus,
): NamespaceDemand | undefined {
  const index = adminResult(next);
  if (index < 0 || adminResult(old) >= 0) return undefined;
  return demandAt(`status.allocation.devices.results[${index}]`);
}

function adminResult({ allocation }: ResourceClaimStatus): number {
  return (allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess === true);
}

function demandAt(path: string): NamespaceDemand {
  const detail =
    `admin access to devices requires the \`${LABEL}: true\` label on the containing ` +
    "namespace";
  return { label: LABEL, error: forbidden(`${path}.adminAccess`, detail) };
}
