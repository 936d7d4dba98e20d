import { expect, test } from "vitest";
import { Wakeup } from "./wakeup.ts";

/** Whether `next` resolves by itself, without anything more happening. */
function isAwake(wakeup: Wakeup): Promise<boolean> {
  return Promise.race([wakeup.next().then(() => true), Promise.resolve().then(() => false)]);
}

test("what happened before the sleep is not lost", async () => {
  const wakeup = new Wakeup(new AbortController().signal);
  wakeup.wake();
  await wakeup.next();
  wakeup.reset();
  expect(await isAwake(wakeup)).toBe(false);
});

test("what happens during the sleep ends it", async () => {
  const wakeup = new Wakeup(new AbortController().signal);
  const slept = wakeup.next();
  wakeup.wake();
  await slept;
});

test("an abort ends the sleep", async () => {
  const stop = new AbortController();
  const slept = new Wakeup(stop.signal).next();
  stop.abort();
  await slept;
});

test("an abort before the reset still wakes, so that a loop ends", async () => {
  const stop = new AbortController();
  const wakeup = new Wakeup(stop.signal);
  stop.abort();
  wakeup.reset();
  await wakeup.next();
});
