/**
 * A limit for the memory that views take together. While they take more, objects that nobody has
 * read lately are kept as compressed bytes, first of the view whose values take most; whoever reads
 * one gets it as ever, some ten microseconds later. No object is ever dropped.
 *
 * It is looked at after changes and reads, some milliseconds at a time: for so long a view may take
 * more than its share, and while the first list of a kind comes, all of that is there as values.
 */
import type { Compression } from "../../base/compression.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { deflate } from "../../base/real/deflate.ts";
import { childSignal } from "../../base/signals.ts";
import type { MemoryFigure } from "../memory.ts";
import { BLOCK_OBJECTS_MAX } from "./packed-block.ts";
import type { Limit } from "./shelf.ts";

/** What memory is limited to. */
export type MemoryOptions = {
  /** Bytes that the objects of all views together may take, as `memory()` says it. */
  readonly bytesMax: number;
  /** Default: deflate. */
  readonly compression?: Compression;
};

/** Between two looks: what is read again and again is not packed and unpacked all the time. */
export const BUDGET_LOOK_MS = 50;
/** How long it packs before anything else has its turn. */
export const PACKING_MS_MAX = 8;
/** Where it ends to pack, as a part of the limit, so that the next object does not exceed it. */
const ENOUGH = 0.95;

/** What can be packed. */
export type Packable = {
  readonly packedBytes: number;
  readonly valueCount: number;
  memory(): MemoryFigure;
  packSome(): void;
  limit(limit: Limit): void;
};

/**
 * Keeps the views of a process within a budget: while they take more, what nobody has read lately
 * is compressed. `createInformers` makes one when it is given `memory`.
 */
export class MemoryBudget {
  readonly #bytesMax: number;
  readonly #compression: Compression;
  readonly #env: Pick<Env, "clock" | "timers">;
  readonly #views = new Set<Packable>();
  #hasGrown = false;
  #wake: () => void = () => undefined;
  #isWarned = false;

  constructor(options: MemoryOptions, env: Pick<Env, "clock" | "timers">) {
    const { bytesMax, compression = deflate } = options;
    if (!(bytesMax > 0)) throw new RangeError(`bytesMax: ${bytesMax} is no number of bytes`);
    this.#bytesMax = bytesMax;
    this.#compression = compression;
    this.#env = env;
  }

  /** Counts a view in. Answers what ends that. */
  add(view: Packable): () => void {
    this.#views.add(view);
    view.limit({ compression: this.#compression, grown: () => this.#grown() });
    return () => this.#views.delete(view);
  }

  /** Of all views. */
  bytes(): number {
    return sum(this.#views, (view) => view.memory().bytes);
  }

  /** Keeps to the limit until the signal aborts. */
  async run(context: Context): Promise<void> {
    const { timers } = this.#env;
    try {
      while (!context.signal.aborted) {
        await this.#untilGrown(context.signal);
        while (this.#packForAWhile()) {
          await timers.yield();
          if (context.signal.aborted) return;
        }
        this.#warn(context);
        await timers.sleep(BUDGET_LOOK_MS, context.signal);
      }
    } catch (error) {
      if (!context.signal.aborted) throw error;
    }
  }

  #grown(): void {
    if (this.#hasGrown) return;
    this.#hasGrown = true;
    this.#wake();
  }

  async #untilGrown(signal: AbortSignal): Promise<void> {
    if (!this.#hasGrown) {
      const child = childSignal(signal);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        child.signal.addEventListener("abort", () => resolve(), { once: true });
      });
      child.release();
    }
    this.#hasGrown = false;
  }

  /** Whether there is still too much that can be packed. */
  #packForAWhile(): boolean {
    const { clock } = this.#env;
    const isOver = this.bytes() > this.#bytesMax;
    if (!isOver) return false;
    const endMs = clock.monotonic() + PACKING_MS_MAX;
    for (let turn = 0; turn < TURNS_MAX && clock.monotonic() < endMs; turn += 1) {
      const largest = this.#largest();
      if (largest === undefined) return false;
      const part = Math.ceil(largest.valueCount / BLOCK_OBJECTS_MAX / LOOKS);
      const isTimeToLook = turn % Math.min(part, LOOK_TURNS_MAX) === 0;
      if (isTimeToLook && this.bytes() <= this.#bytesMax * ENOUGH) return false;
      largest.packSome();
    }
    return true;
  }

  /** The view whose values take most. */
  #largest(): Packable | undefined {
    let most = 0;
    let largest: Packable | undefined;
    for (const view of this.#views) {
      // The figure is made anew after each change, so views are compared by what is quick to tell.
      if (view.valueCount <= most) continue;
      most = view.valueCount;
      largest = view;
    }
    return largest;
  }

  #warn({ log }: Context): void {
    const packedBytes = sum(this.#views, (view) => view.packedBytes);
    const isTooMuch = packedBytes > this.#bytesMax;
    if (isTooMuch && !this.#isWarned) {
      log.warn(
        "the views take more memory than they may, although all they can is compressed: leave " +
          "out parts of objects (transform), follow metadata alone (metadataOf), follow fewer " +
          "objects (scopeOf), or give the program more",
        { bytesMax: this.#bytesMax, packedBytes },
      );
    }
    this.#isWarned = isTooMuch;
  }
}

/** Blocks that are made in one go at most. */
const TURNS_MAX = 64;
/** It is looked whether it is enough after such a part of the values, or after so many blocks. */
const LOOKS = 16;
const LOOK_TURNS_MAX = 8;

function sum(views: Iterable<Packable>, of: (view: Packable) => number): number {
  let total = 0;
  for (const view of views) total += of(view);
  return total;
}
