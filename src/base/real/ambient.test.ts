import { expect, test } from "vitest";
import { Ambient } from "./ambient.ts";

test("each piece of work finds its own value after every await, and nobody else any", async () => {
  const ambient = new Ambient<string>();
  const seen: (string | undefined)[] = [];
  const work = async (): Promise<void> => {
    await Promise.resolve();
    seen.push(ambient.get());
  };
  await Promise.all([ambient.run("a", work), ambient.run("b", work), work()]);
  expect(seen).toEqual(["a", "b", undefined]);
});
