/**
 * Who owns what after a write, and what an applied configuration makes of an object.
 *
 * - An update gives its manager every field it changed, and takes these from all others.
 * - An apply gives its manager exactly the fields of the configuration. Fields it owned before and
 *   does not name any more are removed, unless somebody else owns them, too. Changing what others
 *   own is a conflict; `isForced` takes it from them.
 *
 * Managers record fields in versions of their own. Where one differs from the version of the
 * request, objects must be converted, and that may take a network call: these functions are
 * generators that yield what is to be converted and are resumed with the outcome, so that all
 * decisions stay here and all waiting stays with the caller.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { ManagerError } from "./manager-error.ts";
import { compareValues, type Comparison } from "./compare.ts";
import {
  difference,
  intersection,
  isEmptySet,
  NO_FIELDS,
  union,
  type FieldSet,
} from "./field-set.ts";
import { removeItems } from "./items.ts";
import { mergeValues } from "./merge.ts";
import { reconciledWithSchema, withNamedFields } from "./schema-fields.ts";
import { toFieldSet } from "./to-field-set.ts";
import type { TypedValue } from "./typed-value.ts";
import { problemsText } from "./validate.ts";

/** Fields in the version in which their manager wrote. */
export type VersionedSet = {
  readonly set: FieldSet;
  readonly apiVersion: string;
  readonly isApplied: boolean;
};

/** By manager identifier. */
export type Managers = ReadonlyMap<string, VersionedSet>;

/** Which fields of a comparison or configuration count at an endpoint. */
export type FieldFilter = (set: FieldSet) => FieldSet;

/** The filter of each version; undefined: all fields count. */
export type FieldFilters = (apiVersion: string) => FieldFilter | undefined;

/** What a generator asks for: the object in another version; undefined if there is none. */
export type ConversionRequest = { readonly object: TypedValue; readonly apiVersion: string };

/** A computation that may have to wait for conversions. */
export type Converting<T> = Generator<ConversionRequest, T, TypedValue | undefined>;

export type Write = {
  readonly live: TypedValue;
  readonly managers: Managers;
  /** Identifier of who writes. */
  readonly manager: string;
  readonly filters: FieldFilters;
};

export type Applied =
  | {
      readonly kind: "applied";
      /** Undefined: the object is what it was. */
      readonly value: unknown;
      readonly managers: Managers;
    }
  | { readonly kind: "conflicts"; readonly conflicts: ReadonlyMap<string, FieldSet> };

/** The owners after `next` took the place of the live object. Throws a `ManagerError`. */
export function* update(write: Write, next: TypedValue): Converting<Managers> {
  const { live, manager, filters } = write;
  const { apiVersion } = next;
  const managers = yield* reconciled(live, write.managers);
  const change = { live, next, managers, manager, filters };
  const { shared, comparison } = yield* shareOut(change);
  const { removed, modified, added } = comparison;
  const owned = managers.get(manager)?.set ?? NO_FIELDS;
  const set = union(union(difference(owned, removed), modified), added);
  const counted = filters(apiVersion)?.(set) ?? set;
  const owners = new Map(shared);
  owners.delete(manager);
  if (!isEmptySet(counted)) owners.set(manager, { set: counted, apiVersion, isApplied: false });
  return owners;
}

/** The object with `config` applied, and its owners. Throws a `ManagerError`. */
export function* apply(
  write: Write & { readonly isForced: boolean },
  config: TypedValue,
): Converting<Applied> {
  const { live, manager, filters } = write;
  const { apiVersion } = config;
  const managers = new Map(yield* reconciled(live, write.managers));
  const merged = mergeValues(live.value, config.value, config.atom);
  if (merged.kind === "problems") {
    throw new ManagerError(`failed to merge config: ${problemsText(merged.problems)}`);
  }
  const last = managers.get(manager);
  const named = toFieldSet(config.value, config.atom);
  const set = filters(apiVersion)?.(named) ?? named;
  managers.set(manager, { set, apiVersion, isApplied: true });
  const whole = { ...config, value: merged.value };
  const isKept = last?.apiVersion === apiVersion && isEmptySet(difference(last.set, set));
  const next = isKept ? whole : yield* pruned(whole, managers, last, apiVersion);
  const { shared, conflicts } = yield* shareOut({ live, next, managers, manager, filters });
  if (!write.isForced && conflicts.size > 0) return { kind: "conflicts", conflicts };
  const isSame = live.value === next.value || equalValues(live.value, next.value);
  return { kind: "applied", value: isSame ? undefined : next.value, managers: shared };
}

/** Owners in the light of the schemas as they are now; those of versions that are gone are gone. */
function* reconciled(live: TypedValue, managers: Managers): Converting<Managers> {
  const kept = new Map<string, VersionedSet>();
  for (const [manager, owned] of managers) {
    const object = yield* converted(live, owned.apiVersion);
    if (object === undefined) continue;
    const set = reconciledWithSchema(owned.set, object.atom);
    kept.set(manager, set === owned.set ? owned : { ...owned, set });
  }
  return kept;
}

