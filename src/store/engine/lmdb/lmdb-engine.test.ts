import {
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { open as openLmdb } from "lmdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { virtualEnv } from "../../../base/virtual/virtual-env.ts";
import { openLmdbStore } from "../../lmdb-store.ts";
import { revision } from "../../store.ts";
import { aCause } from "../../testing/changes.ts";
import { aRecord, engineConformance } from "../conformance.ts";
import { CorruptRecordError, type Engine, type StoredRecord } from "../engine.ts";
import { UnknownFormatError } from "./data-folder.ts";
import { StoreInUseError } from "./folder-lock.ts";
import { LmdbEngine } from "./lmdb-engine.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

let room = "";
let folders = 0;
const folderOf = new WeakMap<Engine, string>();

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), "setpoint-lmdb-"));
});
afterAll(() => rm(room, { recursive: true, force: true }));

/** A folder that is not there yet. */
function aFolder(): string {
  folders += 1;
  return join(room, "not", "yet", `${folders}`);
}

async function openIn(folder: string): Promise<LmdbEngine> {
  const engine = await LmdbEngine.open(folder);
  folderOf.set(engine, folder);
  return engine;
}

engineConformance("LMDB", {
  open: () => openIn(aFolder()),
  reopen: async (engine) => {
    await engine.close();
    return openIn(folderOf.get(engine) ?? "");
  },
});

/** Changes the stored bytes of a record behind the engine's back. */
async function tamper(
  folder: string,
  at: number,
  change: (bytes: Buffer) => Buffer | undefined,
): Promise<void> {
  const environment = openLmdb({ path: folder, noSubdir: false, encoding: "binary", maxDbs: 2 });
  const records = environment.openDB<Buffer, number>({ name: "records", encoding: "binary" });
  const changed = change(Buffer.from(records.get(at) ?? []));
  await (changed === undefined ? records.remove(at) : records.put(at, changed));
  await environment.flushed;
  await environment.close();
}

async function aFolderWith(count: number): Promise<string> {
  const folder = aFolder();
  const engine = await LmdbEngine.open(folder);
  await engine.append(Array.from({ length: count }, (_, at) => aRecord(at + 1)));
  await engine.close();
  return folder;
}

describe("LMDB record", () => {
  const anyRevision = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(revision);
  const anyRecord: fc.Arbitrary<StoredRecord> = fc.record({
    key: fc.string({ unit: "binary", minLength: 1 }),
    revision: anyRevision,
    createRevision: anyRevision,
    previous: anyRevision,
    value: fc.option(fc.uint8Array(), { nil: undefined }),
    cause: fc.constant(aCause()),
  });

  test("comes back as it was", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(decodeRecord(encodeRecord(record), record.revision, "/data")).toEqual(record);
      }),
    );
  });

  test("is refused with any bit flipped, cut short, or under another revision", () => {
    const bytes = encodeRecord(aRecord(7));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decodeRecord(flipped, revision(7), "/data")).toThrow(CorruptRecordError);
    }
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      expect(() => decodeRecord(cut, revision(7), "/data")).toThrow(CorruptRecordError);
    }
    expect(() => decodeRecord(bytes, revision(8), "/data")).toThrow(
      "revision 8 in the data folder",
    );
  });

  test("of a later format is refused, although its checksum is right", () => {
    const bytes = encodeRecord(aRecord(7));
    bytes[4] = 2;
    bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
    expect(() => decodeRecord(bytes, revision(7), "/data")).toThrow(CorruptRecordError);
  });
});

