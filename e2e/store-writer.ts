/**
 * A process to be killed: opens the LMDB store in a folder, tells all that is in it, and then
 * writes until it dies (with `--once`: closes the store and ends). Every line goes out at once, so
 * that what it says happened did happen before.
 *
 *     log REVISION put KEY CHECKSUM     a change found in the store
 *     log REVISION delete KEY -
 *     now REVISION put KEY CHECKSUM     a current entry
 *     open REVISION COMPACTED           the end of the above
 *     ack REVISION put KEY CHECKSUM     a write was acknowledged
 *     compacted REVISION                a compaction was acknowledged
 */
import { writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { causeId, type Context, NO_CAUSE } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { type Change, type Entry, revision, type Store } from "../src/store/store.ts";
import type { CauseRow } from "../src/trace/cause.ts";

const WRITERS = 8;
const KEYS_PER_WRITER = 4;
const HISTORY_KEPT = 150;

const cause: CauseRow = {
  user: "system:admin",
  actor: "store-writer",
  verb: "update",
  id: causeId("e2e"),
  triggers: [1],
  traceparent: "",
  timeMs: 1,
};

const [, , directory = "", mode] = process.argv;
const env = realEnv({ level: "error" });
const context: Context = { signal: new AbortController().signal, cause: NO_CAUSE, log: env.log };
const store = await openLmdbStore({ directory, env });
await tellAll(store);
if (mode === "--once") await store.close();
else await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForever(store, writer)));

async function tellAll(of: Store): Promise<void> {
  const { revision: newest, compacted } = of.status();
  for await (const batch of of.watch({ prefix: "", after: compacted }, context)) {
    if (batch.kind === "progress") break;
    for (const change of batch.changes) say(`log ${brief(change)}`);
  }
  const { entries } = await of.range({ prefix: "" }, context);
  for (const entry of entries) say(`now ${briefEntry(entry)}`);
  say(`open ${newest} ${compacted}`);
}

async function writeForever(to: Store, writer: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const key = `/${writer}/${Math.floor(Math.random() * KEYS_PER_WRITER)}`;
    const current = await to.get(key, context);
    if (current === undefined) {
      say(`ack ${briefEntry(await to.create(key, aValue(key), cause, context))}`);
    } else if (Math.random() < 0.2) {
      const at = await to.delete(key, current.revision, cause, context);
      say(`ack ${at} delete ${key} -`);
    } else {
      const entry = await to.update(key, current.revision, aValue(key), cause, context);
      say(`ack ${briefEntry(entry)}`);
    }
    if (writer === 0 && count % 20 === 19) await compactOld(to);
  }
}

async function compactOld(of: Store): Promise<void> {
  const at = of.status().revision - HISTORY_KEPT;
  if (at <= of.status().compacted) return;
  await of.compact(revision(at), context);
  say(`compacted ${at}`);
}

/** Mostly small, sometimes several pages; tells its key, so that a mix-up is seen. */
function aValue(key: string): Uint8Array {
  const length = Math.random() < 0.05 ? 100_000 : Math.floor(Math.random() * 6_000);
  const noise = Math.floor(Math.random() * 2 ** 32);
  const value = Buffer.alloc(40 + length, `${noise} `);
  value.fill(" ", 0, 40);
  value.write(`${key} ${noise}`);
  return new Uint8Array(value);
}

function brief(change: Change): string {
  return change.kind === "put"
    ? briefEntry(change.entry)
    : `${change.revision} delete ${change.key} -`;
}

function briefEntry({ revision: at, key, value }: Entry): string {
  const isOwn = Buffer.from(value).toString("latin1", 0, key.length + 1) === `${key} `;
  return `${at} put ${key} ${isOwn ? crc32(value) : "of-another-key"}`;
}

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isFull) throw error;
    }
  }
}
