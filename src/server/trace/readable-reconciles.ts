/**
 * What reconciles did, as one user may know it. Of an object that the user may not `get`, nothing
 * is told that names it: no key, no read, no write, no error text. What is left out is counted.
 */
import { keyText, parseKey } from "../../machinery/key.ts";
import type { ObjectName } from "../../trace/facts.ts";
import type { ReadRecord, ReconcileRecord } from "../../trace/reconcile-record.ts";
import type { MayRead } from "./readable-facts.ts";

/** Nobody but those who may read everything may read this. */
const EVERYTHING: ObjectName = { apiVersion: "*/*", kind: "*", namespace: "", name: "" };

/** All but `causes`, which need the changes they name. */
export async function readableReconcile(
  record: ReconcileRecord,
  mayRead: MayRead,
): Promise<ReconcileRecord> {
  if (await mayRead(EVERYTHING)) return record;
  const { error, ...shown } = record;
  const isKeyShown = await mayKnowKey(record, mayRead);
  const knownKey = isKeyShown ? record.key : undefined;
  const reads = await kept(record.reads, (read) =>
    read.kind === "object" ? mayRead(read.object) : mayKnowList(read, knownKey, mayRead),
  );
  const writes = await kept(record.writes, ({ object }) => mayRead(object));
  const readsHidden = record.reads.length - reads.length;
  const writesHidden = record.writes.length - writes.length;
  const isWhole = isKeyShown && readsHidden === 0 && writesHidden === 0;
  return {
    ...shown,
    key: knownKey ?? "",
    reads,
    readsDropped: record.readsDropped + readsHidden,
    writes,
    writesDropped: record.writesDropped + writesHidden,
    ...(error === undefined ? {} : { error: isWhole ? error : "(about what you may not read)" }),
  };
}

/** A key does not say which kind it is of: the objects of that name tell it that were touched. */
async function mayKnowKey(
  { key, reads, writes }: ReconcileRecord,
  mayRead: MayRead,
): Promise<boolean> {
  const touched = [...reads, ...writes].flatMap((each) => ("object" in each ? [each.object] : []));
  const named = touched.filter((object) => keyText(object) === key);
  return named.length > 0 && (await kept(named, mayRead)).length === named.length;
}

/** Who may read all of its kind where it looked may know of a list. */
async function mayKnowList(
  { apiVersion, of, selector }: ReadRecord & { readonly kind: "list" },
  knownKey: string | undefined,
  mayRead: MayRead,
): Promise<boolean> {
  const all = { apiVersion, kind: of, namespace: "", name: "" };
  const [, namespace] = /^namespace ([^,\s]+)/.exec(selector) ?? [];
  if (namespace !== undefined) return mayRead({ ...all, namespace });
  if (selector === "") return mayRead(all);
  // Found by an index, as the uid of an owner, which says something of the key.
  if (knownKey === undefined) return false;
  return mayRead({ ...all, namespace: parseKey(knownKey).namespace });
}

async function kept<T>(
  items: readonly T[],
  isKept: (item: T) => Promise<boolean>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const item of items) if (await isKept(item)) found.push(item);
  return found;
}
