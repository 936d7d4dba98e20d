/**
 * What containers of a pod failed of to start, how long each waits for the next try, and what is
 * shown meanwhile: first the error itself, then that it is backed off.
 */
import type { StartRetry } from "./container-start.ts";
import type { WaitingReason } from "./pod-view.ts";
import { RestartBackoff } from "./restart-backoff.ts";

/** A start that waits for something to be created is tried again this soon. */
export const CONFIG_RETRY_MS = 5_000;

/** The error of a pull is shown this long before the status says "back-off". */
export const PULL_ERROR_SHOWN_MS = 2_000;

type Failure = {
  readonly waiting: WaitingReason;
  readonly retry: StartRetry;
  readonly atMs: number;
  readonly retryAtMs: number;
  readonly image: string;
};

export class StartFailures {
  readonly #failures = new Map<string, Failure>();
  readonly #pulls = new RestartBackoff();

  failed(
    container: { readonly name: string; readonly image: string },
    waiting: WaitingReason,
    retry: StartRetry,
    nowMs: number,
  ): void {
    const { name, image } = container;
    this.#failures.set(name, {
      waiting,
      retry,
      image,
      atMs: nowMs,
      retryAtMs: this.#retryAtMs(name, retry, nowMs),
    });
  }

  started(name: string): void {
    this.#failures.delete(name);
    this.#pulls.forget(name);
  }

  /** Wall clock before which the container is not tried again; a changed image is tried at once. */
  retryAtMs(name: string, image: string): number {
    const failure = this.#failures.get(name);
    return failure === undefined || failure.image !== image ? 0 : failure.retryAtMs;
  }

  /** What to show; undefined if the last start did not fail. */
  shown(name: string, nowMs: number): WaitingReason | undefined {
    const failure = this.#failures.get(name);
    if (failure === undefined) return undefined;
    const { waiting, atMs, image } = failure;
    if (waiting.reason !== "ErrImagePull" || nowMs < atMs + PULL_ERROR_SHOWN_MS) return waiting;
    return {
      reason: "ImagePullBackOff",
      message: `Back-off pulling image "${image}": ErrImagePull: ${waiting.message}`,
    };
  }

  /** When what is shown changes by itself. */
  changesAtMs(name: string, nowMs: number): number | undefined {
    const failure = this.#failures.get(name);
    if (failure?.waiting.reason !== "ErrImagePull") return undefined;
    const atMs = failure.atMs + PULL_ERROR_SHOWN_MS;
    return atMs > nowMs ? atMs : undefined;
  }

  #retryAtMs(name: string, retry: StartRetry, nowMs: number): number {
    switch (retry) {
      case "config":
        return nowMs + CONFIG_RETRY_MS;
      case "restart":
        return 0;
      case "image":
        this.#pulls.tried(name, nowMs, nowMs);
        return nowMs + this.#pulls.delayMs(name);
    }
  }
}
