/** What a store makes of an engine that was left in the middle of something. */
import { describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { aRecord } from "../engine/conformance.ts";
import { MemoryEngine } from "../engine/memory/memory-engine.ts";
import { revision, type Store } from "../store.ts";
import { aCause, bytes } from "../testing/changes.ts";
import { MoodyEngine } from "../testing/moody-engine.ts";
import { MvccStore } from "./mvcc-store.ts";

const env = virtualEnv();
const context = aContext(env);

async function keysOf(store: Store): Promise<readonly string[]> {
  const { entries } = await store.range({ prefix: "" }, context);
  return entries.map((entry) => `${entry.key}@${entry.revision}`);
}

/** An engine with some life in it, and the compaction at 7 that a store would do. */
async function aUsedEngine(): Promise<MoodyEngine> {
  const engine = new MoodyEngine(new MemoryEngine());
  const store = await MvccStore.open({ engine, env });
  const put = async (key: string, expected: number): Promise<unknown> =>
    expected === 0
      ? store.create(key, bytes("x"), aCause(), context)
      : store.update(key, revision(expected), bytes("x"), aCause(), context);
  await put("/gone", 0);
  await put("/gone", 1);
  await put("/kept", 0);
  await store.delete("/gone", revision(2), aCause(), context);
  await put("/kept", 3);
  await put("/again", 0);
  await store.delete("/again", revision(6), aCause(), context);
  await put("/again", 0);
  await put("/kept", 5);
  await store.close();
  return engine;
}

describe("opening after a crash in the middle of a compaction", () => {
  const drop = [6, 7, 1, 2, 4, 3].map(revision); // by key, each oldest first

  for (let done = 0; done <= drop.length; done += 1) {
    test(`with ${done} records dropped, brings nothing back and loses nothing`, async () => {
      const engine = await aUsedEngine();
      await engine.compact({ compacted: revision(7), drop: drop.slice(0, done) });
      const store = await MvccStore.open({ engine, env });
      expect(await keysOf(store)).toEqual(["/again@8", "/kept@9"]);
      expect(store.status()).toEqual({ revision: 9, compacted: 7, keys: 2 });
      const past = await store.range({ prefix: "", at: revision(7) }, context);
      expect(past.entries.map((entry) => entry.revision)).toEqual([5]);
      await store.compact(revision(9), context);
      const left = await engine.page(revision(0), { records: 99, bytes: 9_999 });
      expect(left.map((record) => record.revision)).toEqual([8, 9]);
      await store.close();
    });
  }

  test("drops the records of a key oldest first, which the above rests on", async () => {
    const engine = await aUsedEngine();
    const store = await MvccStore.open({ engine, env });
    await store.compact(revision(7), context);
    expect(engine.compactions).toEqual([{ compacted: 7, drop }]);
    await store.close();
  });
});

describe("opening an engine whose records do not fit together", () => {
  for (const { what, records, problem } of [
    {
      what: "a key whose creation says it replaced something",
      records: [aRecord(1, { previous: revision(9) })],
      problem: "the record of revision 1 says that it replaces revision 9, but 0 was there",
    },
    {
      what: "an update that replaced something else than what was there",
      records: [aRecord(1, { key: "/a" }), aRecord(2, { key: "/a", previous: revision(7) })],
      problem: "the record of revision 2 says that it replaces revision 7, but 1 was there",
    },
  ]) {
    test(`refuses ${what}`, async () => {
      const engine = new MemoryEngine();
      await engine.append(records);
      await expect(MvccStore.open({ engine, env })).rejects.toThrow(problem);
    });
  }
});
