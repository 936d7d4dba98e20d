import { lstat, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { mkdir, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../pod/config-error.ts";
import { diskVolumes } from "./disk-volumes.ts";
import type { PodVolumes, VolumeFile } from "./volumes.ts";

let root: string;
let volumes: PodVolumes;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "setpoint-volumes-"));
  volumes = diskVolumes(join(root, "volumes"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

function aFile(path: string, text: string, mode = 0o644): VolumeFile {
  return { path, content: new TextEncoder().encode(text), mode };
}

async function prepareFiles(files: readonly VolumeFile[]): Promise<string> {
  const paths = await volumes.prepare("uid", [{ kind: "files", name: "config", files }]);
  return paths.get("config") ?? "";
}

describe("a volume of files", () => {
  test("shows each file under its path, with its mode, below ..data", async () => {
    const path = await prepareFiles([aFile("a.txt", "one"), aFile("dir/b.txt", "two", 0o400)]);
    expect(await readFile(join(path, "a.txt"), "utf8")).toBe("one");
    expect(await readFile(join(path, "dir/b.txt"), "utf8")).toBe("two");
    expect((await stat(join(path, "dir/b.txt"))).mode & 0o777).toBe(0o400);
    expect(await readlink(join(path, "a.txt"))).toBe("..data/a.txt");
    expect((await lstat(join(path, "..data"))).isSymbolicLink()).toBe(true);
  });

  test("changes by swapping ..data, and keeps no old version", async () => {
    const path = await prepareFiles([aFile("a", "1"), aFile("gone", "x")]);
    const before = await readlink(join(path, "..data"));
    expect(await prepareFiles([aFile("a", "2"), aFile("new", "y")])).toBe(path);
    expect(await readFile(join(path, "a"), "utf8")).toBe("2");
    expect(await readFile(join(path, "new"), "utf8")).toBe("y");
    const names = await readdir(path);
    expect(names).not.toContain("gone");
    expect(names).not.toContain(before);
    expect(names.filter((name) => name.startsWith("..v"))).toHaveLength(1);
  });

  test("is left alone when nothing changed", async () => {
    const path = await prepareFiles([aFile("a", "1")]);
    const before = await readlink(join(path, "..data"));
    await prepareFiles([aFile("a", "1")]);
    expect(await readlink(join(path, "..data"))).toBe(before);
    await prepareFiles([aFile("a", "1", 0o600)]);
    expect(await readlink(join(path, "..data"))).not.toBe(before);
  });

  test("holds a key named __proto__ like any other", async () => {
    const path = await prepareFiles([aFile("__proto__", "x")]);
    expect(await readFile(join(path, "__proto__"), "utf8")).toBe("x");
  });
});

describe("an empty volume", () => {
  test("is writable for everyone and keeps its content when it is prepared again", async () => {
    const content = [{ kind: "empty", name: "scratch" }] as const;
    const path = (await volumes.prepare("uid", content)).get("scratch") ?? "";
    expect((await stat(path)).mode & 0o777).toBe(0o777);
    await writeFile(join(path, "kept"), "x");
    await volumes.prepare("uid", content);
    expect(await readFile(join(path, "kept"), "utf8")).toBe("x");
  });

  test("goes with the pod", async () => {
    await volumes.prepare("uid", [{ kind: "empty", name: "scratch" }]);
    expect(await volumes.list()).toEqual(["uid"]);
    await volumes.remove("uid");
    await volumes.remove("uid");
    expect(await volumes.list()).toEqual([]);
  });
});

describe("a host path", () => {
  test("is checked against its type", async () => {
    const path = join(root, "host");
    const host = { kind: "host", name: "h", path } as const;
    await expect(volumes.prepare("uid", [{ ...host, type: "Directory" }])).rejects.toThrow(
      ConfigError,
    );
    await volumes.prepare("uid", [{ ...host, type: "DirectoryOrCreate" }]);
    expect((await volumes.prepare("uid", [{ ...host, type: "Directory" }])).get("h")).toBe(path);
    await expect(volumes.prepare("uid", [{ ...host, type: "File" }])).rejects.toThrow("File");
  });

  test("must be absolute and without ..", async () => {
    const bad = { kind: "host", name: "h", path: "/a/../b", type: "" } as const;
    await expect(volumes.prepare("uid", [bad])).rejects.toThrow("not an absolute path");
  });
});

describe("a sub-path", () => {
  test("is made inside the volume", async () => {
    const volume = join(root, "v");
    await mkdir(volume);
    expect(await volumes.subPath(volume, "a/b")).toBe(join(volume, "a/b"));
    expect((await stat(join(volume, "a/b"))).isDirectory()).toBe(true);
  });

  test("never leads out of the volume, not even by a link", async () => {
    const volume = join(root, "v");
    await mkdir(volume);
    await mkdir(join(root, "outside"));
    await symlink(join(root, "outside"), join(volume, "link"));
    await expect(volumes.subPath(volume, "../outside")).rejects.toThrow(ConfigError);
    await expect(volumes.subPath(volume, "link/deep")).rejects.toThrow(ConfigError);
    expect(await readdir(join(root, "outside"))).toEqual([]);
  });
});
