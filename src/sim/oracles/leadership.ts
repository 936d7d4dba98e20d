/** Of several processes that share a lease one works: the one that holds it. */
import { own, type ApiObject } from "../../machinery/object.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import type { Invariant } from "./invariants.ts";
import type { Scene, Write } from "./oracle.ts";

/** A request is under way so long at most: what was sent by a leader may arrive when it is none. */
const UNDER_WAY_MS_MAX = 21_000;

/** Who leads, by the lease as it is stored, and since when. */
type Leader = { readonly actor: string; readonly sinceMs: number };

/**
 * @public Of these processes only the one that holds the lease writes. What was under way when
 * another took over may still arrive, for 21 s: no process can call it back. `simulate()` adds this
 * by itself for `leaderElection`; here it is for processes that lead in their own way.
 */
export function oneLeaderWrites(lease: ObjectKey, processes: readonly string[]): Invariant {
  const name = "one leader writes";
  return {
    name,
    make: () => {
      let leader: Leader | undefined;
      return {
        name,
        onWrite: (write: Write, { kernel }: Scene) => {
          if (isOf(lease, write)) {
            leader = leaderAfter(write, leader, kernel.nowMs);
            return undefined;
          }
          if (isSignOfLife(write) || !processes.includes(write.actor)) return undefined;
          const what = `${write.actor} wrote ${write.resource} ${nameOf(write)}`;
          if (leader === undefined) return `${what}, and nobody has ever led`;
          const { actor, sinceMs } = leader;
          const ms = kernel.nowMs - sinceMs;
          if (actor === write.actor || ms <= UNDER_WAY_MS_MAX) return undefined;
          return `${what}, and ${actor} has led by ${keyText(lease)} for ${ms / 1_000} s`;
        },
      };
    },
  };
}

/** One who lets go remains the one who may still have something under way. */
function leaderAfter(
  { actor, after }: Write,
  before: Leader | undefined,
  nowMs: number,
): Leader | undefined {
  if (after === undefined || holderOf(after) === "") return before;
  return before?.actor === actor ? before : { actor, sinceMs: nowMs };
}

function holderOf(lease: ApiObject): string {
  const spec: unknown = own({ ...lease }, "spec");
  const holder: unknown =
    typeof spec === "object" && spec !== null ? own({ ...spec }, "holderIdentity") : undefined;
  return typeof holder === "string" ? holder : "";
}

function isOf(lease: ObjectKey, { resource, before, after }: Write): boolean {
  const { namespace = "", name } = (after ?? before)?.metadata ?? {};
  return resource === "leases" && name === lease.name && namespace === lease.namespace;
}

function isSignOfLife({ resource }: Write): boolean {
  return resource === "leases" || resource === "events";
}

function nameOf({ before, after }: Write): string {
  const { namespace = "", name = "" } = (after ?? before)?.metadata ?? {};
  return namespace === "" ? name : `${namespace}/${name}`;
}