describe("a damaged data folder", () => {
  const env = virtualEnv();

  test("is refused with the name of the damaged record, and the folder is let go", async () => {
    const folder = await aFolderWith(3);
    await tamper(folder, 2, (bytes) => bytes.fill(0xff, bytes.length - 1));
    await expect(openLmdbStore({ directory: folder, env })).rejects.toThrow(
      `the record of revision 2 in the data folder ${folder} is damaged`,
    );
    const engine = await LmdbEngine.open(folder);
    await expect(engine.read([revision(2)])).rejects.toThrow(CorruptRecordError);
    expect(await engine.read([revision(3)])).toEqual([aRecord(3)]);
    await engine.close();
  });

  test("is refused when a record in the middle is gone", async () => {
    const folder = await aFolderWith(3);
    await tamper(folder, 2, () => undefined);
    await expect(openLmdbStore({ directory: folder, env })).rejects.toThrow(
      "the record of revision 2 is missing",
    );
  });

  test("is refused when two records changed places", async () => {
    const folder = await aFolderWith(3);
    await tamper(folder, 2, () => encodeRecord(aRecord(3)));
    await expect(openLmdbStore({ directory: folder, env })).rejects.toThrow(CorruptRecordError);
  });

  for (const { what, content } of [
    { what: "noise", content: Buffer.alloc(50_000, "noise") },
    { what: "a few bytes", content: Buffer.from("x") },
  ]) {
    test(`is refused when its data file is ${what}`, async () => {
      const folder = await aFolderWith(1);
      await writeFile(join(folder, "data.mdb"), content);
      await expect(LmdbEngine.open(folder)).rejects.toThrow("it is no LMDB file");
    });
  }
});

describe("a data file that was cut short", () => {
  /** Of small pages with large values in overflows, so that every kind of page is there. */
  async function aFullFolder(): Promise<{ readonly folder: string; readonly data: string }> {
    const folder = aFolder();
    const engine = await LmdbEngine.open(folder);
    const value = new Uint8Array(10_000);
    const records = Array.from({ length: 300 }, (_, at) =>
      aRecord(at + 1, at % 10 === 0 ? { value } : {}),
    );
    await engine.append(records);
    await engine.close();
    return { folder, data: join(folder, "data.mdb") };
  }

  test("is refused with what is missing and what to do, wherever it was cut", async () => {
    const { folder, data } = await aFullFolder();
    const { size } = await stat(data);
    for (const left of [size - 4096, Math.floor(size / 2), 3 * 4096, 2 * 4096]) {
      await truncate(data, left);
      await expect(LmdbEngine.open(folder)).rejects.toThrow(UnknownFormatError);
      await expect(LmdbEngine.open(folder)).rejects.toThrow(
        `${data} is damaged: it was cut short, and at least ${size - left} bytes at its end are ` +
          `missing; restore the folder ${folder} from a backup, or move it away and start anew`,
      );
    }
    await truncate(data, 4096); // only the older half of what says how long it was is left
    await expect(LmdbEngine.open(folder)).rejects.toThrow("it was cut short");
  });

  test("is as good as new if nobody uses the pages that are missing", async () => {
    const { folder, data } = await aFullFolder();
    const { size } = await stat(data);
    for (const at of [0, 4096]) await claimPages(data, at, 5n);
    const engine = await LmdbEngine.open(folder);
    expect((await engine.page(revision(0), { records: 999, bytes: 9_999_999 })).length).toBe(300);
    await engine.close();
    await truncate(data, size - 4096);
    await expect(LmdbEngine.open(folder)).rejects.toThrow(`${6 * 4096} bytes at its end`);
  });

  /** Makes a meta page say that there are more pages, as if some were taken and given back. */
  async function claimPages(data: string, metaAt: number, pages: bigint): Promise<void> {
    const file = await openFile(data, "r+");
    const last = Buffer.alloc(8);
    await file.read(last, 0, 8, metaAt + 144);
    last.writeBigUInt64LE(last.readBigUInt64LE() + pages);
    await file.write(last, 0, 8, metaAt + 144);
    await file.close();
  }

  test("is never seen in a store that was closed, whatever was dropped from it", async () => {
    const folder = aFolder();
    for (let round = 0; round < 12; round += 1) {
      const engine = await LmdbEngine.open(folder);
      const { revision: newest } = await engine.state();
      const added = Array.from({ length: 60 }, (_, at) => aRecord(newest + at + 1));
      await engine.append(added);
      const drop = Array.from({ length: newest }, (_, at) => revision(at + 1));
      await engine.compact({ compacted: revision(newest), drop });
      await engine.close();
    }
    const engine = await LmdbEngine.open(folder);
    expect((await engine.page(revision(0), { records: 999, bytes: 9_999_999 })).length).toBe(60);
    await engine.close();
  });
});

