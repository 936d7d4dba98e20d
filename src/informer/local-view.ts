/**
 * What a process knows of the objects of one kind: what the watch has told, and over it the writes
 * of this process that the watch has not told yet.
 *
 * The lister shows both; listeners are told only of what the watch brings, so that each of them
 * sees a subsequence of real history, and every change, its own writes included. An overlay ends
 * when the watch has passed it: by an event of the object, by any later revision, or by a newer
 * list.
 *
 * Example. The watch stands at 10 with `a@7`. The process updates `a` and gets `a@12`:
 *   lister: a@12, listeners have seen: a@7, overlay of a: {a@12, delivered a@7}
 * The watch brings `a@11`, written by someone else in between:
 *   lister: a@12, listeners are told a@7 -> a@11, overlay of a: {a@12, delivered a@11}
 * The watch brings `a@12`:
 *   lister: a@12, listeners are told a@11 -> a@12, no overlay.
 *
 * Invariant: without an overlay of a key, the lister shows exactly what listeners were told of it.
 */
import { equalValues } from "../machinery/json-value.ts";
import { compareKeys, keyOf, keyText, type ObjectKey } from "../machinery/key.ts";
import type { ApiObject, Uid } from "../machinery/object.ts";
import { Indexer, type IndexFailure } from "./indexer.ts";
import type { IndexFunctions, OwnWrites } from "./lister.ts";
import { SILENT_WATCH_MS } from "./reflector-decisions.ts";
import { isSameState, objectRevision, revisionOfText } from "./resource-version.ts";
import type { InformerEvent } from "./shared-informer-types.ts";

/** Called for each change of what the watch has told, after the lister shows the new state. */
export type Emit<T extends ApiObject> = (event: InformerEvent<T>) => void;

type Overlay<T> = {
  readonly key: ObjectKey;
  /** What listeners were last told of this key; undefined: it is not there. */
  readonly delivered: T | undefined;
  /** Of the write; of a deletion the last known revision before it. */
  readonly revision: number;
  /** How long the watch had been telling when it was written. */
  readonly toldMs: number;
} & (
  | { readonly kind: "written"; readonly object: T }
  /** This life of the object is over; the lister shows none of its states. */
  | {
      readonly kind: "deleted";
      readonly uid: Uid;
      /** How many deletions there were with it. */
      readonly count: number;
    }
);

/**
 * An own write that a watch has not told for so long, while it told of others, it never will: the
 * server has lost it, as it does when its data is replaced by that of a backup. Only time in which
 * the watch tells something counts, so an outage loses nothing, however long: what is told first
 * after it may be older than the write.
 */
export const LOST_WRITE_MS = 3_600_000;

export class LocalView<T extends ApiObject> implements OwnWrites<T> {
  readonly indexer: Indexer<T>;
  readonly #overlays = new Map<string, Overlay<T>>();
  readonly #nowMs: () => number;
  #revision = 0;
  #writtenRevision = 0;
  #deletions = 0;
  /** How long the watch has been telling, up to when it was last heard. */
  #toldMs = 0;
  #heardMs: number;

  /** `nowMs`: any clock that never goes back. */
  constructor(
    indexes: IndexFunctions<T> = {},
    failed?: IndexFailure<T>,
    nowMs: () => number = () => 0,
  ) {
    this.#nowMs = nowMs;
    this.#heardMs = nowMs();
    this.indexer = new Indexer(indexes, failed);
  }

  /** Of the newest change the watch has told. */
  get revision(): number {
    return this.#revision;
  }

