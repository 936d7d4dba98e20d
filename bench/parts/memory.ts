/** What this process keeps in memory, after what it no longer needs has been given back. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export type MemoryUse = {
  /** The JavaScript heap and the buffers beside it. */
  readonly heapBytes: number;
  /** What the system counts: native parts too, and what V8 keeps for later. */
  readonly residentBytes: number;
};

let collect: unknown;

/** Collects garbage until there is no less to be had. */
export async function memoryUse(): Promise<MemoryUse> {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  for (let turn = 0; turn < 4; turn += 1) {
    if (typeof collect === "function") collect();
    await new Promise((resolve) => setTimeout(resolve, 5)); // finalizers and weak maps need a turn
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}
