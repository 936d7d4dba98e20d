/**
 * What every store promises, as tests. Each opens a fresh, empty store in a virtual world.
 */
import { afterEach, describe, expect, test } from "vitest";
import { withSignal } from "../base/context.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { Env } from "../base/env.ts";
import {
  CompactedError,
  ConflictError,
  ExistsError,
  FutureRevisionError,
  NotFoundError,
  revision,
  type Revision,
  type Store,
} from "./store.ts";
import { aCause, brief, bytes, text } from "./testing/changes.ts";
import { WatchReader } from "./testing/watch-reader.ts";

/** How a suite gets at stores. */
export type StoreUnderTest = {
  readonly open: (env: Env) => Promise<Store>;
  /** Closes the store and opens what it left behind. */
  readonly reopen: (store: Store, env: Env) => Promise<Store>;
};

/** Runs the suite. */
export function storeConformance(name: string, { open, reopen }: StoreUnderTest): void {
  const env = virtualEnv();
  const context = aContext(env);
  const opened: Store[] = [];
  const aStore = async (): Promise<Store> => {
    const store = await open(env);
    opened.push(store);
    return store;
  };
  const put = async (store: Store, key: string, value: string): Promise<Revision> => {
    const current = await store.get(key, context);
    const entry =
      current === undefined
        ? await store.create(key, bytes(value), aCause(), context)
        : await store.update(key, current.revision, bytes(value), aCause(), context);
    return entry.revision;
  };
  const remove = async (store: Store, key: string): Promise<Revision> => {
    const current = await store.get(key, context);
    return store.delete(key, current?.revision ?? revision(0), aCause(), context);
  };
  const keys = async (store: Store, prefix: string, at?: Revision): Promise<string> => {
    const range = await store.range(at === undefined ? { prefix } : { prefix, at }, context);
    return range.entries.map(({ key, value }) => `${key}=${text(value)}`).join(" ");
  };
  const watch = (store: Store, prefix: string, after: number): WatchReader =>
    new WatchReader(store, { prefix, after: revision(after) }, context);

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  describe(`${name}: writes`, () => {
    test("an empty store is at revision 0", async () => {
      const store = await aStore();
      expect(store.status()).toEqual({ revision: 0, compacted: 0, keys: 0 });
      expect(await store.range({ prefix: "" }, context)).toEqual({
        entries: [],
        revision: 0,
        remaining: 0,
      });
    });

    test("every write takes the next revision, and a key remembers who created it", async () => {
      const store = await aStore();
      const created = await store.create("/a", bytes("1"), aCause(), context);
      const updated = await store.update("/a", created.revision, bytes("2"), aCause(), context);
      const deleted = await store.delete("/a", updated.revision, aCause(), context);
      const again = await store.create("/a", bytes("3"), aCause(), context);
      expect([created.revision, updated.revision, deleted, again.revision]).toEqual([1, 2, 3, 4]);
      expect([created, updated, again].map((entry) => entry.createRevision)).toEqual([1, 1, 4]);
      expect(store.status()).toEqual({ revision: 4, compacted: 0, keys: 1 });
    });

    test("a read after a write sees it, and all readers share one frozen entry", async () => {
      const store = await aStore();
      const entry = await store.create("/a", bytes("1"), aCause(), context);
      expect(await store.get("/a", context)).toBe(entry);
      expect((await store.range({ prefix: "/" }, context)).entries[0]).toBe(entry);
      expect(Object.isFrozen(entry)).toBe(true);
      expect(await store.get("/b", context)).toBeUndefined();
    });

    test("what is not as the writer expects is refused and takes no revision", async () => {
      const store = await aStore();
      const at = await put(store, "/a", "1");
      const [zero, future] = [revision(0), revision(99)];
      const value = bytes("x");
      await expect(store.create("/a", value, aCause(), context)).rejects.toThrow(ExistsError);
      await expect(store.update("/a", future, value, aCause(), context)).rejects.toThrow(
        ConflictError,
      );
      await expect(store.update("/b", zero, value, aCause(), context)).rejects.toThrow(
        NotFoundError,
      );
      await expect(store.delete("/a", zero, aCause(), context)).rejects.toThrow(ConflictError);
      await expect(store.delete("/b", at, aCause(), context)).rejects.toThrow(NotFoundError);
      expect(store.status().revision).toBe(at);
      expect(text((await store.get("/a", context))?.value ?? bytes(""))).toBe("1");
    });

    test("of many concurrent writers one wins, and the losers can see what beat them", async () => {
      const store = await aStore();
      const at = await put(store, "/a", "0");
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          try {
            await store.update("/a", at, bytes(`${index}`), aCause(), context);
            return "won";
          } catch (error) {
            expect(error).toBeInstanceOf(ConflictError);
            return (await store.get("/a", context))?.revision === at ? "blind" : "lost";
          }
        }),
      );
      expect(outcomes.filter((outcome) => outcome === "won")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "lost")).toHaveLength(49);
    });

    test("of many concurrent creators one wins, also right after a deletion", async () => {
      const store = await aStore();
      const at = await put(store, "/a", "0");
      const deleting = store.delete("/a", at, aCause(), context);
      const creators = Array.from({ length: 10 }, () =>
        store.create("/a", bytes("1"), aCause(), context),
      );
      await deleting;
      const settled = await Promise.allSettled(creators);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("a thousand concurrent writes get a thousand revisions", async () => {
      const store = await aStore();
      const entries = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          store.create(`/k/${index}`, bytes(`${index}`), aCause(), context),
        ),
      );
      const revisions = entries.map((entry) => entry.revision).sort((a, b) => a - b);
      expect(revisions).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
      expect(store.status()).toEqual({ revision: 1_000, compacted: 0, keys: 1_000 });
    });

    test("an aborted caller writes nothing", async () => {
      const store = await aStore();
      const aborted = withSignal(context, AbortSignal.abort(new Error("gone")));
      await expect(store.create("/a", bytes("1"), aCause(), aborted)).rejects.toThrow("gone");
      expect(store.status().revision).toBe(0);
    });

    test("keys and values are bytes and text of any kind", async () => {
      const store = await aStore();
      const value = Uint8Array.from({ length: 256 }, (_, index) => index);
      for (const key of [
        "__proto__",
        "constructor",
        "/\u0000/",
        "/\ud83d\ude00",
        "\uffff",
        "/\uffff",
      ]) {
        await store.create(key, value, aCause(), context);
        expect((await store.get(key, context))?.value).toEqual(value);
      }
      expect((await store.range({ prefix: "/" }, context)).entries).toHaveLength(3);
      expect((await store.range({ prefix: "\uffff" }, context)).entries).toHaveLength(1);
      const empty = await store.create("/empty", bytes(""), aCause(), context);
      expect((await store.get("/empty", context))?.value).toEqual(empty.value);
      await expect(store.create("\ud800", value, aCause(), context)).rejects.toThrow("well-formed");
      await expect(store.create("", value, aCause(), context)).rejects.toThrow("1 to");
    });
  });

  describe(`${name}: ranges`, () => {
    test("come in key order, and hold only what starts with the prefix", async () => {
      const store = await aStore();
      for (const key of ["/b/2", "/a/1", "/b", "/b/10", "/c", "/b0"]) await put(store, key, "x");
      expect(await keys(store, "/b/")).toBe("/b/10=x /b/2=x");
      expect(await keys(store, "/b")).toBe("/b=x /b/10=x /b/2=x /b0=x");
      expect(await keys(store, "/d")).toBe("");
      expect((await store.range({ prefix: "" }, context)).entries).toHaveLength(6);
    });

    test("a limit leaves a remainder, and `after` continues at the same revision", async () => {
      const store = await aStore();
      for (const key of ["/a", "/b", "/c", "/d"]) await put(store, key, "1");
      const first = await store.range({ prefix: "/", limit: 2 }, context);
      expect(first.entries.map(({ key }) => key)).toEqual(["/a", "/b"]);
      expect(first).toMatchObject({ revision: 4, remaining: 2 });
      await put(store, "/c", "2");
      await remove(store, "/d");
      await put(store, "/bb", "new");
      const at = first.revision;
      const rest = await store.range({ prefix: "/", limit: 2, after: "/b", at }, context);
      expect(rest.entries.map(({ key, value }) => key + text(value))).toEqual(["/c1", "/d1"]);
      expect(rest).toMatchObject({ revision: 4, remaining: 0 });
      const now = await store.range({ prefix: "/", after: "/b" }, context);
      expect(now.entries.map(({ key }) => key)).toEqual(["/bb", "/c"]);
      const none = await store.range({ prefix: "/", limit: 0, at }, context);
      expect(none).toEqual({ entries: [], revision: 4, remaining: 4 });
    });

    test("any revision that is kept can be read", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/b", "2");
      await put(store, "/a", "3");
      await remove(store, "/b");
      await put(store, "/b", "5");
      const past: string[] = [];
      for (let at = 0; at <= 5; at += 1) past.push(await keys(store, "/", revision(at)));
      expect(past).toEqual(["", "/a=1", "/a=1 /b=2", "/a=3 /b=2", "/a=3", "/a=3 /b=5"]);
      await expect(keys(store, "/", revision(6))).rejects.toThrow(FutureRevisionError);
    });
  });

  describe(`${name}: watches`, () => {
    test("begin with what is known after a revision, and go on with what comes", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/a", "2");
      await put(store, "/b", "3");
      const reader = watch(store, "/", 1);
      expect(await reader.upTo(revision(3))).toEqual(["+/a=2@2<1", "+/b=3@3"]);
      await remove(store, "/a");
      expect(await reader.changes()).toEqual(["-/a@4<2"]);
      await put(store, "/a", "5");
      expect(await reader.changes()).toEqual(["+/a=5@5"]);
    });

    test("carry only changes of their prefix", async () => {
      const store = await aStore();
      const [pods, nodes] = [watch(store, "/pods/", 0), watch(store, "/nodes/", 0)];
      for (const key of ["/pods/a", "/nodes/a", "/podsx", "/pods/b"]) await put(store, key, "x");
      expect(await pods.upTo(revision(4))).toEqual(["+/pods/a=x@1", "+/pods/b=x@4"]);
      expect(await nodes.upTo(revision(2))).toEqual(["+/nodes/a=x@2"]);
    });

    test("say at the start and when asked that all up to a revision was sent", async () => {
      const store = await aStore();
      await put(store, "/b", "1");
      const reader = watch(store, "/a/", 0);
      expect(await reader.next()).toEqual({ kind: "progress", revision: 1 });
      const waiting = reader.next();
      await put(store, "/b", "2");
      store.progress();
      expect(await waiting).toEqual({ kind: "progress", revision: 2 });
    });

    test("say so to those of one prefix only, if that is asked for", async () => {
      const store = await aStore();
      const [asked, other] = [watch(store, "/a/", 0), watch(store, "/b/", 0)];
      for (const reader of [asked, other]) {
        expect(await reader.next()).toEqual({ kind: "progress", revision: 0 });
      }
      const [waiting, quiet] = [asked.next(), other.next()];
      await put(store, "/c", "1");
      store.progress("/a/");
      expect(await waiting).toEqual({ kind: "progress", revision: 1 });
      await put(store, "/b/1", "x");
      expect(await quiet).toMatchObject({ kind: "changes" });
    });

    test("send all changes before a progress, also to a reader that lags", async () => {
      const store = await aStore();
      const reader = watch(store, "/a/", 0);
      expect(await reader.next()).toEqual({ kind: "progress", revision: 0 });
      await put(store, "/a/1", "x");
      await put(store, "/a/2", "x");
      store.progress();
      await put(store, "/a/3", "x");
      const seen: string[] = [];
      let batch = await reader.next();
      while (batch?.kind === "changes") {
        seen.push(...batch.changes.map(brief));
        batch = await reader.next();
      }
      expect(seen.slice(0, 2)).toEqual(["+/a/1=x@1", "+/a/2=x@2"]);
      expect(batch).toEqual({ kind: "progress", revision: seen.length });
    });

    test("answer every request for progress, also one that follows another at once", async () => {
      const store = await aStore();
      const reader = watch(store, "/a/", 0);
      await put(store, "/a/1", "x");
      expect(await reader.changes()).toEqual(["+/a/1=x@1"]);
      await put(store, "/b/1", "x");
      store.progress();
      expect(await reader.next()).toEqual({ kind: "progress", revision: 1 });
      expect(await reader.next()).toEqual({ kind: "progress", revision: 2 });
    });

    test("see nothing before it is durable and readable", async () => {
      const store = await aStore();
      const reader = watch(store, "/", 0);
      await reader.next();
      const seen = reader.changes().then(async (changes) => {
        expect((await store.get("/a", context))?.revision).toBe(1);
        return changes;
      });
      await put(store, "/a", "1");
      expect(await seen).toEqual(["+/a=1@1"]);
    });

    test("hand the same change to all watchers", async () => {
      const store = await aStore();
      const readers = [watch(store, "/", 0), watch(store, "/", 0), watch(store, "/a", 0)];
      for (const reader of readers) await reader.next();
      const batches = readers.map((reader) => reader.next());
      const entry = await store.create("/a", bytes("1"), aCause(), context);
      for (const batch of await Promise.all(batches)) {
        const [change] = batch?.kind === "changes" ? batch.changes : [];
        expect(change?.kind === "put" ? change.entry : undefined).toBe(entry);
      }
    });

    test("lose nothing when the reader is slow, however much comes meanwhile", async () => {
      const store = await aStore();
      const slow = watch(store, "/slow/", 0);
      await slow.next();
      const expected: string[] = [];
      for (let round = 0; round < 60; round += 1) {
        const others = Array.from({ length: 100 }, (_, index) =>
          store.create(`/other/${round}/${index}`, bytes("x"), aCause(), context),
        );
        const at = await put(store, `/slow/${round}`, "x");
        expected.push(`+/slow/${round}=x@${at}`);
        await Promise.all(others);
      }
      expect(await slow.upTo(store.status().revision)).toEqual(expected);
    });

    test("end when their signal aborts, waiting or not", async () => {
      const store = await aStore();
      const waiting = watch(store, "/", 0);
      await waiting.next();
      const end = waiting.next();
      waiting.abort();
      expect(await end).toBeUndefined();
      const idle = watch(store, "/", 0);
      await idle.next();
      await put(store, "/a", "1");
      idle.abort();
      expect(await idle.next()).toBeUndefined();
    });

    test("refuse a revision that does not exist yet", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await expect(watch(store, "/", 2).next()).rejects.toThrow(FutureRevisionError);
    });

    test("end when the store is closed", async () => {
      const store = await open(env);
      const reader = watch(store, "/", 0);
      await reader.next();
      const end = reader.next();
      await store.close();
      expect(await end).toBeUndefined();
    });
  });

  describe(`${name}: the past`, () => {
    test("a change can be read by its revision, with what it replaced and its cause", async () => {
      const store = await aStore();
      const cause = aCause({ actor: "kubectl", triggers: [1, 2] });
      const first = await store.create("/a", bytes("1"), cause, context);
      const second = await store.update("/a", first.revision, bytes("2"), aCause(), context);
      await store.delete("/a", second.revision, cause, context);
      const changes = await Promise.all(
        [0, 1, 2, 3, 4].map((at) => store.change(revision(at), context)),
      );
      expect(changes.map((change) => change && brief(change))).toEqual([
        undefined,
        "+/a=1@1",
        "+/a=2@2<1",
        "-/a@3<2",
        undefined,
      ]);
      expect(changes.map((change) => change?.cause.actor)).toEqual([
        undefined,
        "kubectl",
        "test",
        "kubectl",
        undefined,
      ]);
      expect(changes[1]?.cause).toEqual(cause);
    });

    test("the causes of all changes after a revision are told, oldest first", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/b", "2");
      await put(store, "/a", "3");
      await remove(store, "/b");
      const causes = async (after: number, limit = 10): Promise<readonly string[]> =>
        (await store.causes(revision(after), { limit }, context)).map(
          ({ revision: at, key, cause }) => `${at} ${key} ${cause.user}`,
        );
      const { user } = aCause();
      expect(await causes(1)).toEqual([`2 /b ${user}`, `3 /a ${user}`, `4 /b ${user}`]);
      expect(await causes(0, 2)).toEqual([`1 /a ${user}`, `2 /b ${user}`]);
      expect(await causes(4)).toEqual([]);
      await store.compact(revision(3), context);
      expect(await causes(0)).toEqual([`4 /b ${user}`]);
    });

    test("the history of a key is told newest first, deletions included", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/b", "x");
      await put(store, "/a", "3");
      await remove(store, "/a");
      await put(store, "/a", "5");
      const history = async (limit: number): Promise<readonly string[]> =>
        (await store.history("/a", { limit }, context)).map(
          (entry) => `${entry.revision}${entry.value === undefined ? "" : `=${text(entry.value)}`}`,
        );
      expect(await history(10)).toEqual(["5=5", "4", "3=3", "1=1"]);
      expect(await history(2)).toEqual(["5=5", "4"]);
      expect(await store.history("/c", { limit: 10 }, context)).toEqual([]);
    });

    test("compaction forgets changes, and keeps what is current", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/b", "2");
      await put(store, "/a", "3");
      await remove(store, "/b");
      await put(store, "/a", "5");
      await store.compact(revision(3), context);
      expect(store.status()).toEqual({ revision: 5, compacted: 3, keys: 1 });
      await expect(keys(store, "/", revision(2))).rejects.toThrow(CompactedError);
      expect(await keys(store, "/", revision(3))).toBe("/a=3 /b=2");
      expect(await keys(store, "/", revision(4))).toBe("/a=3");
      expect(await store.change(revision(3), context)).toBeUndefined();
      expect(brief((await store.change(revision(5), context)) ?? fail())).toBe("+/a=5@5<3");
      expect(brief((await store.change(revision(4), context)) ?? fail())).toBe("-/b@4<2");
      const history = await store.history("/a", { limit: 10 }, context);
      expect(history.map((entry) => entry.revision)).toEqual([5, 3]);
      await store.compact(revision(5), context);
      expect(await keys(store, "/")).toBe("/a=5");
      expect(await store.history("/b", { limit: 10 }, context)).toEqual([]);
    });

    test("compacting again or less is a no-op, and the future cannot be compacted", async () => {
      const store = await aStore();
      for (const value of ["1", "2", "3"]) await put(store, "/a", value);
      await store.compact(revision(2), context);
      await store.compact(revision(2), context);
      await store.compact(revision(1), context);
      expect(store.status().compacted).toBe(2);
      await expect(store.compact(revision(4), context)).rejects.toThrow(FutureRevisionError);
    });

    test("a watch is refused before the compacted revision, and not from there on", async () => {
      const store = await aStore();
      for (const value of ["1", "2", "3"]) await put(store, "/a", value);
      await store.compact(revision(2), context);
      await expect(watch(store, "/", 1).next()).rejects.toThrow(new CompactedError(revision(2)));
      expect(await watch(store, "/", 2).changes()).toEqual(["+/a=3@3<2"]);
    });

    test("a slow watcher whose position is compacted is told, one up to date is not", async () => {
      const store = await aStore();
      const [slow, quick] = [watch(store, "/a", 0), watch(store, "/b", 0)];
      await slow.next();
      await quick.next();
      const waiting = quick.next();
      for (const value of ["1", "2", "3"]) await put(store, "/a", value);
      await store.compact(revision(2), context);
      await expect(slow.next()).rejects.toThrow(CompactedError);
      await put(store, "/b", "1");
      const batch = await waiting;
      expect(batch?.kind === "changes" ? batch.changes.map(brief) : batch).toEqual(["+/b=1@4"]);
    });

    test("compaction while ranges are read gives whole answers or none", async () => {
      const store = await aStore();
      for (let round = 0; round < 5; round += 1) {
        for (let key = 0; key < 20; key += 1) await put(store, `/${key}`, `${round}`);
      }
      const reading = Promise.allSettled(
        [30, 40, 60, 99].map((at) => store.range({ prefix: "/", at: revision(at) }, context)),
      );
      await store.compact(revision(50), context);
      const settled = await reading;
      for (const outcome of settled) {
        if (outcome.status === "fulfilled") expect(outcome.value.entries).toHaveLength(20);
        else expect(outcome.reason).toBeInstanceOf(CompactedError);
      }
      expect(settled[2]?.status).toBe("fulfilled");
      expect(settled[3]?.status).toBe("fulfilled");
    });
  });

  test(`${name}: a closed store answers nothing, and closing twice is closing once`, async () => {
    const store = await open(env);
    await put(store, "/a", "1");
    const writing = store.create("/b", bytes("1"), aCause(), context);
    await Promise.all([store.close(), store.close()]);
    expect((await writing).revision).toBe(2);
    await expect(store.get("/a", context)).rejects.toThrow("closed");
    await expect(store.range({ prefix: "/" }, context)).rejects.toThrow("closed");
    await expect(store.create("/c", bytes("1"), aCause(), context)).rejects.toThrow("closed");
  });

  describe(`${name}: opened again`, () => {
    const again = async (store: Store): Promise<Store> => {
      const next = await reopen(store, env);
      opened.push(next);
      return next;
    };

    test("holds all entries, revisions, causes and the past", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await put(store, "/b", "2");
      await put(store, "/a", "3");
      await remove(store, "/b");
      const history = await store.history("/a", { limit: 9 }, context);
      const entry = await store.get("/a", context);
      const next = await again(store);
      expect(next.status()).toEqual({ revision: 4, compacted: 0, keys: 1 });
      expect(await next.get("/a", context)).toEqual(entry);
      expect(await next.history("/a", { limit: 9 }, context)).toEqual(history);
      expect(await keys(next, "/", revision(3))).toBe("/a=3 /b=2");
      const changes = ["+/a=1@1", "+/b=2@2", "+/a=3@3<1", "-/b@4<2"];
      expect(await watch(next, "/", 0).upTo(revision(4))).toEqual(changes);
      expect(await put(next, "/c", "5")).toBe(5);
    });

    test("remembers the compaction, and never uses a revision twice", async () => {
      const store = await aStore();
      await put(store, "/a", "1");
      await remove(store, "/a");
      await store.compact(revision(2), context);
      const next = await again(store);
      expect(next.status()).toEqual({ revision: 2, compacted: 2, keys: 0 });
      await expect(watch(next, "/", 1).next()).rejects.toThrow(CompactedError);
      expect(await put(next, "/b", "1")).toBe(3);
      const third = await again(next);
      expect(third.status()).toEqual({ revision: 3, compacted: 2, keys: 1 });
    });
  });
}

function fail(): never {
  throw new Error("there is no such change");
}
