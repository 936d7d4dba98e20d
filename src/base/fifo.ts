import { assert } from "./assert.ts";

/** First in, first out; push and shift in amortized constant time. */
export class Fifo<T> {
  #inbox: T[] = [];
  #outbox: T[] = []; // reversed: its end leaves next

  get size(): number {
    return this.#inbox.length + this.#outbox.length;
  }

  push(item: T): void {
    this.#inbox.push(item);
  }

  /** Puts `item` at the front: it leaves next. */
  unshift(item: T): void {
    this.#outbox.push(item);
  }

  shift(): T | undefined {
    if (this.#outbox.length === 0) {
      this.#outbox = this.#inbox.reverse();
      this.#inbox = [];
    }
    return this.#outbox.pop();
  }

  peek(): T | undefined {
    return this.#outbox.length > 0 ? this.#outbox[this.#outbox.length - 1] : this.#inbox[0];
  }

  clear(): void {
    this.#inbox = [];
    this.#outbox = [];
    assert(this.size === 0, "a cleared queue is empty");
  }
}
