/**
 * What can be said of one object as it is: whether it is what it shall be, what it waits for, and
 * what happens next. Who judges reads the object and the events told of it, and nothing else; where
 * more is to be looked at, it names a lead.
 */
import type { ApiObject } from "../../../machinery/object.ts";
import type { ObjectName } from "../../facts.ts";

/** Something that happens by itself, or that somebody has to do. */
export type NextStep = {
  /** A clause: `the container is started again`. */
  readonly what: string;
  /** When, RFC 3339. Absent: it is not known, or does not depend on time. */
  readonly at?: string;
  /** Again and again, in milliseconds. */
  readonly everyMs?: number;
};

/** Where to look further. */
export type Lead =
  /** Objects that name this one as their owner. */
  | { readonly kind: "owned" }
  /** Objects of this namespace that are on their way out, and stay. */
  | { readonly kind: "leaving"; readonly namespace: string }
  /** Pods of its namespace with these labels. */
  | { readonly kind: "selected"; readonly labels: Readonly<Record<string, string>> }
  /** An object by its name. `isNeeded`: it is a problem if there is none. */
  | { readonly kind: "object"; readonly name: ObjectName; readonly isNeeded: boolean };

export type Judgement =
  | { readonly isReady: true; readonly text: string }
  | {
      readonly isReady: false;
      /** In one line: `1 of 3 pods is ready`. */
      readonly problem: string;
      /** Since when, RFC 3339. Absent: it is not told. */
      readonly since?: string;
      readonly next: readonly NextStep[];
      readonly leads: readonly Lead[];
    };

/** An `Event` of the API, as far as it is read here. */
export type ToldEvent = {
  readonly isWarning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly lastMs: number;
  /** When it was told first, and how often since. */
  readonly firstMs: number;
  readonly count: number;
};

export type Judge = (
  object: ApiObject,
  /** Told of the object, newest first. */
  events: readonly ToldEvent[],
  nowMs: number,
) => Judgement;

export function ready(text: string): Judgement {
  return { isReady: true, text };
}

export function notReady(
  problem: string,
  more: {
    readonly since?: string | undefined;
    readonly next?: readonly NextStep[];
    readonly leads?: readonly Lead[];
  } = {},
): Judgement {
  const { since, next = [], leads = [] } = more;
  return { isReady: false, problem, ...(since === undefined ? {} : { since }), next, leads };
}

export const OWNED: readonly Lead[] = [{ kind: "owned" }];
