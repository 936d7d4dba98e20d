import { describe, expect, test } from "vitest";
import { Entry, type Revision, revision } from "../store.ts";
import { bytes } from "../testing/changes.ts";
import { KeyIndex } from "./key-index.ts";

function anEntry(key: string, written: number): Entry {
  const at = revision(written);
  return new Entry({ key, value: bytes(""), revision: at, createRevision: at });
}

/** The example of the file's header: created at 2, updated at 5, deleted at 7, created at 9. */
function theExample(): KeyIndex {
  const index = new KeyIndex();
  index.put(anEntry("/a", 2));
  index.put(anEntry("/a", 5));
  index.delete("/a", revision(7));
  index.put(anEntry("/a", 9));
  return index;
}

function versionsAt(
  index: KeyIndex,
  revisions: readonly number[],
): readonly (number | undefined)[] {
  return revisions.map((at) => {
    const [version] = index.at(revision(at), { prefix: "/a" }).found;
    return typeof version === "object" ? version.revision : version;
  });
}

function forgetAll(index: KeyIndex, at: number): readonly Revision[] {
  return index.forget(revision(at), { after: undefined, keys: 1_000 }).forgotten;
}

describe("key index", () => {
  test("knows what a key was at every revision", () => {
    const at = versionsAt(theExample(), [1, 2, 4, 5, 6, 7, 8, 9, 99]);
    expect(at).toEqual([undefined, 2, 2, 5, 5, undefined, undefined, 9, 9]);
    expect(theExample().revisions("/a")).toEqual([9, 7, 5, 2]);
  });

  for (const { at, forgotten, kept } of [
    { at: 1, forgotten: [], kept: [9, 7, 5, 2] },
    { at: 4, forgotten: [], kept: [9, 7, 5, 2] },
    { at: 6, forgotten: [2], kept: [9, 7, 5] },
    { at: 7, forgotten: [2, 5, 7], kept: [9] },
    { at: 9, forgotten: [2, 5, 7], kept: [9] },
  ]) {
    test(`forgets at ${at} what no read at ${at} or later needs, oldest first`, () => {
      const index = theExample();
      expect(forgetAll(index, at)).toEqual(forgotten);
      expect(index.revisions("/a")).toEqual(kept);
      expect(forgetAll(index, at)).toEqual([]);
    });
  }

  test("forgets a deleted key wholly", () => {
    const index = new KeyIndex();
    index.put(anEntry("/a", 1));
    index.delete("/a", revision(2));
    expect(index.size).toBe(0);
    expect(forgetAll(index, 2)).toEqual([1, 2]);
    expect(index.revisions("/a")).toEqual([]);
  });

  test("forgets in slices, each going on where the last one ended", () => {
    const index = new KeyIndex();
    for (let key = 0; key < 10; key += 1) index.put(anEntry(`/${key}`, key + 1));
    for (let key = 0; key < 10; key += 1) index.put(anEntry(`/${key}`, key + 11));
    const slices: number[] = [];
    let after: string | undefined;
    do {
      const { forgotten, next } = index.forget(revision(20), { after, keys: 4 });
      slices.push(forgotten.length);
      after = next;
    } while (after !== undefined);
    expect(slices).toEqual([4, 4, 2]);
  });

  test("counts the keys that have a value", () => {
    const index = theExample();
    index.put(anEntry("/b", 10));
    expect(index.size).toBe(2);
    index.delete("/b", revision(11));
    expect(index.size).toBe(1);
  });

  test("takes a deletion without its value only while a store is opened", () => {
    const index = new KeyIndex();
    index.restoreDeletion("/a", revision(3));
    expect(index.get("/a")).toBeUndefined();
    expect(forgetAll(index, 3)).toEqual([3]);
    expect(() => index.delete("/b", revision(4))).toThrow("had a value");
  });

  test("refuses revisions that go backwards", () => {
    const index = theExample();
    expect(() => index.put(anEntry("/a", 9))).toThrow("ascend");
  });
});
