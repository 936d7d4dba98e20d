import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import {
  childrenOf,
  familyOf,
  isAlive,
  parseStat,
  readProcess,
  signalProcess,
  type ProcessStat,
} from "./process-table.ts";

describe("a line of the process table", () => {
  const rest = "S 10 20 30 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 1 0 128726 3133440 404";

  test("is read, whatever the process calls itself", () => {
    for (const name of ["sh", "a b", ") R 1 (", "x)"]) {
      expect(parseStat(`7 (${name}) ${rest}`)).toEqual({
        pid: 7,
        parent: 10,
        session: 30,
        state: "S",
        startTicks: "128726",
      });
    }
  });

  test("that is cut off is none", () => {
    for (const line of ["", "7", "7 (sh", "7 (sh) S 10 20"])
      expect(parseStat(line)).toBe(undefined);
  });
});

test("a family is a session and all descendants of its leader, without the leader", () => {
  const one = (pid: number, parent: number, session: number): ProcessStat => {
    return { pid, parent, session, state: "S", startTicks: String(pid) };
  };
  const all = [one(1, 0, 1), one(5, 1, 5), one(6, 5, 5), one(7, 1, 5), one(8, 6, 8), one(9, 8, 9)];
  expect(familyOf(5, all).map(({ pid }) => pid)).toEqual([6, 7, 8, 9]);
  expect(familyOf(4, all)).toEqual([]);
});

test("a process is alive until it has ended, and never another of its id", async () => {
  const child = spawn("sleep", ["100"], { stdio: "ignore" });
  const stat = await readProcess(child.pid ?? 0);
  if (stat === undefined) throw new Error("the child runs");
  expect((await childrenOf(process.pid)).map(({ pid }) => pid)).toContain(child.pid);
  expect(await isAlive(stat)).toBe(true);
  const namesake = { ...stat, startTicks: "1" };
  expect(await isAlive(namesake)).toBe(false);
  await signalProcess(namesake, "SIGKILL");
  expect(await isAlive(stat)).toBe(true);
  const ended = once(child, "exit");
  await signalProcess(stat, "SIGKILL");
  await ended;
  expect(await isAlive(stat)).toBe(false);
  expect(await readProcess(stat.pid)).toBe(undefined);
});
