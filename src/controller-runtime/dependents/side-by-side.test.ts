import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { sideBySide } from "./side-by-side.ts";

const { signal } = new AbortController();

test("some at a time, and the answers in the order of the items", async () => {
  const env = virtualEnv();
  let underWay = 0;
  let most = 0;
  const work = sideBySide([5, 1, 4, 2, 3], 2, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await env.timers.sleep(item, signal);
    underWay -= 1;
    return item * 10;
  });
  await env.advance(100);
  expect(await work).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test("after a failure those under way end, no other begins, and the first is thrown", async () => {
  const env = virtualEnv();
  const begun: number[] = [];
  const ended: number[] = [];
  const work = sideBySide([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    await env.timers.sleep(item, signal);
    if (item === 1) throw new Error("no");
    ended.push(item);
  });
  const refusal = expect(work).rejects.toThrow("no");
  await env.advance(100);
  await refusal;
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test("nothing to do is done", async () => {
  expect(await sideBySide([], 3, () => Promise.reject(new Error("no")))).toEqual([]);
});
