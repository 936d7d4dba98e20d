/**
 * What a write makes of the owners of an object's fields: everything around `updater.ts` that is
 * true of all kinds. Objects come without managedFields here; owners come and go as `Managed`.
 */
import { parseExactly } from "../../machinery/codec/exact-json.ts";
import { isDeeperThan, VALUE_DEPTH_MAX } from "../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { compareValues } from "./compare.ts";
import { conflictsOf } from "./conflicts.ts";
import {
  difference,
  hasField,
  isEmptySet,
  namedFields,
  union,
  type FieldSet,
} from "./field-set.ts";
import {
  capUpdateManagers,
  managerIdentifier,
  type Managed,
  type ManagerIdentity,
} from "./managed-fields.ts";
import { toFieldSet } from "./to-field-set.ts";
import type { TypedValue } from "./typed-value.ts";
import {
  apply,
  update,
  type Applied,
  type Converting,
  type FieldFilters,
  type Managers,
} from "./updater.ts";
import { typeProblems } from "./validate.ts";

/** Who writes what is there, and how. */
export type FieldWrite = {
  readonly live: TypedValue;
  readonly managed: Managed;
  readonly identity: Omit<ManagerIdentity, "operation">;
  readonly filters: FieldFilters;
  /** The time of the write, RFC 3339 in whole seconds. */
  readonly time: string;
};

export type ApplyWrite = FieldWrite & {
  readonly config: TypedValue;
  readonly isForced: boolean;
  /** What the object was before there was one; for objects whose fields have no owners yet. */
  readonly zero: TypedValue;
};

export type ApplyOutcome =
  | {
      readonly kind: "applied";
      /** Undefined: the object is what it was. */
      readonly value: unknown;
      readonly managed: Managed;
    }
  | { readonly kind: "conflicts"; readonly conflicts: ReadonlyMap<string, FieldSet> };

/** The manager that field ownership is kept for, and the annotation it wrote before that. */
export const KUBECTL = "kubectl";
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Owner of all that was there before the first apply to an object without owners. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/** Stands for the updater until it is known whether it changed anything. */
const SELF = "current-operation";

/** Fields that belong to the server, or to nobody. */
const NEVER_OWNED: FieldSet = namedFields([
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((field) => ["metadata", field]),
]);

/** The owners after `next` took the place of the live object. Throws a `ManagerError`. */
export function* trackUpdate(write: FieldWrite, next: TypedValue): Converting<Managed> {
  const { live, managed, filters, time } = write;
  const before = managed.managers;
  const managers = new Map(yield* update({ live, managers: before, manager: SELF, filters }, next));
  const taken = managers.get(SELF);
  managers.delete(SELF);
  const set = taken === undefined ? undefined : difference(taken.set, NEVER_OWNED);
  if (taken === undefined || set === undefined || isEmptySet(set)) {
    return { managers, times: managed.times };
  }
  const manager = managerIdentifier({ ...write.identity, operation: "Update" });
  const earlier = managers.get(manager);
  managers.set(manager, {
    ...taken,
    set: earlier === undefined ? set : union(set, earlier.set),
  });
  return capUpdateManagers({ managers, times: new Map([...managed.times, [manager, time]]) });
}

/** The object with the configuration applied, and its owners. Throws a `ManagerError`. */
export function* trackApply(write: ApplyWrite): Converting<ApplyOutcome> {
  const managed = yield* firstOwners(write);
  const applied = yield* applyOwned(write, managed, write.isForced);
  if (applied.kind === "applied" || write.identity.manager !== KUBECTL) return applied;
  // What kubectl applied from the client's side is its own; other conflicts remain.
  const allowed = lastApplied(write.live);
  if (allowed === undefined) return applied;
  const conflicts = conflictsOf(applied.conflicts);
  const isAllowed = conflicts.every(({ path }) => hasField(allowed, path));
  if (isAllowed) return yield* applyOwned(write, managed, true);
  const remaining = [...applied.conflicts]
    .map(([manager, set]) => [manager, difference(set, allowed)] as const)
    .filter(([, set]) => !isEmptySet(set));
  return { kind: "conflicts", conflicts: new Map(remaining) };
}

function* applyOwned(
  write: ApplyWrite,
  managed: Managed,
  isForced: boolean,
): Converting<ApplyOutcome> {
  const { live, filters, config, time } = write;
  const manager = managerIdentifier({ ...write.identity, operation: "Apply" });
  const outcome: Applied = yield* apply(
    { live, managers: managed.managers, manager, filters, isForced },
    config,
  );
  if (outcome.kind === "conflicts") return outcome;
  const managers = withoutNeverOwned(outcome.managers, manager);
  const isChanged = outcome.value !== undefined;
  const times = isChanged ? new Map([...managed.times, [manager, time]]) : managed.times;
  return { kind: "applied", value: outcome.value, managed: { managers, times } };
}

/** All that an object without owners has belongs to one that is called `before-first-apply`. */
function* firstOwners(write: ApplyWrite): Converting<Managed> {
  if (write.managed.managers.size > 0) return write.managed;
  const identity = { ...write.identity, manager: BEFORE_FIRST_APPLY };
  return yield* trackUpdate({ ...write, live: write.zero, identity }, write.live);
}

function withoutNeverOwned(managers: Managers, manager: string): Managers {
  const owned = managers.get(manager);
  if (owned === undefined) return managers;
  const set = difference(owned.set, NEVER_OWNED);
  const kept = new Map(managers);
  if (isEmptySet(set)) kept.delete(manager);
  else kept.set(manager, { ...owned, set });
  return kept;
}

/** Fields that still are what kubectl's client-side apply made them; undefined if it made none. */
function lastApplied(live: TypedValue): FieldSet | undefined {
  const { atom, apiVersion } = live;
  const text = lastAppliedText(live.value);
  const value = text === undefined ? undefined : parsed(text);
  if (!isFields(value) || own(value, "apiVersion") !== apiVersion) return undefined;
  if (typeProblems({ value, atom, apiVersion }).length > 0) return undefined;
  const compared = compareValues(value, live.value, atom);
  if (compared.kind === "problems") return undefined;
  const { removed, modified, added } = compared.comparison;
  return difference(difference(difference(toFieldSet(value, atom), modified), added), removed);
}

/** The annotation kubectl's client-side apply leaves; undefined if there is none. */
export function lastAppliedText(object: unknown): string | undefined {
  const text = fieldAt(fieldAt(fieldAt(object, "metadata"), "annotations"), LAST_APPLIED);
  return typeof text === "string" && text !== "" ? text : undefined;
}

function fieldAt(value: unknown, name: string): unknown {
  return isFields(value) ? own(value, name) : undefined;
}

function parsed(text: string): Fields | undefined {
  try {
    const value = parseExactly(text);
    return isFields(value) && !isDeeperThan(value, VALUE_DEPTH_MAX) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
