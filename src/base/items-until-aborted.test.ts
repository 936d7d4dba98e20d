import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { itemsUntilAborted } from "./items-until-aborted.ts";

async function* twoThenSilence(): AsyncGenerator<number, void, undefined> {
  yield 1;
  yield 2;
  await new Promise(() => undefined);
}

test("items come until the signal aborts, with one listener for all of them", async () => {
  const { signal, abort } = controller();
  const items = itemsUntilAborted(twoThenSilence(), signal);
  expect(await items.next()).toEqual({ value: 1, done: false });
  expect(await items.next()).toEqual({ value: 2, done: false });
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  const pending = items.next();
  abort(new Error("enough"));
  await expect(pending).rejects.toThrow("enough");
  await expect(items.next()).rejects.toThrow("enough");
  items.release();
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("what the stream itself says is passed on", async () => {
  async function* broken(): AsyncGenerator<number, void, undefined> {
    yield 1;
    throw new Error("broken");
  }
  const { signal } = controller();
  const items = itemsUntilAborted(broken(), signal);
  await items.next();
  await expect(items.next()).rejects.toThrow("broken");
  expect(await items.next()).toEqual({ value: undefined, done: true });
  items.release();
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("of a signal that has aborted before there is no item", async () => {
  const { signal, abort } = controller();
  abort(new Error("before"));
  await expect(itemsUntilAborted(twoThenSilence(), signal).next()).rejects.toThrow("before");
});

function controller(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const made = new AbortController();
  return { signal: made.signal, abort: (reason) => made.abort(reason) };
}
