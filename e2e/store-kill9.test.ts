/**
 * kill -9 in the middle of writes, many times over: every acknowledged write is there with its
 * value, nothing is half there, and no revision is ever used for something else.
 *
 * One child a cycle: it tells what it finds in the folder, then writes until it is killed at a
 * random moment, sometimes already while it opens the store. Now and then a new folder begins, so
 * that the first opening is interrupted too. Set SETPOINT_KILL9_CYCLES for more cycles.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const CYCLES = Number(process.env["SETPOINT_KILL9_CYCLES"] ?? 200);
const FOLDERS = 2; // at a time
const CYCLES_PER_FOLDER = 40;
const WRITING_MS_MAX = 40;
const OPENING_MS_MAX = 120;
let cacheFolder = "";
const WRITER = fileURLToPath(new URL("./store-writer.ts", import.meta.url));

/** What one life of the writer said. */
type Life = {
  readonly log: ReadonlyMap<number, string>;
  readonly now: readonly string[];
  /** Undefined: it was killed before. */
  readonly opened: { readonly revision: number; readonly compacted: number } | undefined;
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly compacted: number;
  readonly complaint: string;
};

/** What is known of a folder from all lives so far. */
class Model {
  readonly #changes = new Map<number, string>();
  #newest = 0;
  #compacted = 0;

  /** Checks what a life found, then adds what it did. */
  take(life: Life): void {
    if (life.opened !== undefined) this.#check(life, life.opened);
    for (const [revision, change] of life.acknowledged) this.#note(revision, change);
    this.#compacted = Math.max(this.#compacted, life.compacted);
  }

  #check(life: Life, opened: { readonly revision: number; readonly compacted: number }): void {
    const { revision: newest, compacted } = opened;
    expect(newest, "the newest revision is not lost").toBeGreaterThanOrEqual(this.#newest);
    expect(compacted, "a compaction is not lost").toBeGreaterThanOrEqual(this.#compacted);
    for (let revision = compacted + 1; revision <= newest; revision += 1) {
      expect(life.log.has(revision), `revision ${revision} is in the store`).toBe(true);
    }
    for (const [revision, change] of life.log) this.#note(revision, change);
    for (const [revision, change] of this.#changes) {
      if (revision > compacted) expect(life.log.get(revision)).toBe(change);
    }
    expect([...life.now].sort(), "the current values").toEqual(this.#current());
  }

  #note(revision: number, change: string): void {
    const known = this.#changes.get(revision);
    expect(change, `revision ${revision} is what it was`).toBe(known ?? change);
    this.#changes.set(revision, change);
    this.#newest = Math.max(this.#newest, revision);
  }

  #current(): readonly string[] {
    const current = new Map<string, string>();
    for (const [, change] of [...this.#changes].sort(([a], [b]) => a - b)) {
      const [, verb = "", key = ""] = change.split(" ");
      if (verb === "put") current.set(key, change);
      else current.delete(key);
    }
    return [...current.values()].sort();
  }
}

test(`after ${CYCLES} kills every acknowledged write is there`, { timeout: 600_000 }, async () => {
  const room = await mkdtemp(join(tmpdir(), "setpoint-kill9-"));
  try {
    await warmUp(room);
    const folders: Promise<Totals>[] = [];
    for (let folder = 0; folder < FOLDERS; folder += 1) {
      folders.push(killOverAndOver(join(room, `${folder}`), Math.ceil(CYCLES / FOLDERS)));
    }
    const totals = await Promise.all(folders);
    // Else it was the test that died, not the writer.
    expect(sum(totals.map(({ opened }) => opened))).toBeGreaterThan(CYCLES / 2);
    expect(sum(totals.map(({ acknowledged }) => acknowledged))).toBeGreaterThan(CYCLES * 5);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
});

type Totals = { readonly opened: number; readonly acknowledged: number };

async function killOverAndOver(folder: string, cycles: number): Promise<Totals> {
  let [model, opened, acknowledged] = [new Model(), 0, 0];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    if (cycle % CYCLES_PER_FOLDER === 0) {
      await rm(folder, { recursive: true, force: true });
      model = new Model();
    }
    const life = await liveAndDie(folder);
    expect(life.complaint).toBe("");
    model.take(life);
    opened += life.opened === undefined ? 0 : 1;
    acknowledged += life.acknowledged.size;
  }
  return { opened, acknowledged };
}

/** Fills the compile cache, which a killed process cannot: a cycle then costs half. */
async function warmUp(room: string): Promise<void> {
  cacheFolder = join(room, "cache");
  const child = start(join(room, "warm"), ["--once"]);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  child.stdout.resume();
  await once(child, "close");
  expect(complaint).toBe("");
  expect(child.exitCode).toBe(0);
}

function start(
  folder: string,
  args: readonly string[] = [],
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [WRITER, folder, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function liveAndDie(folder: string): Promise<Life> {
  const child = start(folder);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const lines: string[] = [];
  const isOpen = Promise.withResolvers<void>();
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => {
    lines.push(line);
    if (line.startsWith("open ")) isOpen.resolve();
  });
  const ended = Promise.all([once(child, "close"), once(output, "close")]);
  if (Math.random() < 0.2) await Promise.race([sleep(Math.random() * OPENING_MS_MAX), ended]);
  else {
    await Promise.race([isOpen.promise, ended]);
    await sleep(Math.random() * WRITING_MS_MAX);
  }
  child.kill("SIGKILL");
  await ended;
  if (child.signalCode !== "SIGKILL") complaint += `ended by itself: ${child.exitCode}`;
  return lifeOf(lines, complaint);
}

function lifeOf(lines: readonly string[], complaint: string): Life {
  const log = new Map<number, string>();
  const acknowledged = new Map<number, string>();
  const now: string[] = [];
  let opened: Life["opened"];
  let compacted = 0;
  for (const line of lines) {
    const [word = "", first = ""] = line.split(" ");
    const rest = line.slice(word.length + 1);
    if (word === "log") log.set(Number(first), rest);
    else if (word === "ack") acknowledged.set(Number(first), rest);
    else if (word === "now") now.push(rest);
    else if (word === "compacted") compacted = Number(first);
    else if (word === "open") {
      opened = { revision: Number(first), compacted: Number(line.split(" ")[2]) };
    }
  }
  return { log, now, opened, acknowledged, compacted, complaint };
}
