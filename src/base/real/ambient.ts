/** A value for a piece of work and all it awaits, handed on by no parameter. */
import { AsyncLocalStorage } from "node:async_hooks";

/**
 * For those who watch work from outside of it. What the work needs itself is a parameter: see
 * `Context`. Costs some hundred nanoseconds for each await within.
 */
export class Ambient<T> {
  readonly #storage = new AsyncLocalStorage<T>();

  /** Runs `work`; whatever it calls, now or later, finds `value`. */
  run<R>(value: T, work: () => R): R {
    return this.#storage.run(value, work);
  }

  /** Undefined: outside of all such work. */
  get(): T | undefined {
    return this.#storage.getStore();
  }
}
