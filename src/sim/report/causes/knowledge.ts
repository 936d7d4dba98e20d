/** What a process did not know when it acted: changes that were made and not shown to it. */
import type { ReadRecord, ReconcileRecord } from "../../../trace/reconcile-record.ts";
import type { Shown, WitnessedWrite } from "../witness.ts";

/** An object of which the process did not know the newest state. */
export type Unknown = {
  /** Those of it that the process did not know, oldest first; there is one at least. */
  readonly writes: readonly [WitnessedWrite, ...(readonly WitnessedWrite[])];
};

/** A read of a reconcile, and what it missed. */
export type ReadTold = {
  readonly read: ReadRecord;
  /** Objects it found, where that can be said. */
  readonly found: readonly WitnessedWrite[] | undefined;
  /** Writes that it missed, all in all. */
  readonly behind: number;
  readonly unknown: readonly Unknown[];
};

export type Run = {
  readonly writes: readonly WitnessedWrite[];
  readonly shown: readonly Shown[];
  /** The place where the life of the process began that acted at that place. */
  readonly lifeBegan: (process: string, place: number) => number;
  /** Whether it was alive there: what it had sent before may still arrive. */
  readonly isUp: (process: string, place: number) => boolean;
  /** Kinds (plural) that a process has a view of. */
  readonly viewsOf: (process: string) => ReadonlySet<string>;
};

/** A write, or the end of a run. */
export type Point = Pick<WitnessedWrite, "revision" | "place"> & {
  readonly cause: { readonly id: string; readonly user: string };
};

/** What a reconcile had read before a write of it: of the same read again, the last one. */
export function readsBefore(write: Point, record: ReconcileRecord, run: Run): readonly ReadTold[] {
  const last = new Map<string, ReadRecord>();
  for (const read of record.reads) {
    if (read.revision < write.revision) last.set(whatIsRead(read), read);
  }
  return [...last.values()].map((read) => {
    const missed = missedBy(read, write, run);
    const unknown = byObject(missed);
    return { read, found: foundBy(read, run), behind: missed.length, unknown: telling(unknown) };
  });
}

function whatIsRead(read: ReadRecord): string {
  if (read.kind === "list") return `${read.apiVersion} ${read.of} ${read.selector}`;
  const { apiVersion, kind, namespace, name } = read.object;
  return `${apiVersion} ${kind} ${namespace}/${name}`;
}

function missedBy(read: ReadRecord, write: Point, run: Run): readonly WitnessedWrite[] {
  // When it was looked for is not known of what was not there: only then would this say something.
  if (read.kind === "object" && read.revision === 0) return [];
  return run.writes.filter((other) => {
    if (other.revision <= read.revision || other.revision >= write.revision) return false;
    if (!isRead(other, read)) return false;
    return other.cause.id !== write.cause.id && !heardOf(other, write, run);
  });
}

/** Its own writes, once it was answered, a process need not be told of. */
function heardOf(own: WitnessedWrite, { cause, place }: Point, run: Run): boolean {
  if (own.cause.user !== cause.user) return false;
  const began = run.lifeBegan(cause.user, place);
  return run.shown.some(
    (shown) =>
      shown.way === "answer" &&
      shown.process === cause.user &&
      shown.place >= began &&
      shown.place <= place &&
      shown.resource === own.resource &&
      shown.revision === own.revision,
  );
}

/** Whether the object of a write is among those that were read. */
function isRead({ before, after }: WitnessedWrite, read: ReadRecord): boolean {
  const object = after ?? before;
  if (object === undefined) return false;
  const { namespace = "", name = "", ownerReferences = [] } = object.metadata;
  if (read.kind === "object") {
    const { kind, namespace: inside, name: called } = read.object;
    return object.kind === kind && namespace === inside && name === called;
  }
  if (object.kind !== read.of || object.apiVersion !== read.apiVersion) return false;
  const [by = "", value = ""] = read.selector.split(" ");
  if (by === "namespace") return namespace === value;
  if (by === "owner-uid") return ownerReferences.some(({ uid }) => uid === value);
  return true;
}

/**
 * The objects that a list must have found, each by the write that made it, or else its newest;
 * undefined: they are not known.
 */
function foundBy(read: ReadRecord, run: Run): readonly WitnessedWrite[] | undefined {
  if (read.kind === "object") return undefined;
  const there = new Map<string, WitnessedWrite>();
  for (const write of run.writes) {
    if (write.revision > read.revision || !isRead(write, read)) continue;
    if (write.after === undefined) there.delete(write.called);
    else if (there.get(write.called)?.before !== undefined || write.before === undefined)
      there.set(write.called, write);
    else if (!there.has(write.called)) there.set(write.called, write);
  }
  return there.size === read.count ? [...there.values()] : undefined;
}

/** What the views of a process without a log of reconciles had not been told. */
export function notShown(write: Omit<Point, "revision">, run: Run): readonly Unknown[] {
  const { cause, place } = write;
  const began = run.lifeBegan(cause.user, place);
  const shown = run.shown.filter(
    (each) =>
      each.way === "view" &&
      each.process === cause.user &&
      each.place >= began &&
      each.place <= place,
  );
  const kinds = run.viewsOf(cause.user);
  const newest = new Map<string, number>();
  for (const { resource, called, revision } of shown) {
    const key = `${resource} ${called}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, revision));
  }
  const missed = run.writes.filter(({ resource, called, revision, after, place: made }) => {
    if (made >= place || !kinds.has(resource)) return false;
    const known = newest.get(`${resource} ${called}`);
    // What it never heard of it does not take for there.
    if (known === undefined) return after !== undefined;
    return known < revision;
  });
  return telling(byObject(missed));
}

/** Where something was made or has gone, a mere change of something else says little. */
function telling(unknown: readonly Unknown[]): readonly Unknown[] {
  const births = unknown.filter(({ writes }) => {
    return writes[0].before === undefined || writes.at(-1)?.after === undefined;
  });
  return births.length === 0 ? unknown : births;
}

/** By object; what was made and is gone again by then was missed to no harm. */
function byObject(missed: readonly WitnessedWrite[]): readonly Unknown[] {
  const groups = new Map<string, [WitnessedWrite, ...WitnessedWrite[]]>();
  for (const write of missed) {
    const key = `${write.resource} ${write.called}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [write]);
    else group.push(write);
  }
  return [...groups.values()]
    .filter((writes) => writes[0].before !== undefined || writes.at(-1)?.after !== undefined)
    .map((writes) => ({ writes }));
}
