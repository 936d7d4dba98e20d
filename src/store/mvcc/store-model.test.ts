/** Random lives of a store, compared step by step with a list of changes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Engine } from "../engine/engine.ts";
import { LmdbEngine } from "../engine/lmdb/lmdb-engine.ts";
import { MemoryEngine } from "../engine/memory/memory-engine.ts";
import { CompactedError, type RangeOptions, revision, type Store } from "../store.ts";
import { aCause, brief, bytes } from "../testing/changes.ts";
import { StoreModel } from "../testing/model.ts";
import { WatchReader } from "../testing/watch-reader.ts";
import { MvccStore } from "./mvcc-store.ts";

const env = virtualEnv();
const context = aContext(env);

const KEYS = ["/a", "/a/1", "/a/2", "/b/1", "/b/2", "/c"];
const PREFIXES = ["", "/a", "/a/", "/b/", "/d"];

type Step =
  | { readonly kind: "write"; readonly key: string; readonly isDelete: boolean }
  /** Several writes at once, of different keys. */
  | { readonly kind: "burst"; readonly keys: readonly string[] }
  | { readonly kind: "watch"; readonly prefix: string; readonly back: number }
  | { readonly kind: "read watches" }
  | { readonly kind: "range"; readonly options: RangeOptions; readonly back: number }
  | { readonly kind: "past"; readonly key: string; readonly back: number }
  | { readonly kind: "compact"; readonly back: number }
  | { readonly kind: "reopen" };

const anyKey = fc.constantFrom(...KEYS);
const anyPrefix = fc.constantFrom(...PREFIXES);
const anyBack = fc.nat({ max: 12 });
const anyOptions: fc.Arbitrary<RangeOptions> = fc.record(
  { prefix: anyPrefix, after: fc.constantFrom(...KEYS, "/"), limit: fc.nat({ max: 4 }) },
  { requiredKeys: ["prefix"] },
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("write"), key: anyKey, isDelete: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("burst"), keys: fc.uniqueArray(anyKey) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("watch"), prefix: anyPrefix, back: anyBack }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "read watches" }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("range"), options: anyOptions, back: anyBack }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("past"), key: anyKey, back: anyBack }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("compact"), back: anyBack }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" }) },
) as fc.Arbitrary<Step>;

/** A watch and how far the test has read it. */
type Watch = { readonly reader: WatchReader; readonly prefix: string; read: number };

class Life {
  readonly #open: () => Promise<Store>;
  readonly #model = new StoreModel();
  #store: Store;
  #watches: Watch[] = [];

  private constructor(open: () => Promise<Store>, store: Store) {
    this.#open = open;
    this.#store = store;
  }

