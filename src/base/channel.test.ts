import { expect, test } from "vitest";
import { Channel } from "./channel.ts";

async function readAll<T>(channel: Channel<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of channel) items.push(item);
  return items;
}

test("what was sent before the end is read, what comes after is refused", async () => {
  const channel = new Channel<string>({ capacity: 8, whenFull: "end" });
  expect(channel.send("a")).toBe(true);
  expect(channel.send("b")).toBe(true);
  channel.close();
  expect(channel.send("c")).toBe(false);
  expect(await readAll(channel)).toEqual(["a", "b"]);
  expect(channel.end).toEqual({ kind: "closed" });
});

test("a reader that waits is woken by a send", async () => {
  const channel = new Channel<number>({ capacity: 1, whenFull: "end" });
  const reading = readAll(channel);
  await Promise.resolve();
  channel.send(1);
  await Promise.resolve();
  channel.close();
  expect(await reading).toEqual([1]);
});

test("a full channel drops the newest and counts it", async () => {
  const channel = new Channel<number>({ capacity: 2, whenFull: "drop-newest" });
  expect([1, 2, 3, 4].map((item) => channel.send(item))).toEqual([true, true, false, false]);
  expect(channel.dropped).toBe(2);
  channel.close();
  expect(await readAll(channel)).toEqual([1, 2]);
});

test("a full channel that ends says so after what it held", async () => {
  const channel = new Channel<number>({ capacity: 1, whenFull: "end" });
  channel.send(1);
  channel.send(2);
  expect(await readAll(channel)).toEqual([1]);
  expect(channel.end).toEqual({ kind: "overflow" });
});

test("a failed channel throws its reason after what was sent", async () => {
  const channel = new Channel<number>({ capacity: 4, whenFull: "end" });
  channel.send(1);
  channel.fail(new Error("the source broke"));
  const items: number[] = [];
  const reading = (async () => {
    for await (const item of channel) items.push(item);
  })();
  await expect(reading).rejects.toThrow("the source broke");
  expect(items).toEqual([1]);
});

test("a reader that stops early closes the channel for its writers", async () => {
  const channel = new Channel<number>({ capacity: 4, whenFull: "end" });
  channel.send(1);
  channel.send(2);
  for await (const item of channel) {
    expect(item).toBe(1);
    break;
  }
  expect(channel.send(3)).toBe(false);
});
