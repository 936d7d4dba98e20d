/**
 * What the views of a manager say of their health: each kind by its name, and why one that is not
 * synced is not, with what to do about it. A kind that may not be listed, or is not served, keeps a
 * manager waiting; here it says for what.
 */
import { errorText } from "../../base/error-text.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { TransportError } from "../../client/transport.ts";
import type { InformerStatus } from "../../informer/informer-status.ts";
import { groupResource } from "../../machinery/gvk.ts";
import { isStatus } from "../../machinery/status.ts";
import type { HealthCheck } from "./health.ts";
import { isAway, troubleOf, type Trouble } from "./start-wait.ts";

/** Views that have not had their first list within the time they are given. */
export class ViewsNotSyncedError extends Error {
  override readonly name = "ViewsNotSyncedError";

  constructor(withinMs: number, statuses: readonly InformerStatus[]) {
    const late = viewChecks(statuses).filter(({ isOk }) => !isOk);
    const lines = late.map(({ name, state }) => `  - ${name}: ${state}`);
    super([`the informers have not synced within ${withinMs} ms:`, ...lines].join("\n"));
  }
}

/**
 * A check for each view. One that was synced stays ok while the server is away, however old it is:
 * taking a process out of service brings no server back.
 */
export function viewChecks(statuses: readonly InformerStatus[]): readonly HealthCheck[] {
  return statuses.map((status) => ({
    name: `view of ${groupResource(status.type)}`,
    isOk: status.hasSynced,
    state: stateOf(status),
  }));
}

/** Which views are waited for in vain, as one; undefined if none has failed. */
export function viewTrouble(statuses: readonly InformerStatus[]): Trouble | undefined {
  const late = statuses.filter(({ hasSynced }) => !hasSynced);
  const failed = late.find(({ lastError }) => lastError !== undefined);
  if (failed === undefined) return undefined;
  const { lastError, type } = failed;
  const others = late.length === 1 ? "" : ` (and ${late.length - 1} more)`;
  const { why, hint } = isAway(lastError)
    ? troubleOf(lastError)
    : { why: reasonOf(type, lastError), hint: "It is tried again by itself: mend it there" };
  return { why: `${groupResource(type)}${others}: ${why}`, hint };
}

function stateOf({ type, hasSynced, lastError, freshness }: InformerStatus): string {
  const reason = lastError === undefined ? undefined : reasonOf(type, lastError);
  if (!hasSynced) return reason === undefined ? "waits for its first list" : reason;
  if (reason === undefined) return "synced";
  const silentSeconds = Math.round((freshness.silentMs ?? 0) / 1_000);
  return `synced, but heard nothing for ${silentSeconds} s: ${reason}`;
}

function reasonOf(type: ResourceType, error: unknown): string {
  const what = groupResource(type);
  const detail = errorText(error);
  if (isStatus(error, "Forbidden")) {
    return (
      `this program may not list and watch ${what}: bind its user to a role that allows it ` +
      `(\`setpoint generate rbac\` prints one). The server says: ${detail}`
    );
  }
  if (isStatus(error, "Unauthorized")) {
    return `the server does not accept the credentials of this program: ${detail}`;
  }
  if (isStatus(error, "NotFound")) {
    return `the server does not serve ${what}: install its definition. The server says: ${detail}`;
  }
  if (error instanceof TransportError) return `the server is not reached: ${detail}`;
  return detail;
}