  static async begin(open: () => Promise<Store>): Promise<Life> {
    return new Life(open, await open());
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "write":
        return this.#write(step.key, step.isDelete);
      case "burst":
        return this.#burst(step.keys);
      case "watch":
        return this.#watch(step.prefix, this.#back(step.back));
      case "read watches":
        return this.#readWatches();
      case "range":
        return this.#range(step.options, this.#back(step.back));
      case "past":
        return this.#past(step.key, this.#back(step.back));
      case "compact":
        this.#model.compact(revision(this.#back(step.back)));
        return this.#store.compact(revision(this.#back(step.back)), context);
      case "reopen":
        return this.#reopen();
    }
  }

  async end(): Promise<void> {
    await this.#readWatches();
    const { newest, compacted } = this.#model;
    const [, keys] = this.#model.range({ prefix: "", limit: 0 });
    expect(this.#store.status()).toEqual({ revision: newest, compacted, keys });
    await this.#store.close();
  }

  #back(by: number): number {
    return Math.max(0, this.#model.newest - by);
  }

  async #write(key: string, isDelete: boolean): Promise<void> {
    const current = this.#model.revisionOf(key);
    const wrong = revision(current + 1);
    const value = bytes(`v${this.#model.newest + 1}`);
    if (current === 0) {
      await expect(this.#store.update(key, wrong, value, aCause(), context)).rejects.toThrow();
      await expect(this.#store.delete(key, wrong, aCause(), context)).rejects.toThrow();
      await this.#put(key, current);
    } else if (isDelete) {
      await expect(this.#store.delete(key, wrong, aCause(), context)).rejects.toThrow();
      const at = await this.#store.delete(key, revision(current), aCause(), context);
      expect(at).toBe(this.#model.write(key, undefined));
    } else {
      await expect(this.#store.create(key, value, aCause(), context)).rejects.toThrow();
      await this.#put(key, current);
    }
  }

  async #put(key: string, current: number): Promise<void> {
    const value = `v${this.#model.newest + 1}`;
    const at = this.#model.write(key, value);
    const entry =
      current === 0
        ? await this.#store.create(key, bytes(value), aCause(), context)
        : await this.#store.update(key, revision(current), bytes(value), aCause(), context);
    expect(entry.revision).toBe(at);
  }

  async #burst(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#put(key, this.#model.revisionOf(key))));
  }

  async #watch(prefix: string, after: number): Promise<void> {
    const reader = new WatchReader(this.#store, { prefix, after: revision(after) }, context);
    if (after < this.#model.compacted) {
      await expect(reader.next()).rejects.toThrow(CompactedError);
    } else this.#watches.push({ reader, prefix, read: after });
  }

  async #readWatches(): Promise<void> {
    const { newest, compacted } = this.#model;
    this.#store.progress();
    for (const watch of this.#watches) {
      if (watch.read < compacted) {
        await expect(watch.reader.next()).rejects.toThrow(CompactedError);
      } else {
        const seen = await watch.reader.upTo(revision(newest));
        expect(seen).toEqual(this.#model.changes(watch.prefix, watch.read));
        watch.read = newest;
      }
    }
    this.#watches = this.#watches.filter(({ read }) => read === newest);
  }

  async #range(options: RangeOptions, at: number): Promise<void> {
    const asked = { ...options, at: revision(at) };
    if (at < this.#model.compacted) {
      await expect(this.#store.range(asked, context)).rejects.toThrow(CompactedError);
      return;
    }
    const { entries, remaining, revision: read } = await this.#store.range(asked, context);
    const found = entries.map((entry) => `${entry.key}@${entry.revision}`).join(" ");
    expect([found, remaining]).toEqual(this.#model.range(asked));
    expect(read).toBe(at);
  }

  async #past(key: string, at: number): Promise<void> {
    const history = await this.#store.history(key, { limit: 100 }, context);
    expect(history.map((entry) => entry.revision)).toEqual(this.#model.history(key));
    const change = await this.#store.change(revision(at), context);
    const isKept = at > this.#model.compacted;
    expect(change && brief(change)).toBe(isKept ? this.#model.changes("", at - 1)[0] : undefined);
  }

  async #reopen(): Promise<void> {
    await this.#store.close();
    this.#watches = [];
    this.#store = await this.#open();
    const { newest, compacted } = this.#model;
    expect(this.#store.status()).toMatchObject({ revision: newest, compacted });
  }
}

async function checkLives(
  numRuns: number,
  openEngine: () => Promise<() => Promise<Engine>>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: "max" }), async (steps) => {
      const reopen = await openEngine();
      const life = await Life.begin(async () => MvccStore.open({ engine: await reopen(), env }));
      for (const step of steps) await life.take(step);
      await life.end();
    }),
    { numRuns },
  );
}

test("a store over the memory engine does what the model does", async () => {
  await checkLives(150, async () => {
    const engine = new MemoryEngine();
    return async () => engine;
  });
});

test("a store over the LMDB engine does what the model does", { timeout: 30_000 }, async () => {
  const room = await mkdtemp(join(tmpdir(), "setpoint-model-"));
  let folders = 0;
  try {
    await checkLives(15, async () => {
      folders += 1;
      const folder = join(room, `${folders}`);
      return () => LmdbEngine.open(folder);
    });
  } finally {
    await rm(room, { recursive: true, force: true });
  }
});
