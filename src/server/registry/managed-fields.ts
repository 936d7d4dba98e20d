/**
 * Keeps `metadata.managedFields` up to date: whoever changes a field owns it from then on.
 * Ownership is bookkeeping: when it cannot be told (a conversion fails), nobody owns anything any
 * more, and the write goes on all the same.
 */
import { apiTime } from "../../machinery/api-time.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { ApiObject, ManagedFieldsEntry } from "../../machinery/object.ts";
import { StatusError } from "../../machinery/status.ts";
import { trackUpdate } from "../../patch/apply/field-manager.ts";
import {
  decodeManaged,
  encodeManaged,
  isReset,
  UNMANAGED,
  type Managed,
} from "../../patch/apply/managed-fields.ts";
import { ManagerError } from "../../patch/apply/manager-error.ts";
import { typeProblems } from "../../patch/apply/validate.ts";
import { settled } from "./managed-fields-conversion.ts";
import { filtersOf, typedObject, zeroObject } from "./managed-fields-kinds.ts";
import type { Resource, Resources } from "./resource.ts";

type Entries = readonly ManagedFieldsEntry[];

export type TrackingDeps = { readonly env: Env; readonly resources: Resources };

/** Who writes to which endpoint of what. */
export type FieldWriter = {
  readonly resource: Resource;
  readonly subresource: string;
  /** "" is called `unknown`. */
  readonly manager: string;
};

/** A write whose owners are to be told. */
export type TrackedChange = {
  /** Undefined for a create. */
  readonly live: ApiObject | undefined;
  /** Defaulted; its own entries mean nothing here. */
  readonly next: ApiObject;
  /** Entries as the writer sent them; undefined if it sent none. */
  readonly sent: Entries | undefined;
};

/** Entries of the next state. */
export async function trackedEntries(
  change: TrackedChange,
  writer: FieldWriter,
  deps: TrackingDeps,
  context: Context,
): Promise<Entries> {
  const { live, next } = change;
  const { resource, subresource } = writer;
  const before = live?.metadata.managedFields ?? [];
  const { managed, isOwn } = ownersBefore(change, subresource);
  if (live !== undefined && managed.managers.size === 0) return []; // nobody began to track it
  // Writes to a Scale may have left two entries of one owner: they are one from now on.
  const isDistinct = managed.managers.size === before.length;
  if (live !== undefined && isOwn && isDistinct && isSameContent(live, next)) return before;
  const typedNext = typedObject(next, resource);
  if (resource.custom !== undefined && typeProblems(typedNext, "allowed").length > 0) return [];
  const computation = trackUpdate(
    {
      live: live === undefined ? zeroObject(resource) : typedObject(live, resource),
      managed,
      identity: identityOf(writer),
      filters: filtersOf(resource, subresource),
      time: apiTime(deps.env.clock.now()),
    },
    typedNext,
  );
  try {
    return encodeManaged(await settled(computation, resource, deps.resources, context));
  } catch (error) {
    if (error instanceof ManagerError || error instanceof StatusError) return [];
    throw error;
  }
}

/** The parts of an owner's identity that an endpoint gives. */
export function identityOf(writer: FieldWriter): {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource: string;
} {
  const { resource, subresource } = writer;
  const manager = writer.manager === "" ? "unknown" : writer.manager;
  return { manager, apiVersion: resource.apiVersion, subresource };
}

/** Whether two lists of entries tell the same, whenever it was. */
export function isSameOwnership(a: Entries, b: Entries): boolean {
  if (a === b) return true;
  const timeless = ({ time: _time, ...entry }: ManagedFieldsEntry): ManagedFieldsEntry => entry;
  return equalValues(a.map(timeless), b.map(timeless));
}

/** The entries admission left, in our spelling; those from before it if it broke them. */
export function admittedEntries(admitted: Entries, before: Entries): Entries {
  if (admitted === before || equalValues(admitted, before)) return before;
  const decoded = decodeManaged(admitted, "sent");
  return decoded.kind === "managed" ? encodeManaged(decoded.managed) : before;
}

/**
 * The owners a change starts from. A writer that understands them may change them at the main
 * endpoint, and one that sends none or none that can be read leaves them as they are.
 */
function ownersBefore(
  change: TrackedChange,
  subresource: string,
): { readonly managed: Managed; readonly isOwn: boolean } {
  const { live, sent } = change;
  const before = live?.metadata.managedFields ?? [];
  if (subresource === "" && sent !== undefined) {
    if (isReset(sent)) return { managed: UNMANAGED, isOwn: false };
    const isOwn = equalValues(sent, before);
    const decoded = isOwn ? undefined : decodeManaged(sent, "sent");
    if (decoded?.kind === "managed") return { managed: decoded.managed, isOwn };
  }
  const decoded = decodeManaged(before, "stored");
  return { managed: decoded.kind === "managed" ? decoded.managed : UNMANAGED, isOwn: true };
}

/** Whether two states differ in nothing but owners, and the version they were read at. */
function isSameContent(a: ApiObject, b: ApiObject): boolean {
  return equalValues(content(a), content(b));
}

function content(object: ApiObject): ApiObject {
  const { managedFields: _owners, resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}
