/** What most kinds do alike, to be spread into a strategy before what is its own. */
import { equalValues } from "../machinery/json-value.ts";
import type { ApiObject, ObjectMeta } from "../machinery/object.ts";
import type { FieldError } from "../machinery/status.ts";
import { IMMUTABLE, invalid } from "./field-errors.ts";
import { goStruct, type GoStruct } from "./go-struct.ts";
import type { SubresourceStrategy } from "./strategy.ts";

type OrdinaryParts = {
  readonly hasGeneration: false;
  readonly isCreatedByUpdate: false;
  readonly isUpdatedUnconditionally: true;
  readonly prepareForCreate: <T>(object: T) => T;
  readonly prepareForUpdate: <T>(next: T) => T;
  readonly validateUpdate: () => readonly FieldError[];
  readonly isReturnedWhenDeleted: false;
  readonly isCollectionDeletable: true;
  readonly fieldSelectors: Readonly<Record<string, never>>;
};

/** No status, no generation, nothing that cannot change, no field selectors. */
export const ORDINARY: OrdinaryParts = {
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  prepareForCreate: (object) => object,
  prepareForUpdate: (next) => next,
  validateUpdate: () => [],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
};

type WithStatus = ApiObject & { readonly spec: unknown; readonly status: unknown };

/** `next` with the status of `old`: what the main endpoint of a kind with a status keeps. */
export function keepStatus<T extends WithStatus>(next: T, old: T): T {
  return { ...next, status: old.status };
}

/** A status endpoint that covers the status, and whatever of metadata an update may change. */
export function statusPart<T extends WithStatus>(
  validateUpdate: (next: T, old: T) => readonly FieldError[] = () => [],
): SubresourceStrategy<T> {
  return { prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }), validateUpdate };
}

/** A status endpoint that covers the status alone: labels and the like stay as they were. */
export function strictStatusPart<T extends WithStatus>(
  validateUpdate: (next: T, old: T) => readonly FieldError[] = () => [],
): SubresourceStrategy<T> {
  return {
    prepareForUpdate: (next, old) => ({
      ...next,
      metadata: keepMetadata(next.metadata, old.metadata),
      spec: old.spec,
    }),
    validateUpdate,
  };
}

/** `next` with everything people write from `old`. */
export function keepMetadata(next: ObjectMeta, old: ObjectMeta): ObjectMeta {
  const {
    labels: _labels,
    annotations: _annotations,
    finalizers: _finalizers,
    ownerReferences: _ownerReferences,
    ...rest
  } = next;
  const { labels, annotations, finalizers, ownerReferences } = old;
  return {
    ...rest,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
}

/** Refuses any change of a field, shown as the struct that it is upstream. */
export function immutableStructErrors(
  field: string,
  next: unknown,
  old: unknown,
  struct: GoStruct,
): readonly FieldError[] {
  if (equalValues(next, old)) return [];
  return [invalid(field, next === undefined ? null : goStruct(next, struct), IMMUTABLE)];
}

/** Refuses any change of a field, shown as what was sent. */
export function immutableErrors(field: string, next: unknown, old: unknown): readonly FieldError[] {
  return equalValues(next, old) ? [] : [invalid(field, next ?? null, IMMUTABLE)];
}
