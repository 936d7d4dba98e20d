import { expect, test } from "vitest";
import { orAborted } from "./signals.ts";

test("what nobody waits for any more may fail unheard", async () => {
  const reason = new Error("enough");
  const stop = new AbortController();
  stop.abort(reason);
  // A rejection that nobody hears of would end the test run.
  const late = Promise.reject(new Error("too late"));
  await expect(orAborted(late, stop.signal)).rejects.toBe(reason);
});

test("an abort ends the waiting, and a value that is there comes through", async () => {
  const stop = new AbortController();
  expect(await orAborted(Promise.resolve(1), stop.signal)).toBe(1);
  const waiting = orAborted(new Promise(() => undefined), stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