describe("a data folder of another kind", () => {
  test("of a later format is refused with what to do", async () => {
    const folder = await aFolderWith(1);
    await writeFile(join(folder, "format"), "setpoint-store lmdb 2\n");
    await expect(LmdbEngine.open(folder)).rejects.toThrow(UnknownFormatError);
    await expect(LmdbEngine.open(folder)).rejects.toThrow(
      `the data folder ${folder} has the format "setpoint-store lmdb 2", and this version of ` +
        `Setpoint knows only "setpoint-store lmdb 1"; use the version that made it`,
    );
    expect(await readFile(join(folder, "format"), "utf8")).toBe("setpoint-store lmdb 2\n");
  });

  test("with somebody else's LMDB files is refused and left alone", async () => {
    const folder = await aFolderWith(1);
    await rm(join(folder, "format"));
    await expect(LmdbEngine.open(folder)).rejects.toThrow("Setpoint did not make it");
    expect((await readdir(folder)).sort()).toEqual(["data.mdb", "lock.mdb"]);
  });

  test("that is new is made for this user only", async () => {
    const folder = aFolder();
    const engine = await LmdbEngine.open(folder);
    await engine.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe("the lock of a data folder", () => {
  test("keeps a second store out until the first closes, and names both", async () => {
    const folder = aFolder();
    const first = await LmdbEngine.open(folder);
    await expect(LmdbEngine.open(folder)).rejects.toThrow(StoreInUseError);
    await expect(LmdbEngine.open(folder)).rejects.toThrow(
      `the data folder ${folder} is in use by process ${process.pid}; stop that process first`,
    );
    await first.append([aRecord(1)]);
    await first.close();
    const second = await LmdbEngine.open(folder);
    expect(await second.state()).toEqual({ revision: 1, compacted: 0 });
    await second.close();
    expect((await readdir(folder)).filter((name) => name.startsWith("in-use"))).toEqual([]);
  });

  test("is void if its process is gone, is another one, or was before a reboot", async () => {
    const folder = await aFolderWith(1);
    const probe = await LmdbEngine.open(folder);
    const names = await readdir(folder);
    await probe.close();
    const [, pid, start, boot] = names.find((name) => name.startsWith("in-use"))?.split(".") ?? [];
    for (const stale of [
      `in-use.4194305.${start}.${boot}.1`,
      `in-use.${pid}.1.${boot}.1`,
      `in-use.${pid}.${start}.0123abcd.1`,
    ]) {
      await writeFile(join(folder, stale), "");
      const engine = await LmdbEngine.open(folder);
      await engine.close();
      expect(await readdir(folder)).not.toContain(stale);
    }
    await writeFile(join(folder, `in-use.${pid}.${start}.${boot}.99999`), "");
    await expect(LmdbEngine.open(folder)).rejects.toThrow(StoreInUseError);
  });

  test("admits at most one of many that come at once", async () => {
    const folder = aFolder();
    const openings = Array.from({ length: 5 }, () => LmdbEngine.open(folder));
    const settled = await Promise.allSettled(openings);
    const inside = settled.filter((opening) => opening.status === "fulfilled");
    expect(inside.length).toBeLessThanOrEqual(1);
    for (const opening of inside) await opening.value.close();
    await (await LmdbEngine.open(folder)).close();
  });
});

test("a second writer behind the lock's back is noticed, and nothing is overwritten", async () => {
  const folder = aFolder();
  const engine = await LmdbEngine.open(folder);
  await engine.append([aRecord(1)]);
  const foreign = encodeRecord(aRecord(2, { key: "/foreign" }));
  await tamper(folder, 2, () => foreign);
  await expect(engine.append([aRecord(2), aRecord(3)])).rejects.toThrow("another process writes");
  await expect(engine.append([aRecord(2)])).rejects.toThrow("an earlier write failed");
  await engine.close();
  const again = await LmdbEngine.open(folder);
  expect(
    (await again.page(revision(1), { records: 9, bytes: 9_999 })).map(({ key }) => key),
  ).toEqual(["/foreign"]);
  await again.close();
});

test("a folder that cannot be made is refused with the system's reason", async () => {
  const file = join(room, "a-file");
  await writeFile(file, "");
  await expect(LmdbEngine.open(join(file, "below"))).rejects.toThrow("ENOTDIR");
});
