import { Fifo } from "./fifo.ts";

/** What a full channel does with one more item. */
export type WhenFull = "drop-newest" | "end";

/** How a channel came to its end, seen by the reader. */
export type ChannelEnd = { readonly kind: "closed" } | { readonly kind: "overflow" };

/**
 * A bounded buffer from one or more writers to one reader, read as an async iterable.
 *
 * Writers never wait: when `capacity` items are unread, a further one is dropped or ends the
 * channel, as `whenFull` says. After `close()` the reader still gets what was sent before.
 */
export class Channel<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #whenFull: WhenFull;
  readonly #items = new Fifo<T>();
  #dropped = 0;
  #end: ChannelEnd | undefined;
  #error: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: { readonly capacity: number; readonly whenFull: WhenFull }) {
    this.#capacity = options.capacity;
    this.#whenFull = options.whenFull;
  }

  get size(): number {
    return this.#items.size;
  }

  /** Items refused because the channel was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How the channel ended; undefined while it is open. */
  get end(): ChannelEnd | undefined {
    return this.#end;
  }

  /** Whether the item was taken. */
  send(item: T): boolean {
    if (this.#end !== undefined) return false;
    if (this.#items.size >= this.#capacity) {
      this.#dropped += 1;
      if (this.#whenFull === "end") this.#finish({ kind: "overflow" });
      return false;
    }
    this.#items.push(item);
    this.#rouse();
    return true;
  }

  /** Ends the channel after what was sent; later sends are refused. */
  close(): void {
    if (this.#end === undefined) this.#finish({ kind: "closed" });
  }

  /** Ends the channel; the reader throws `reason` after it has read what was sent. */
  fail(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#error = { reason };
    this.#finish({ kind: "closed" });
  }

  /** Takes all that is buffered, without waiting. */
  drain(): readonly T[] {
    const items: T[] = [];
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      items.push(item);
    }
    return items;
  }

  /** Resolves when there is something to read or the channel ended. One reader at a time. */
  async ready(): Promise<void> {
    while (this.#items.size === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        await this.ready();
        while (this.#items.size > 0) {
          const item = this.#items.shift();
          if (item !== undefined) yield item;
        }
        if (this.#end !== undefined && this.#items.size === 0) break;
      }
      if (this.#error !== undefined) throw this.#error.reason;
    } finally {
      this.close();
    }
  }

  #finish(end: ChannelEnd): void {
    this.#end = end;
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