  /** How far the watch is behind the newest own write; 0 if it has passed all. */
  get revisionsBehind(): number {
    return Math.max(0, this.#writtenRevision - this.#revision);
  }

  /** Own writes that the watch has not told yet. */
  get overlayCount(): number {
    return this.#overlays.size;
  }

  get deletions(): number {
    return this.#deletions;
  }

  /** What listeners have been told, in key order: where a late one begins. */
  *delivered(): Generator<T, void, undefined> {
    const keys = this.#keys();
    const isInOrder = this.#overlays.size === 0;
    for (const key of isInOrder ? keys : [...keys].sort(compareKeys)) {
      const object = this.deliveredAt(key);
      if (object !== undefined) yield object;
    }
  }

  /** The keys of what listeners may have been told, each once. */
  deliveredKeys(): readonly ObjectKey[] {
    return this.#keys();
  }

  /** What listeners were last told of this key; undefined: that it is not there, or nothing. */
  deliveredAt(key: ObjectKey): T | undefined {
    const overlay = this.#overlays.get(keyText(key));
    return overlay === undefined ? this.indexer.peek(key) : overlay.delivered;
  }

  /** These are all objects as of `resourceVersion`: tells each difference. */
  replace(objects: readonly T[], resourceVersion: string, isFirst: boolean, emit: Emit<T>): void {
    for (const _ of this.replacing(objects, resourceVersion, isFirst, emit));
  }

  /**
   * The same, in steps: between two of them others may read, listen and write, and find each object
   * as it was or as it is; the watch has to wait.
   */
  *replacing(
    objects: readonly T[],
    resourceVersion: string,
    isFirst: boolean,
    emit: Emit<T>,
  ): Generator<void, void, undefined> {
    const revision = revisionOfText(resourceVersion);
    // A newest revision below one seen before: the server's history was reset, ours means nothing.
    if (revision !== undefined && revision < this.#revision) this.#dropOverlays();
    const before = this.#keys();
    const listed = new Set<string>();
    for (const object of objects) {
      if (before.length > 0) listed.add(idOf(object));
      const old = this.deliveredAt(keyOf(object));
      this.#deliver(keyOf(object), object, (overlay) => isListPast(overlay, revision, object));
      if (old === undefined) emit({ kind: "add", object, isInitial: isFirst });
      // Objects share equal parts with their last state, so another one has other parts.
      else if (old !== object && !equalValues(old, object)) emit({ kind: "update", old, object });
      yield;
    }
    for (const key of before) {
      yield;
      if (listed.has(keyText(key))) continue;
      const old = this.deliveredAt(key);
      this.#deliver(key, undefined, (overlay) => isListPast(overlay, revision, undefined));
      if (old !== undefined) emit({ kind: "delete", object: old, isFinalStateUnknown: true });
    }
    this.#revision = revision ?? this.#revision;
  }

  /** The watch says that the object is now in this state. */
  put(object: T, emit: Emit<T>): void {
    const key = keyOf(object);
    const old = this.deliveredAt(key);
    if (old !== undefined && !isNews(object, old)) return;
    this.#deliver(key, object, (overlay) => isEventPast(overlay, object));
    this.#advance(objectRevision(object));
    if (old === undefined) emit({ kind: "add", object, isInitial: false });
    else emit({ kind: "update", old, object });
  }

  /** The watch says that the object is gone; `object` is its last state at its deletion. */
  remove(object: T, emit: Emit<T>): void {
    const key = keyOf(object);
    const old = this.deliveredAt(key);
    if (old !== undefined && isBefore(object, old)) return; // of a life that is over, told late
    this.#deliver(key, undefined, (overlay) => {
      const isThatLife = overlay.kind === "deleted" && overlay.uid === object.metadata.uid;
      return isThatLife || isEventPast(overlay, object);
    });
    this.#advance(objectRevision(object));
    if (old !== undefined) emit({ kind: "delete", object, isFinalStateUnknown: false });
  }

  /** The watch has told all changes up to here: what it has not told by now, it never will. */
  progress(resourceVersion: string): void {
    const revision = revisionOfText(resourceVersion);
    if (revision === undefined) return;
    this.#advance(revision);
    this.#toldMs = this.#tellingMs();
    this.#heardMs = this.#nowMs();
    for (const overlay of this.#overlays.values()) {
      const isTold = overlay.kind === "written" && overlay.revision <= revision;
      const isPast = isTold || this.#toldMs - overlay.toldMs > LOST_WRITE_MS;
      if (isPast) this.#settle(overlay);
    }
  }

