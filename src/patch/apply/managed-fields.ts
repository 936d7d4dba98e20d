/**
 * `metadata.managedFields` as values: the entries of an object as a map of owners and back. An
 * owner is identified by manager, operation and subresource, and an updater by its version besides:
 * an applier is the same one whatever version it applies in.
 */
import { parseApiTime } from "../../machinery/api-time.ts";
import { isFields, own, type ManagedFieldsEntry } from "../../machinery/object.ts";
import { NO_FIELDS, union } from "./field-set.ts";
import { decodeFieldSet, encodeFieldSet, type FieldsOrigin } from "./fields-v1.ts";
import { compareBytes } from "./path-element.ts";
import type { Managers, VersionedSet } from "./updater.ts";

/** The owners of an object's fields, and when each last changed something. */
export type Managed = {
  readonly managers: Managers;
  /** RFC 3339, by manager identifier; appliers that changed nothing may have none. */
  readonly times: ReadonlyMap<string, string>;
};

export const UNMANAGED: Managed = { managers: new Map(), times: new Map() };

/** What makes an owner. */
export type ManagerIdentity = {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
};

export type DecodedManaged =
  | { readonly kind: "managed"; readonly managed: Managed }
  | { readonly kind: "malformed"; readonly problem: string };

/** Owners from updates that are kept apart; older ones are merged. */
export const UPDATE_MANAGERS_MAX = 10;

/** The owner that older ones are merged into. */
export const ANCIENT_CHANGES = "ancient-changes";

/** A text that is equal exactly for equal owners; refusals are sorted by it. */
export function managerIdentifier(identity: ManagerIdentity): string {
  const { manager, operation, apiVersion, subresource } = identity;
  const name = manager === "" ? "" : `"manager":${JSON.stringify(manager)},`;
  const version = operation === "Apply" ? "" : `,"apiVersion":${JSON.stringify(apiVersion)}`;
  const part = subresource === "" ? "" : `,"subresource":${JSON.stringify(subresource)}`;
  return `{${name}"operation":"${operation}"${version}${part}}`;
}

/** Identifiers of which it is known whose they are; beyond that many they are read anew. */
const IDENTITIES_MAX = 1_000;
const identities = new Map<string, ManagerIdentity>();

/** The inverse of `managerIdentifier`. */
export function identityOf(identifier: string): ManagerIdentity {
  const known = identities.get(identifier);
  if (known !== undefined) return known;
  if (identities.size >= IDENTITIES_MAX) identities.clear();
  const identity = readIdentity(identifier);
  identities.set(identifier, identity);
  return identity;
}

function readIdentity(identifier: string): ManagerIdentity {
  const fields: unknown = JSON.parse(identifier);
  const textOf = (name: string): string => {
    const value = isFields(fields) ? own(fields, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return {
    manager: textOf("manager"),
    operation: textOf("operation") === "Apply" ? "Apply" : "Update",
    apiVersion: textOf("apiVersion"),
    subresource: textOf("subresource"),
  };
}

/** Reads entries; those that were sent may be anything of their type. */
export function decodeManaged(
  entries: readonly ManagedFieldsEntry[],
  origin: FieldsOrigin,
): DecodedManaged {
  const managers = new Map<string, VersionedSet>();
  const times = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const problem = entryProblem(entry, index);
    if (problem !== undefined) return { kind: "malformed", problem };
    const { manager = "", apiVersion = "", subresource = "", time } = entry;
    const isApplied = entry.operation === "Apply";
    const operation = isApplied ? "Apply" : "Update";
    const identifier = managerIdentifier({ manager, operation, apiVersion, subresource });
    const fields = decodeFieldSet(entry.fieldsV1, origin);
    if (fields.kind === "malformed") {
      return { kind: "malformed", problem: `error decoding set: ${fields.problem}` };
    }
    managers.set(identifier, { set: fields.set, apiVersion, isApplied });
    if (time !== undefined) times.set(identifier, time);
    else times.delete(identifier);
  }
  return { kind: "managed", managed: { managers, times } };
}

/** The entries of an object, in upstream's order. */
export function encodeManaged(managed: Managed): readonly ManagedFieldsEntry[] {
  const entries = [...managed.managers].map(([identifier, owned]): ManagedFieldsEntry => {
    const { manager, operation, subresource } = identityOf(identifier);
    const time = managed.times.get(identifier);
    return {
      ...(manager === "" ? {} : { manager }),
      operation: owned.isApplied ? "Apply" : operation,
      apiVersion: owned.apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: "FieldsV1",
      fieldsV1: encodeFieldSet(owned.set),
      ...(subresource === "" ? {} : { subresource }),
    };
  });
  return entries.sort(compareEntries);
}

/** Whether a client asks to forget all owners: an empty list, or one empty entry. */
export function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [first] = entries;
  if (first === undefined) return true;
  return entries.length === 1 && Object.values(first).every(isZero);
}

