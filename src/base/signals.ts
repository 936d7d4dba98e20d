/**
 * Cancellation without leaks: long-lived signals collect listeners unless every waiter removes its
 * own, so all waiting goes through these.
 */

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Where an abort is given no reason: one for all, as each of its own costs a stack trace. */
const ABORTED = new DOMException("This operation was aborted", "AbortError");

/** A controller that aborts when `parent` does. `release()` lets go of the parent. */
export type ChildSignal = {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
  readonly release: () => void;
};

/** A signal below `parent` that can also be aborted on its own. */
export function childSignal(parent: AbortSignal): ChildSignal {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    abort: (reason = ABORTED) => controller.abort(reason),
    release: () => parent.removeEventListener("abort", onAbort),
  };
}

/** `promise`, or a rejection with the signal's reason if that aborts first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener("abort", onAbort);
        resolve(value);
      },
      (reason: unknown) => {
        signal.removeEventListener("abort", onAbort);
        reject(reason);
      },
    );
  });
}
