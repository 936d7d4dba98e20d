/**
 * What was written in a run, by key and by revision. The store is one sequence of revisions, so
 * whether an answer is true is looked up here: no search for an order that could explain it.
 */
import type { ApiObject } from "../../machinery/object.ts";
import { prefixOf, type LiveState } from "../world/state.ts";
import type { Write } from "./oracle.ts";

/** From its revision on there was this under the key, until the next one. */
export type Version = {
  readonly revision: number;
  /** Undefined: nothing. */
  readonly object: ApiObject | undefined;
};

/** A moment, or all moments between two: revisions of the newest write there was. */
export type Span = { readonly from: number; readonly to: number };

export class Past {
  readonly #state: LiveState;
  /** By resource and key, of what was written since the run began; ascending. */
  readonly #versions = new Map<string, Map<string, Version[]>>();
  /** By resource, ascending. */
  readonly #changes = new Map<string, Write[]>();

  constructor(state: LiveState) {
    this.#state = state;
  }

  take(write: Write): void {
    const { key, revision, before, beforeRevision, after } = write;
    const prefix = prefixOf(key);
    const versions = this.#versions.get(prefix) ?? new Map<string, Version[]>();
    this.#versions.set(prefix, versions);
    const known = versions.get(key) ?? baseOf(before, beforeRevision);
    known.push({ revision, object: after });
    versions.set(key, known);
    const changes = this.#changes.get(prefix);
    if (changes === undefined) this.#changes.set(prefix, [write]);
    else changes.push(write);
  }

  /** Of the newest write. */
  get revision(): number {
    return this.#state.revision;
  }

  /** What was written of a resource since the run began, in order. */
  changesOf(prefix: string): readonly Write[] {
    return this.#changes.get(prefix) ?? [];
  }

  /** What there was at that revision; undefined: nothing, or not yet. */
  versionAt(key: string, revision: number): Version | undefined {
    const found = this.#versionsOf(key).findLast((version) => version.revision <= revision);
    return found?.object === undefined ? undefined : found;
  }

  /** Whether this version was the newest one at some moment of the span. */
  wasCurrent(key: string, revision: number, { from, to }: Span): boolean {
    const versions = this.#versionsOf(key);
    const place = versions.findIndex((version) => version.revision === revision);
    if (versions[place]?.object === undefined || revision > to) return false;
    return (versions[place + 1]?.revision ?? Infinity) > from;
  }

  /** Whether there was nothing at some moment of the span. */
  wasAbsent(key: string, { from, to }: Span): boolean {
    const versions = this.#versionsOf(key);
    if ((versions[0]?.revision ?? Infinity) > from) return true;
    return versions.some(({ revision, object }, place) => {
      const until = versions[place + 1]?.revision ?? Infinity;
      return object === undefined && revision <= to && until > from;
    });
  }

  /** Whether it was being deleted, or gone, at some moment of the span. */
  wasGoing(key: string, span: Span): boolean {
    const isGoing = ({ revision, object }: Version): boolean =>
      object?.metadata.deletionTimestamp !== undefined && this.wasCurrent(key, revision, span);
    return this.wasAbsent(key, span) || this.#versionsOf(key).some(isGoing);
  }

  /** Keys of a resource under which there was something at that revision. */
  keysAt(prefix: string, revision: number): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const key of this.#versions.get(prefix)?.keys() ?? []) {
      if (this.versionAt(key, revision) !== undefined) keys.add(key);
    }
    const isUntouched = (key: string): boolean =>
      this.#versions.get(prefix)?.has(key) !== true && this.#state.revisionOf(key) <= revision;
    for (const key of this.#state.keysOf(prefix)) if (isUntouched(key)) keys.add(key);
    return keys;
  }

  #versionsOf(key: string): readonly Version[] {
    const written = this.#versions.get(prefixOf(key))?.get(key);
    if (written !== undefined) return written;
    const object = this.#state.at(key)?.value;
    return object === undefined ? [] : [{ revision: this.#state.revisionOf(key), object }];
  }
}

function baseOf(object: ApiObject | undefined, revision: number): Version[] {
  return object === undefined ? [] : [{ revision, object }];
}
