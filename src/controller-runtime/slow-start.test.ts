import { expect, test } from "vitest";
import { slowStartBatch } from "./slow-start.ts";

async function run(
  count: number,
  initial: number,
  fails: (index: number) => boolean = () => false,
): Promise<{ readonly calls: readonly number[]; readonly result: unknown; readonly peak: number }> {
  const calls: number[] = [];
  let open = 0;
  let peak = 0;
  const result = await slowStartBatch(count, initial, async (index) => {
    calls.push(index);
    open += 1;
    peak = Math.max(peak, open);
    await Promise.resolve();
    open -= 1;
    if (fails(index)) throw new Error(`no ${index}`);
  });
  return { calls, result, peak };
}

test("doubles the batch while all succeed", async () => {
  const { calls, result, peak } = await run(20, 1);
  expect(calls).toHaveLength(20);
  expect(peak).toBe(8); // 1 2 4 8 5
  expect(result).toEqual({ succeeded: 20, skipped: 0, error: undefined });
});

test("stops after the batch in which one failed, and tells the first failure", async () => {
  const { calls, result } = await run(20, 1, (index) => index === 4 || index === 5);
  expect(calls).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(result).toEqual({ succeeded: 5, skipped: 13, error: new Error("no 4") });
});

test("makes no call for nothing, and counts a synchronous throw as a failure", async () => {
  expect((await run(0, 1)).calls).toEqual([]);
  const thrown = await slowStartBatch(3, 1, () => {
    throw new Error("at once");
  });
  expect(thrown).toEqual({ succeeded: 0, skipped: 2, error: new Error("at once") });
});
