import { childSignal, type ChildSignal } from "./signals.ts";

/**
 * Owns background tasks: the first failure aborts the rest and is thrown by `join()`. Nothing runs
 * on after `join()` has settled.
 */
export class TaskGroup {
  readonly #child: ChildSignal;
  readonly #tasks = new Set<Promise<void>>();
  #failure: { readonly reason: unknown } | undefined;

  constructor(parent: AbortSignal) {
    this.#child = childSignal(parent);
  }

  /** Aborts when the parent does, when a task fails, or on `abort()`. */
  get signal(): AbortSignal {
    return this.#child.signal;
  }

  /** Starts `task` on the next microtask. An error after the group aborted counts as an end. */
  spawn(task: (signal: AbortSignal) => Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await task(this.signal);
      } catch (reason) {
        if (this.signal.aborted) return;
        this.#failure ??= { reason };
        this.#child.abort(reason);
      }
    };
    const running: Promise<void> = Promise.resolve()
      .then(run)
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  abort(reason?: unknown): void {
    this.#child.abort(reason);
  }

  /** Waits for every task, spawned before or meanwhile; throws the first failure. */
  async join(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#child.release();
    if (this.#failure !== undefined) throw this.#failure.reason;
  }
}
