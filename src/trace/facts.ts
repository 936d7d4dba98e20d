/**
 * What is known of the past, told in objects: what explanations are made of. The store knows keys
 * and bytes; whoever can read them as objects hands them on in this form.
 */
import { parseApiVersion } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { CauseRow } from "./cause.ts";

/** Values of fields are cut to this many UTF-16 code units. */
export const FIELD_TEXT_MAX = 200;

export type ObjectName = {
  readonly apiVersion: string;
  readonly kind: string;
  /** "" outside of any. */
  readonly namespace: string;
  readonly name: string;
};

/** `deletion-requested`: it has got a deletion timestamp, and something keeps it still. */
export type ChangeKind = "created" | "changed" | "deletion-requested" | "deleted";

/** A field that a change made different, with its values as short JSON; absent: there was none. */
export type FieldChange = {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
};

export type OwnerName = { readonly kind: string; readonly name: string; readonly uid: string };

/** One revision: what it did, to which object, and why. */
export type ChangeFact = {
  readonly revision: number;
  readonly object: ObjectName & { readonly uid: string };
  readonly what: ChangeKind;
  readonly owners: readonly OwnerName[];
  /** Of an object that was there before. */
  readonly fields: readonly FieldChange[];
  readonly cause: CauseRow;
  /** Absent: false. True: the asker may not read the object; its names and fields are left out. */
  readonly isHidden?: true;
  /**
   * Absent: false. True: it is the last change before what is kept. The object was there after it;
   * what it did to its fields is forgotten.
   */
  readonly isOlderThanKept?: true;
};

/** Recorded changes. What is older than the retention window is unknown. */
export interface Facts {
  /** The oldest and the newest revision that are known; 0 if there is none. */
  kept(): { readonly oldest: number; readonly newest: number };
  /** Undefined: forgotten, or not there yet. */
  change(revision: number): Promise<ChangeFact | undefined>;
  /** Changes of one object, and of earlier ones of its name, newest first. */
  history(object: ObjectName, limit: number): Promise<readonly ChangeFact[]>;
  /** An object as it is, or was last; undefined: that is not known. Absent: it never is. */
  lastState?(object: ObjectName): Promise<ApiObject | undefined>;
  /** The changes right before a revision, newest first. */
  before(revision: number, limit: number): Promise<readonly ChangeFact[]>;
  /**
   * The causes of all changes after a revision, oldest first, at most `limit`: to look for those
   * that one led to.
   */
  causesAfter(
    revision: number,
    limit: number,
  ): Promise<readonly { readonly revision: number; readonly cause: CauseRow }[]>;
}

/** `Pod default/web-1`. */
export function objectText({ kind, namespace, name }: ObjectName): string {
  return namespace === "" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Whether both name the same object, in whichever version of its group. */
export function isSameObject(a: ObjectName, b: ObjectName): boolean {
  return (
    parseApiVersion(a.apiVersion)?.group === parseApiVersion(b.apiVersion)?.group &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name
  );
}
