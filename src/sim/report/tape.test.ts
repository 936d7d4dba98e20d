import { expect, test } from "vitest";
import type { Files } from "../../base/files.ts";
import { createA, probeSystem, runWith } from "../testing/probe.ts";
import type { Recording } from "../shrink/shrink.ts";
import { saveTape } from "./save-tape.ts";
import { checkOperations, readTape, recordingOf, systemName, tapeOf } from "./tape.ts";

const step = (name: string) => ({ name, run: () => Promise.resolve() });
const operations = ["create a", "delete a", "create a", "delete a"].map(step);
const { system } = await probeSystem(createA, { operations });

const CREATE = "call: probe: create configmaps default/a";
const recording: Recording = {
  seed: 7,
  taken: new Map([[CREATE, "lost after effect"]]),
  skipped: new Set([1, 2]),
  ordersEvents: true,
};

/** Files in memory. */
function filesOf(texts: Readonly<Record<string, string>> = {}): Files {
  const kept = new Map(Object.entries(texts));
  return {
    read: (path) => {
      const text = kept.get(path);
      return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
    },
    write: (path, content) => {
      kept.set(path, new TextDecoder().decode(content));
      return Promise.resolve();
    },
    list: () => Promise.resolve([...kept.keys()].toSorted()),
    remove: () => Promise.resolve(),
  };
}

test("a tape stands for its recording, also where operations are called the same", () => {
  const tape = tapeOf(system, recording);
  expect(tape.operations).toEqual(["create a", "delete a#2"]);
  expect(recordingOf(system, tape)).toEqual(recording);
});

test("a tape survives an operation that is added, and one that is gone", () => {
  const tape = tapeOf(system, { ...recording, skipped: new Set([2, 3]) });
  const added = { ...system, operations: [step("create b"), ...operations] };
  expect(recordingOf(added, tape).skipped).toEqual(new Set([0, 3, 4]));
  const fewer = { ...system, operations: operations.slice(1, 2) };
  expect(recordingOf(fewer, tape).skipped).toEqual(new Set());
});

test("an operation that the scenario does not have is refused, with those that it has", () => {
  const tape = tapeOf(system, recording);
  expect(() => checkOperations(system, tape)).not.toThrow();
  const gone = { ...tape, operations: ["create b"] };
  expect(() => checkOperations(system, gone)).toThrow(
    'no operation "create b"; it has "create a", "delete a", "create a#2", "delete a#2"',
  );
});

test("a tape that was saved is read back, under a name that tells what went wrong", async () => {
  const files = filesOf();
  const tape = tapeOf(system, recording);
  const told = await runWith(system, {}, { skipped: recording.skipped });
  const violation = { oracle: "Never more than 2 (two)!", message: "three", atMs: 5 };
  const path = await saveTape(files, "tapes", { tape, told: { ...told, violation }, system });
  expect(path).toBe(`tapes/never-more-than-2-two--${told.hash.slice(0, 8)}.json`);
  const read = await readTape(files, path);
  expect(read).toEqual({
    format: 1,
    system: systemName(system),
    invariant: violation.oracle,
    ...tape,
    hash: told.hash,
  });
  expect(recordingOf(system, read)).toEqual(recording);
});

const whole = { format: 1, system: "probe", seed: 1, operations: ["a"], taken: {} };
const REFUSED: Readonly<Record<string, { readonly text: string; readonly why: RegExp }>> = {
  "text that is not JSON": { text: "{", why: /t\.json is no tape: it is not JSON/ },
  "another format": { text: JSON.stringify({ ...whole, format: 2 }), why: /no tape of format 1/ },
  "a list": { text: "[]", why: /no tape of format 1/ },
  "decisions that are no texts": {
    text: JSON.stringify({ ...whole, taken: { a: 1 } }),
    why: /no tape of format 1/,
  },
  "decisions in a list": {
    text: JSON.stringify({ ...whole, taken: ["a"] }),
    why: /no tape of format 1/,
  },
  "a seed that is no number": {
    text: JSON.stringify({ ...whole, seed: "1" }),
    why: /no tape of format 1/,
  },
  "no system": {
    text: JSON.stringify({ ...whole, system: undefined }),
    why: /no tape of format 1/,
  },
};

for (const [what, { text, why }] of Object.entries(REFUSED)) {
  test(`${what}: refused, and the file is named`, async () => {
    await expect(readTape(filesOf({ "t.json": text }), "t.json")).rejects.toThrow(why);
  });
}

test("a tape that is not there is said so", async () => {
  await expect(readTape(filesOf(), "gone.json")).rejects.toThrow("gone.json: there is no such");
});
