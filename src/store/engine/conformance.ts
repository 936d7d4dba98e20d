/** What every engine promises, as tests. Each opens a fresh, empty engine. */
import { afterEach, describe, expect, test } from "vitest";
import { type Revision, revision } from "../store.ts";
import { aCause, bytes } from "../testing/changes.ts";
import type { Engine, PageLimit, StoredRecord } from "./engine.ts";

/** How a suite gets at engines. */
export type EngineUnderTest = {
  readonly open: () => Promise<Engine>;
  /** Closes the engine and opens what it left behind. */
  readonly reopen: (engine: Engine) => Promise<Engine>;
};

/** A record for tests: a put of its revision's number, unless `parts` say otherwise. */
export function aRecord(at: number, parts: Partial<StoredRecord> = {}): StoredRecord {
  return {
    key: `/${at}`,
    revision: revision(at),
    createRevision: revision(at),
    previous: revision(0),
    value: bytes(`${at}`),
    cause: aCause(),
    ...parts,
  };
}

const ALL: PageLimit = { records: 1_000_000, bytes: 2 ** 40 };

/** Runs the suite. */
export function engineConformance(name: string, { open, reopen }: EngineUnderTest): void {
  const opened: Engine[] = [];
  const anEngine = async (count = 0): Promise<Engine> => {
    const engine = await open();
    opened.push(engine);
    if (count > 0) await engine.append(Array.from({ length: count }, (_, at) => aRecord(at + 1)));
    return engine;
  };
  const again = async (engine: Engine): Promise<Engine> => {
    const next = await reopen(engine);
    opened.push(next);
    return next;
  };
  const revisions = async (engine: Engine, after = 0, limit = ALL): Promise<readonly Revision[]> =>
    (await engine.page(revision(after), limit)).map((record) => record.revision);

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((engine) => engine.close()));
  });

  describe(`${name} engine`, () => {
    test("is empty at first", async () => {
      const engine = await anEngine();
      expect(await engine.state()).toEqual({ revision: 0, compacted: 0 });
      expect(await revisions(engine)).toEqual([]);
      expect(await engine.read([revision(1)])).toEqual([undefined]);
    });

    test("gives every record back as it was, also when opened again", async () => {
      const engine = await anEngine();
      const records = [
        aRecord(1, { key: "/\ud83d\ude00/__proto__", value: new Uint8Array(100_000).fill(7) }),
        aRecord(2, { value: bytes(""), cause: aCause({ triggers: [1], actor: "kubectl" }) }),
        aRecord(3, { value: undefined, previous: revision(1), createRevision: revision(1) }),
        aRecord(4, { key: "/2", previous: revision(2), createRevision: revision(2) }),
      ];
      await engine.append(records.slice(0, 2));
      await engine.append(records.slice(2));
      expect(await engine.page(revision(0), ALL)).toEqual(records);
      const next = await again(engine);
      expect(await next.page(revision(0), ALL)).toEqual(records);
      expect(await next.read([4, 1].map(revision))).toEqual([records[3], records[0]]);
      expect(await next.state()).toEqual({ revision: 4, compacted: 0 });
    });

    test("pages by count and by bytes, with at least one record", async () => {
      const engine = await anEngine(10);
      expect(await revisions(engine, 3, { records: 2, bytes: 1_000_000 })).toEqual([4, 5]);
      expect(await revisions(engine, 0, { records: 100, bytes: 1 })).toEqual([1]);
      expect(await revisions(engine, 9)).toEqual([10]);
      expect(await revisions(engine, 10)).toEqual([]);
    });

    test("drops records and keeps the rest", async () => {
      const engine = await anEngine(5);
      await engine.compact({ compacted: revision(4), drop: [1, 3].map(revision) });
      expect(await engine.state()).toEqual({ revision: 5, compacted: 4 });
      expect(await revisions(engine)).toEqual([2, 4, 5]);
      expect(await engine.read([revision(3)])).toEqual([undefined]);
      const next = await again(engine);
      expect(await next.state()).toEqual({ revision: 5, compacted: 4 });
      expect(await revisions(next)).toEqual([2, 4, 5]);
    });

    test("drops many records at once", async () => {
      const engine = await anEngine(3_000);
      const drop = Array.from({ length: 2_500 }, (_, at) => revision(at + 1));
      await engine.compact({ compacted: revision(2_500), drop });
      expect((await revisions(engine))[0]).toBe(2_501);
    });

    test("knows the newest revision when its record was dropped", async () => {
      const engine = await anEngine(3);
      await engine.compact({ compacted: revision(3), drop: [1, 2, 3].map(revision) });
      const next = await again(engine);
      expect(await next.state()).toEqual({ revision: 3, compacted: 3 });
      await next.append([aRecord(4)]);
      expect(await (await again(next)).state()).toEqual({ revision: 4, compacted: 3 });
    });

    test("refuses a group that leaves a gap", async () => {
      const engine = await anEngine(3);
      const gap = async (): Promise<void> => engine.append([aRecord(5)]);
      await expect(gap()).rejects.toThrow("without gaps");
      expect(await revisions(engine)).toEqual([1, 2, 3]);
    });
  });
}