  wrote(object: T, sentAfter = 0): void {
    const revision = objectRevision(object);
    if (revision === undefined || revision <= this.#revision) return; // the watch has been there
    this.#writtenRevision = Math.max(this.#writtenRevision, revision);
    const key = keyOf(object);
    const overlay = this.#overlays.get(keyText(key));
    const isOfDeletedLife =
      overlay?.kind === "deleted" &&
      overlay.uid === object.metadata.uid &&
      sentAfter < overlay.count;
    if (isOfDeletedLife || (overlay !== undefined && overlay.revision >= revision)) return;
    const delivered = this.deliveredAt(key);
    const told = { delivered, toldMs: this.#tellingMs() };
    this.#overlays.set(keyText(key), { kind: "written", key, object, revision, ...told });
    this.indexer.put(object);
  }

  deleted(key: ObjectKey, uid: Uid): void {
    const shown = this.indexer.peek(key);
    if (shown?.metadata.uid !== uid) return; // unknown here, gone already, or a later life
    const revision = objectRevision(shown) ?? this.#revision;
    const delivered = this.deliveredAt(key);
    this.#deletions += 1;
    const told = { delivered, toldMs: this.#tellingMs(), count: this.#deletions };
    this.#overlays.set(keyText(key), { kind: "deleted", key, uid, revision, ...told });
    this.indexer.remove(key);
  }

  /** Takes over what the watch has told of a key: under the overlay, or in its place. */
  #deliver(key: ObjectKey, object: T | undefined, isPast: (overlay: Overlay<T>) => boolean): void {
    const overlay = this.#overlays.get(keyText(key));
    const told = { delivered: object };
    if (overlay !== undefined && !isPast(overlay)) {
      this.#overlays.set(keyText(key), { ...overlay, ...told });
      return;
    }
    this.#overlays.delete(keyText(key));
    if (object === undefined) this.indexer.remove(key);
    else this.indexer.put(object);
  }

  /** Ends an overlay: the lister shows again what was told. */
  #settle(overlay: Overlay<T>): void {
    this.#overlays.delete(keyText(overlay.key));
    if (overlay.delivered === undefined) this.indexer.remove(overlay.key);
    else this.indexer.put(overlay.delivered);
  }

  #dropOverlays(): void {
    this.#writtenRevision = 0;
    for (const overlay of this.#overlays.values()) this.#settle(overlay);
  }

  #keys(): readonly ObjectKey[] {
    const shown = this.indexer.keys();
    const hidden = [...this.#overlays.values()].filter((overlay) => overlay.kind === "deleted");
    return [...shown, ...hidden.map((overlay) => overlay.key)];
  }

  /** How long the watch has been telling; of a silence what a healthy watch may be silent. */
  #tellingMs(): number {
    return this.#toldMs + Math.min(this.#nowMs() - this.#heardMs, SILENT_WATCH_MS);
  }

  #advance(revision: number | undefined): void {
    if (revision !== undefined && revision > this.#revision) this.#revision = revision;
  }
}

function idOf(object: ApiObject): string {
  return keyText(keyOf(object));
}

/**
 * Whether an event brings a newer state than `old`; one that cannot be compared counts as newer.
 */
function isNews(object: ApiObject, old: ApiObject): boolean {
  if (isSameState(object, old)) return false;
  const next = objectRevision(object);
  const last = objectRevision(old);
  return next === undefined || last === undefined || next > last;
}

/** Whether both are of known revisions, and `object` of an earlier one. */
function isBefore(object: ApiObject, other: ApiObject): boolean {
  const revision = objectRevision(object);
  const last = objectRevision(other);
  return revision !== undefined && last !== undefined && revision < last;
}

/** Whether an event of the object is at or after the overlaid write. */
function isEventPast<T>(overlay: Overlay<T>, object: ApiObject): boolean {
  const revision = objectRevision(object);
  if (revision === undefined) return true;
  if (overlay.kind === "written") return revision >= overlay.revision;
  return object.metadata.uid !== overlay.uid && revision > overlay.revision;
}

/**
 * Whether a list is at or after the overlaid write. A deleted life never comes back, so a list that
 * still shows it is older than the deletion, and one that does not is past it.
 */
function isListPast<T>(
  overlay: Overlay<T>,
  revision: number | undefined,
  listed: ApiObject | undefined,
): boolean {
  if (revision === undefined) return true;
  if (overlay.kind === "written") return revision >= overlay.revision;
  return listed?.metadata.uid !== overlay.uid && revision > overlay.revision;
}