/** `managed` with the oldest updaters merged, so that `UPDATE_MANAGERS_MAX` are left. */
export function capUpdateManagers(managed: Managed): Managed {
  if (managed.managers.size <= UPDATE_MANAGERS_MAX) return managed;
  const updaters = [...managed.managers.entries()].filter(([, { isApplied }]) => !isApplied);
  if (updaters.length <= UPDATE_MANAGERS_MAX) return managed;
  const managers = new Map(managed.managers);
  const times = new Map(managed.times);
  const age = (identifier: string): number => secondsOf(managed.times.get(identifier));
  const oldestFirst = updaters
    .map(([identifier]) => identifier)
    .sort((a, b) => age(a) - age(b) || compareBytes(a, b));
  const firstByVersion = new Map<string, string>();
  let count = updaters.length;
  for (const identifier of oldestFirst) {
    if (count <= UPDATE_MANAGERS_MAX) break;
    const owned = managers.get(identifier);
    if (owned === undefined) continue; // it became the merged entry
    const { apiVersion } = owned;
    const first = firstByVersion.get(apiVersion);
    if (first === undefined) {
      firstByVersion.set(apiVersion, identifier);
      continue;
    }
    const operation = "Update";
    const bucket = managerIdentifier({
      manager: ANCIENT_CHANGES,
      operation,
      apiVersion,
      subresource: "",
    });
    if (bucket === identifier) continue;
    const before = managers.get(bucket) ?? takeAway(managers, first);
    managers.set(bucket, { ...owned, set: union(owned.set, before.set) });
    managers.delete(identifier);
    count -= 1;
    const time = times.get(identifier);
    if (time !== undefined) times.set(bucket, time);
  }
  return { managers, times };
}

function takeAway(managers: Map<string, VersionedSet>, identifier: string): VersionedSet {
  const owned = managers.get(identifier);
  managers.delete(identifier);
  return owned ?? { set: NO_FIELDS, apiVersion: "", isApplied: false };
}

function entryProblem(entry: ManagedFieldsEntry, index: number): string | undefined {
  const { operation = "", apiVersion = "", fieldsType = "" } = entry;
  if (operation !== "Apply" && operation !== "Update") {
    return "operation must be `Apply` or `Update`";
  }
  if (apiVersion === "") return "apiVersion must not be empty";
  if (fieldsType === "") return `missing fieldsType in managed fields entry ${index}`;
  if (fieldsType === "FieldsV1") return undefined;
  return `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`;
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareBytes(a.operation ?? "", b.operation ?? "") ||
    secondsOf(a.time) - secondsOf(b.time) ||
    compareBytes(a.manager ?? "", b.manager ?? "") ||
    compareBytes(a.apiVersion ?? "", b.apiVersion ?? "") ||
    compareBytes(a.subresource ?? "", b.subresource ?? "")
  );
}

function secondsOf(time: string | undefined): number {
  if (time === undefined) return 0;
  const ms = parseApiTime(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1_000);
}

function isZero(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
