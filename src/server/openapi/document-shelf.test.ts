import { expect, test } from "vitest";
import { DocumentShelf, SHELF_BYTES_MAX } from "./document-shelf.ts";

function aShelf(): {
  readonly made: string[];
  readonly get: (name: string, key: string, bytes?: number) => Promise<Uint8Array>;
} {
  const shelf = new DocumentShelf();
  const made: string[] = [];
  const get = (name: string, key: string, bytes = 1): Promise<Uint8Array> =>
    shelf.get(name, key, () => {
      made.push(`${name} ${key}`);
      return Promise.resolve(new Uint8Array(bytes));
    });
  return { made, get };
}

test("shelf: a document is made once for all, and anew when its key changes", async () => {
  const { made, get } = aShelf();
  await Promise.all([get("a", "1"), get("a", "1")]);
  await get("a", "1");
  await get("a", "2");
  expect(made).toEqual(["a 1", "a 2"]);
});

test("shelf: the least used leaves when there is no more room", async () => {
  const { made, get } = aShelf();
  const half = SHELF_BYTES_MAX / 2;
  await get("a", "1", half);
  await get("b", "1", half);
  await get("a", "1", half); // used again
  await get("c", "1", half);
  await get("a", "1", half);
  expect(made).toEqual(["a 1", "b 1", "c 1"]);
  await get("b", "1", half);
  expect(made.at(-1)).toBe("b 1");
});

test("shelf: what is larger than the shelf is made for each who asks", async () => {
  const { made, get } = aShelf();
  await get("a", "1", SHELF_BYTES_MAX + 1);
  await get("a", "1", SHELF_BYTES_MAX + 1);
  expect(made).toHaveLength(2);
});
