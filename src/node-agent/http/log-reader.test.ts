import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { diskLogFiles, rotatedFiles } from "./log-files.ts";
import { readLog, type LogReadOptions } from "./log-reader.ts";

const env = realEnv({ level: "silent" });
let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "setpoint-logs-"));
  file = join(directory, "0.log");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function record(second: number, text: string, tag = "F", stream = "stdout"): string {
  const time = `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000000Z`;
  return `${time} ${stream} ${tag} ${text}\n`;
}

const ALL: LogReadOptions = {
  isFollowed: false,
  hasTimestamps: false,
  sinceMs: undefined,
  tailLines: undefined,
  bytesMax: undefined,
};

async function read(options: Partial<LogReadOptions> = {}): Promise<string> {
  const parts: Uint8Array[] = [];
  const deps = { env, isOpen: () => Promise.resolve(false) };
  const signal = new AbortController().signal;
  for await (const part of readLog(file, { ...ALL, ...options }, deps, signal)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("a log", () => {
  test("that is not there is empty", async () => {
    expect(await read()).toBe("");
  });

  test("is text without times, or with them", async () => {
    await writeFile(file, record(1, "one") + record(2, "two words"));
    expect(await read()).toBe("one\ntwo words\n");
    expect(await read({ hasTimestamps: true })).toBe(
      "2026-01-01T00:00:01.000000000Z one\n2026-01-01T00:00:02.000000000Z two words\n",
    );
  });

  test("joins the pieces of a line, with one time", async () => {
    const pieces = record(1, "he", "P") + record(2, "l", "P") + record(3, "lo");
    await writeFile(file, pieces + record(4, "unfinished", "P"));
    expect(await read()).toBe("hello\nunfinished");
    expect(await read({ hasTimestamps: true })).toContain("00:01.000000000Z hello\n");
    expect(await read({ tailLines: 1 })).toBe("unfinished");
    expect(await read({ tailLines: 2 })).toBe("hello\nunfinished");
  });

  test("can begin some lines before the end, across rotated files", async () => {
    await writeFile(`${file}.00000001`, record(1, "a") + record(2, "b"));
    await writeFile(`${file}.00000002`, record(3, "c"));
    await writeFile(file, record(4, "d"));
    expect(await read()).toBe("a\nb\nc\nd\n");
    expect(await read({ tailLines: 3 })).toBe("b\nc\nd\n");
    expect(await read({ tailLines: 0 })).toBe("");
    expect(await read({ tailLines: 100 })).toBe("a\nb\nc\nd\n");
  });

  test("can begin at a time, and end after some bytes", async () => {
    await writeFile(file, record(1, "a") + record(2, "b") + record(3, "c"));
    const sinceMs = Date.parse("2026-01-01T00:00:02Z");
    expect(await read({ sinceMs })).toBe("b\nc\n");
    expect(await read({ sinceMs, tailLines: 1 })).toBe("c\n");
    expect(await read({ bytesMax: 3 })).toBe("a\nb");
  });

  test("passes over what is no record", async () => {
    await writeFile(file, `${record(1, "a")}garbage\n\n${record(2, "b")}2026-01-01T00:00`);
    expect(await read()).toBe("a\nb\n");
  });

  test("keeps characters of several bytes whole", async () => {
    const text = "ä€😀".repeat(20_000);
    await writeFile(file, record(1, text));
    expect(await read()).toBe(`${text}\n`);
  });

  test("can be followed through a rotation until it ends", async () => {
    await writeFile(file, record(1, "a"));
    let isOpen = true;
    const deps = { env, isOpen: () => Promise.resolve(isOpen) };
    const signal = new AbortController().signal;
    let text = "";
    const following = (async () => {
      const options = { ...ALL, isFollowed: true };
      for await (const part of readLog(file, options, deps, signal)) {
        text += Buffer.from(part).toString();
      }
    })();
    const until = async (wanted: string): Promise<void> => {
      while (text !== wanted) await env.timers.sleep(5, signal);
    };
    await until("a\n");
    await appendFile(file, record(2, "b"));
    await until("a\nb\n");
    await rename(file, `${file}.00000001`);
    await appendFile(`${file}.00000001`, record(3, "late"));
    await writeFile(file, record(4, "c"));
    await until("a\nb\nlate\nc\n");
    await appendFile(file, record(5, "end"));
    isOpen = false;
    await following;
    expect(text).toBe("a\nb\nlate\nc\nend\n");
  });

  test("stops being followed when the reader goes", async () => {
    await writeFile(file, record(1, "a"));
    const controller = new AbortController();
    const deps = { env, isOpen: () => Promise.resolve(true) };
    const options = { ...ALL, isFollowed: true };
    for await (const part of readLog(file, options, deps, controller.signal)) {
      expect(Buffer.from(part).toString()).toBe("a\n");
      controller.abort(new Error("the reader has gone"));
    }
  });
});

describe("log files", () => {
  test("are rotated when they have grown, and the oldest go", async () => {
    for (let round = 0; round < 6; round += 1) {
      await writeFile(file, record(round, "x".repeat(100)));
      expect(await diskLogFiles.rotate(file, 100, 3)).toBe(true);
    }
    await writeFile(file, record(9, "short"));
    expect(await diskLogFiles.rotate(file, 100, 3)).toBe(false);
    expect(await rotatedFiles(file)).toEqual([`${file}.00000005`, `${file}.00000006`]);
    await diskLogFiles.removeLog(file);
    expect(await rotatedFiles(file)).toEqual([]);
    expect(await diskLogFiles.rotate(file, 100, 3)).toBe(false);
  });

  test("give their last lines and bytes", async () => {
    await writeFile(file, record(1, "a") + record(2, "b") + record(3, "c"));
    expect(await diskLogFiles.lastLines(file, 2, 1_000)).toBe("b\nc\n");
    expect(await diskLogFiles.lastLines(file, 80, 3)).toBe("\nc\n");
    expect(await diskLogFiles.readTail(join(directory, "none"), 10)).toBe("");
    await writeFile(join(directory, "words"), "0123456789");
    expect(await diskLogFiles.readTail(join(directory, "words"), 4)).toBe("6789");
  });
});