type Change = Omit<Write, "managers"> & {
  readonly next: TypedValue;
  readonly managers: Managers;
};

type Shared = {
  /** All owners, without what the change took from them. */
  readonly shared: Managers;
  /** What it took from owners by changing it, in the versions of these. */
  readonly conflicts: ReadonlyMap<string, FieldSet>;
  /** In the version of the change. */
  readonly comparison: Comparison;
};

/** Takes from all others what changed. */
function* shareOut(change: Change): Converting<Shared> {
  const { live, next, managers, manager: writer, filters } = change;
  const own = comparisonOf(live, next, filters);
  const comparisons = new Map<string, Comparison | undefined>([[next.apiVersion, own]]);
  const conflicts = new Map<string, FieldSet>();
  const shared = new Map<string, VersionedSet>();
  for (const [manager, owned] of managers) {
    const { apiVersion, set } = owned;
    if (manager === writer) {
      if (!isEmptySet(set)) shared.set(manager, owned);
      continue;
    }
    if (!comparisons.has(apiVersion)) {
      const before = yield* converted(live, apiVersion);
      const after = before === undefined ? undefined : yield* converted(next, apiVersion);
      const isServed = before !== undefined && after !== undefined;
      comparisons.set(apiVersion, isServed ? comparisonOf(before, after, filters) : undefined);
    }
    const comparison = comparisons.get(apiVersion);
    if (comparison === undefined) continue; // a version that is served no longer
    const { removed, modified, added } = comparison;
    const taken = union(intersection(set, modified), intersection(set, added));
    if (!isEmptySet(taken)) conflicts.set(manager, taken);
    const kept = difference(difference(set, taken), removed);
    if (!isEmptySet(kept)) shared.set(manager, kept === set ? owned : { ...owned, set: kept });
  }
  return { shared, conflicts, comparison: own };
}

function comparisonOf(before: TypedValue, after: TypedValue, filters: FieldFilters): Comparison {
  const compared = compareValues(before.value, after.value, after.atom);
  if (compared.kind === "problems") {
    throw new ManagerError(`failed to compare objects: ${problemsText(compared.problems)}`);
  }
  const { comparison } = compared;
  const filter = filters(after.apiVersion);
  if (filter === undefined) return comparison;
  const { removed, modified, added } = comparison;
  return { removed: filter(removed), modified: filter(modified), added: filter(added) };
}

/** `merged` without what its manager applied last time and not now, and nobody else owns. */
function* pruned(
  merged: TypedValue,
  managers: Managers,
  last: VersionedSet | undefined,
  apiVersion: string,
): Converting<TypedValue> {
  if (last === undefined || isEmptySet(last.set)) return merged;
  const whole = yield* converted(merged, last.apiVersion);
  if (whole === undefined) return merged;
  const bare = without(whole, withNamedFields(last.set, whole.atom));
  const kept = yield* withOwned(whole, bare, managers);
  const complete = yield* withNeverOwned(whole, kept, last);
  return (yield* converted(complete, apiVersion)) ?? merged;
}

/** Puts back what any manager owns, the present one with its new configuration included. */
function* withOwned(
  merged: TypedValue,
  bare: TypedValue,
  managers: Managers,
): Converting<TypedValue> {
  const owned = new Map<string, FieldSet>([[bare.apiVersion, NO_FIELDS]]); // this version first
  for (const { set, apiVersion } of managers.values()) {
    owned.set(apiVersion, union(owned.get(apiVersion) ?? NO_FIELDS, set));
  }
  let kept = bare;
  for (const [apiVersion, set] of owned) {
    const whole = yield* converted(merged, apiVersion);
    const part = whole === undefined ? undefined : yield* converted(kept, apiVersion);
    if (whole === undefined || part === undefined) continue;
    const { atom } = whole;
    const all = withNamedFields(toFieldSet(whole.value, atom), atom);
    const there = withNamedFields(toFieldSet(part.value, atom), atom);
    kept = without(whole, difference(all, union(there, withNamedFields(set, atom))));
  }
  return kept;
}

/** Puts back what was removed along with something, though its manager did not own it before. */
function* withNeverOwned(
  merged: TypedValue,
  kept: TypedValue,
  last: VersionedSet,
): Converting<TypedValue> {
  const part = yield* converted(kept, last.apiVersion);
  if (part === undefined) return merged;
  const { atom } = merged;
  const there = withNamedFields(toFieldSet(part.value, atom), atom);
  const all = withNamedFields(toFieldSet(merged.value, atom), atom);
  const gone = intersection(difference(all, there), withNamedFields(last.set, atom));
  return without(merged, gone);
}

function without(object: TypedValue, items: FieldSet): TypedValue {
  return { ...object, value: removeItems(object.value, items, object.atom) };
}

/** The object in a version; undefined if there is no such version. */
function* converted(object: TypedValue, apiVersion: string): Converting<TypedValue | undefined> {
  return object.apiVersion === apiVersion ? object : yield { object, apiVersion };
}
