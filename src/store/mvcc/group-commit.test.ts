import { describe, expect, test } from "vitest";
import { withSignal } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { MemoryEngine } from "../engine/memory/memory-engine.ts";
import { ExistsError, revision, type Store, StoreFailedError } from "../store.ts";
import { aCause, brief, bytes, text } from "../testing/changes.ts";
import { MoodyEngine } from "../testing/moody-engine.ts";
import { WatchReader } from "../testing/watch-reader.ts";
import {
  GROUP_BYTES_MAX,
  GROUP_RECORDS_MAX,
  STAGED_BYTES_MAX,
  StoreBusyError,
} from "./group-commit.ts";
import { MvccStore } from "./mvcc-store.ts";
import { VALUE_BYTES_MAX } from "./write-path.ts";

const env = virtualEnv();
const context = aContext(env);

async function aStore(): Promise<{ readonly store: Store; readonly engine: MoodyEngine }> {
  const engine = new MoodyEngine(new MemoryEngine());
  return { store: await MvccStore.open({ engine, env }), engine };
}

const create = (store: Store, key: string, value = "x"): Promise<unknown> =>
  store.create(key, bytes(value), aCause(), context);

describe("group commit", () => {
  test("writes of one turn share a group, and the next one gathers meanwhile", async () => {
    const { store, engine } = await aStore();
    engine.hold();
    const writes = [create(store, "/a"), create(store, "/b")];
    await env.settle();
    writes.push(create(store, "/c"), create(store, "/d"), create(store, "/e"));
    await env.settle();
    expect(engine.groups).toEqual([2]);
    engine.release();
    await Promise.all(writes);
    expect(engine.groups).toEqual([2, 3]);
  });

  test("a group is bounded in records and in bytes", async () => {
    const { store, engine } = await aStore();
    const many = Array.from({ length: GROUP_RECORDS_MAX + 5 }, (_, key) =>
      create(store, `/${key}`),
    );
    await Promise.all(many);
    expect(engine.groups).toEqual([GROUP_RECORDS_MAX, 5]);
    const value = new Uint8Array(GROUP_BYTES_MAX / 2);
    const large = [1, 2, 3].map((key) => store.create(`/large/${key}`, value, aCause(), context));
    await Promise.all(large);
    expect(engine.groups.slice(2)).toEqual([2, 1]);
  });

  test("nothing staged is visible before it is durable", async () => {
    const { store, engine } = await aStore();
    const reader = new WatchReader(store, { prefix: "/", after: revision(0) }, context);
    expect(await reader.next()).toEqual({ kind: "progress", revision: 0 });
    engine.hold();
    const writing = create(store, "/a");
    store.progress();
    await env.settle();
    expect(await store.get("/a", context)).toBeUndefined();
    expect(store.status().revision).toBe(0);
    expect(await reader.next()).toEqual({ kind: "progress", revision: 0 });
    engine.release();
    await writing;
    expect(await reader.changes()).toEqual(["+/a=x@1"]);
  });

  test("a refusal that rests on a staged write waits until that is durable", async () => {
    const { store, engine } = await aStore();
    engine.hold();
    const first = create(store, "/a");
    let refused: unknown;
    const second = create(store, "/a").catch((error: unknown) => (refused = error));
    await env.settle();
    expect(refused).toBeUndefined();
    engine.release();
    await Promise.all([first, second]);
    expect(refused).toBeInstanceOf(ExistsError);
  });

  test("a caller who gives up is let go at once; the write may still happen", async () => {
    const { store, engine } = await aStore();
    engine.hold();
    const abort = new AbortController();
    const caller = withSignal(context, abort.signal);
    const writing = store.create("/a", bytes("x"), aCause(), caller);
    await env.settle();
    abort.abort(new Error("gone"));
    await expect(writing).rejects.toThrow("gone");
    engine.release();
    await env.settle();
    expect((await store.get("/a", context))?.revision).toBe(1);
  });

  test("writes beyond what may wait are refused, and possible again later", async () => {
    const { store, engine } = await aStore();
    engine.hold();
    const value = new Uint8Array(VALUE_BYTES_MAX);
    const count = STAGED_BYTES_MAX / VALUE_BYTES_MAX;
    const writes = Array.from({ length: count }, (_, key) =>
      store.create(`/${key}`, value, aCause(), context),
    );
    await expect(create(store, "/more")).rejects.toThrow(StoreBusyError);
    engine.release();
    await Promise.all(writes);
    await create(store, "/more");
    expect(store.status().keys).toBe(count + 1);
  });
});

describe("a failing disk", () => {
  test("fails every write that waits and every later one, while reads go on", async () => {
    const { store, engine } = await aStore();
    await create(store, "/a", "1");
    const reader = new WatchReader(store, { prefix: "/", after: revision(0) }, context);
    engine.hold();
    const [inFlight, gathering] = [create(store, "/b"), create(store, "/c")];
    await env.settle();
    const waiting = create(store, "/d");
    const blind = create(store, "/b");
    engine.failOnce(new Error("I/O error"));
    engine.release();
    for (const write of [inFlight, gathering, waiting, blind, create(store, "/e")]) {
      await expect(write).rejects.toThrow(StoreFailedError);
    }
    await expect(create(store, "/f")).rejects.toThrow("I/O error");
    await expect(store.delete("/a", revision(1), aCause(), context)).rejects.toThrow(
      StoreFailedError,
    );
    await expect(store.compact(revision(1), context)).rejects.toThrow(StoreFailedError);
    expect(text((await store.get("/a", context))?.value ?? bytes(""))).toBe("1");
    const failure = await store.failed;
    expect(failure.message).toContain("I/O error");
    expect(store.status()).toEqual({ revision: 1, compacted: 0, keys: 1, failure });
    expect(await reader.changes()).toEqual(["+/a=1@1"]);
    expect(brief((await store.change(revision(1), context)) ?? expect.fail())).toBe("+/a=1@1");
    await store.close();
  });

  test("in a compaction fails later writes too, and the store opens again whole", async () => {
    const engine = new MoodyEngine(new MemoryEngine());
    const store = await MvccStore.open({ engine, env });
    await create(store, "/a");
    await store.update("/a", revision(1), bytes("y"), aCause(), context);
    engine.failOnce(new Error("I/O error"));
    await expect(store.compact(revision(2), context)).rejects.toThrow(StoreFailedError);
    await expect(create(store, "/b")).rejects.toThrow(StoreFailedError);
    await store.close();
    const again = await MvccStore.open({ engine, env });
    expect(again.status()).toEqual({ revision: 2, compacted: 0, keys: 1 });
    await create(again, "/b");
  });
});
