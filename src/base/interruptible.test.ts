import { expect, test } from "vitest";
import { runAtOnce, runInTurns, type Interruptible } from "./interruptible.ts";

function* total(numbers: readonly number[]): Interruptible<number> {
  let sum = 0;
  for (const number of numbers) {
    sum += number;
    yield;
  }
  return sum;
}

test("interruptible work makes the same at once and in turns", async () => {
  const numbers = [1, 2, 3];
  expect(runAtOnce(total(numbers))).toBe(6);
  expect(await runInTurns(total(numbers), () => undefined)).toBe(6);
});

test("interruptible work rests where it is told to, and goes on after", async () => {
  const log: string[] = [];
  function* work(): Interruptible<string> {
    log.push("one");
    yield;
    log.push("two");
    yield;
    return "end";
  }
  const rest = async (): Promise<void> => {
    log.push("rest");
    await Promise.resolve();
  };
  const done = runInTurns(work(), rest);
  log.push("others");
  expect(await done).toBe("end");
  expect(log).toEqual(["one", "rest", "others", "two", "rest"]);
});
