/**
 * The owner of an object's replicas as the Scale of the object tells it, and back. A Scale has one
 * field that can be owned; whoever owns the field behind it owns that one.
 */
import type { ManagedFieldsEntry } from "../../machinery/object.ts";
import { difference, fieldSetOf, hasField, isEmptySet, namedFields } from "./field-set.ts";
import { decodeManaged, encodeManaged, UNMANAGED, type Managed } from "./managed-fields.ts";
import type { FieldPath } from "./path-element.ts";
import type { VersionedSet } from "./updater.ts";

/** Where the replicas of an object are in each of its versions; null: the version has none. */
export type ReplicasPaths = ReadonlyMap<string, FieldPath | null>;

const SCALE_VERSION = "autoscaling/v1";
const SCALE_FIELDS = namedFields([["spec", "replicas"]]);

/** Entries of the Scale, from those of the object. */
export function scaleEntries(
  parent: readonly ManagedFieldsEntry[],
  paths: ReplicasPaths,
): readonly ManagedFieldsEntry[] {
  const { managers, times } = managedOf(parent);
  const owners = new Map<string, VersionedSet>();
  for (const [manager, owned] of managers) {
    const path = paths.get(owned.apiVersion) ?? null;
    if (path === null || !hasField(owned.set, path)) continue;
    owners.set(manager, { ...owned, set: SCALE_FIELDS, apiVersion: SCALE_VERSION });
  }
  return encodeManaged({ managers: owners, times });
}

/** Entries of the object in `apiVersion`, after a write to its Scale left `scale`. */
export function parentEntries(
  parent: readonly ManagedFieldsEntry[],
  scale: readonly ManagedFieldsEntry[],
  apiVersion: string,
  paths: ReplicasPaths,
): readonly ManagedFieldsEntry[] {
  const { managers, times } = managedOf(parent);
  const remaining = new Map(managedOf(scale).managers);
  const owners = new Map<string, VersionedSet>();
  for (const [manager, owned] of managers) {
    const path = paths.get(owned.apiVersion);
    if (path === undefined) continue; // a version that is gone
    const isOwner = path !== null && hasField(owned.set, path);
    if (!isOwner || remaining.delete(manager)) {
      owners.set(manager, owned);
      continue;
    }
    const set = difference(owned.set, fieldSetOf(path));
    if (!isEmptySet(set)) owners.set(manager, { ...owned, set });
  }
  const path = paths.get(apiVersion) ?? null;
  if (path === null) return encodeManaged({ managers: owners, times });
  for (const [manager, owned] of remaining) {
    if (!hasField(owned.set, ["f:spec", "f:replicas"])) continue;
    owners.set(manager, { ...owned, set: fieldSetOf(path), apiVersion });
  }
  return encodeManaged({ managers: owners, times });
}

/** Entries that cannot be read own nothing. */
function managedOf(entries: readonly ManagedFieldsEntry[]): Managed {
  const decoded = decodeManaged(entries, "stored");
  return decoded.kind === "managed" ? decoded.managed : UNMANAGED;
}
