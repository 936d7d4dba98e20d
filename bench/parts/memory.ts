/** What this process keeps in memory, after what it no longer needs has been given back. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: unknown;

/**
 * Bytes of the JavaScript heap and of the buffers beside it, once there is no more garbage. What
 * the system counts for the process is of no use here: V8 keeps memory it does not need.
 */
export async function heapBytes(): Promise<number> {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  for (let turn = 0; turn < 4; turn += 1) {
    if (typeof collect === "function") collect();
    await new Promise((resolve) => setTimeout(resolve, 5)); // finalizers and weak maps need a turn
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Memory of this process, in bytes. */
export type MemoryUse = {
  readonly heapBytes: number;
  /** What the system counts, after the collection: what V8 does not give back is in it. */
  readonly residentBytes: number;
  /** The most that the system has counted so far. */
  readonly peakBytes: number;
};

export async function memoryUse(): Promise<MemoryUse> {
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  const heap = await heapBytes();
  return { heapBytes: heap, residentBytes: process.memoryUsage.rss(), peakBytes };
}
