import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realFiles } from "./files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "setpoint-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a written file is there whole, private, with no temporary file beside it", async () => {
  const path = join(folder, "a/b/secret");
  await realFiles.write(path, bytes("one"));
  await realFiles.write(path, bytes("two"), { mode: 0o600 });
  expect(new TextDecoder().decode(await realFiles.read(path))).toBe("two");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "a/b"))).toEqual(["secret"]);
});

test("what is absent reads as undefined, lists as empty and can be removed", async () => {
  expect(await realFiles.read(join(folder, "none"))).toBeUndefined();
  expect(await realFiles.list(join(folder, "none"))).toEqual([]);
  await realFiles.remove(join(folder, "none"));
});

test("names are listed in order", async () => {
  for (const name of ["b", "a", "c"]) await realFiles.write(join(folder, name), bytes(name));
  expect(await realFiles.list(folder)).toEqual(["a", "b", "c"]);
});
