/**
 * The disk under the store of a run, as far as a server can tell: commits may take long, and after
 * a fault of the disk the store takes no write until it is opened again, which is when servers
 * start anew. What was under way when the disk failed is there then.
 */
import type { Context } from "../../base/context.ts";
import { orAborted } from "../../base/signals.ts";
import { StoreFailedError, type Store } from "../../store/store.ts";
import type { CauseRow } from "../../trace/cause.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { ENVIRONMENT } from "../oracles/deletions.ts";

export type DiskDeps = {
  readonly kernel: Kernel;
  /** The store, without any disk. */
  readonly store: Store;
  /** The store can be opened again: servers have to start anew for that. */
  readonly onRepaired: () => void;
};

/** A commit takes so long while the disk is slow. */
const SLOW_MS = 3_000;
/** From a fault of the disk until somebody has seen to it. */
const REPAIR_MS = 1_000;

type Mood =
  | { readonly kind: "well" }
  | { readonly kind: "slow" }
  /** The next write fails, although it reaches the disk. */
  | { readonly kind: "fails next" }
  | { readonly kind: "failed"; readonly why: string };

type Write<R> = (context: Context) => Promise<R>;

const WELL: Mood = { kind: "well" };

export class SimDisk {
  readonly #deps: DiskDeps;
  readonly #actor = new Actor("disk");
  #mood: Mood = WELL;
  /** What reached the disk as it failed. */
  #lastWrite: (() => Promise<unknown>) | undefined;

  constructor(deps: DiskDeps) {
    this.#deps = deps;
  }

  /** The store as one life of a server has it: after its death it gets no answer. */
  storeFor(life: Actor): Store {
    const { store } = this.#deps;
    return {
      create: (key, value, cause, context) =>
        this.#write(life, cause, context, (own) => store.create(key, value, cause, own)),
      update: (key, expected, value, cause, context) =>
        this.#write(life, cause, context, (own) => store.update(key, expected, value, cause, own)),
      delete: (key, expected, cause, context) =>
        this.#write(life, cause, context, (own) => store.delete(key, expected, cause, own)),
      get: (key, context) => (life.isAlive ? store.get(key, context) : never()),
      range: (options, context) => (life.isAlive ? store.range(options, context) : never()),
      watch: (options, context) => store.watch(options, context),
      progress: (prefix) => store.progress(prefix),
      history: (key, options, context) => store.history(key, options, context),
      change: (at, context) => store.change(at, context),
      causes: (after, options, context) => store.causes(after, options, context),
      compact: (at, context) => store.compact(at, context),
      status: () => store.status(),
      failed: store.failed,
      close: () => store.close(),
    };
  }

  /** Every commit takes its time for a while. One fault after the other: else nothing happens. */
  becomesSlow(forMs: number): void {
    if (this.#mood !== WELL) return;
    this.#becomes({ kind: "slow" }, `IS SLOW for ${forMs / 1_000} s`);
    this.#later("is fast again", forMs, () => {
      if (this.#mood.kind === "slow") this.#mood = WELL;
    });
  }

  /** No write fits on it for a while. */
  becomesFull(forMs: number): void {
    if (this.#mood !== WELL) return;
    const why = "no space left on device";
    this.#becomes({ kind: "failed", why }, `IS FULL for ${forMs / 1_000} s`);
    this.#later("has room again", forMs, () => this.#isRepaired());
  }

  /** The next write of a process fails, and nobody knows whether it is there. */
  failsNext(): void {
    if (this.#mood !== WELL) return;
    this.#becomes({ kind: "fails next" }, "FAILS with the next write");
  }

  /** The end of all faults. */
  heal(): void {
    this.#isRepaired();
    this.#mood = WELL;
  }

  #write<R>(life: Actor, cause: CauseRow, context: Context, write: Write<R>): Promise<R> {
    if (!life.isAlive) return never();
    switch (this.#mood.kind) {
      case "well":
        return write(context);
      case "slow":
        return orAborted(
          this.#slowly(() => write(alone(context))),
          context.signal,
        );
      case "fails next":
      case "failed":
        // The environment loses nothing: it asks again when there is a server again.
        if (ENVIRONMENT.includes(cause.user)) return this.#unlessFailed(() => write(context));
        if (this.#mood.kind === "fails next") this.#fails(() => write(alone(context)));
        return Promise.reject(this.#failure());
    }
  }

  #unlessFailed<R>(write: () => Promise<R>): Promise<R> {
    return this.#mood.kind === "failed" ? never() : write();
  }

  #fails(lastWrite: () => Promise<unknown>): void {
    this.#lastWrite = lastWrite;
    this.#becomes({ kind: "failed", why: "input/output error" }, "HAS FAILED");
    this.#later("is repaired", REPAIR_MS, () => this.#isRepaired());
  }

  #failure(): StoreFailedError {
    const why = this.#mood.kind === "failed" ? this.#mood.why : "";
    return new StoreFailedError(`the store takes no writes, because the disk failed: ${why}`);
  }

  #slowly<R>(write: () => Promise<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#later("has written", SLOW_MS, () => {
        write().then(resolve, reject);
      });
    });
  }

  #isRepaired(): void {
    if (this.#mood.kind !== "failed") return;
    this.#mood = WELL;
    const lastWrite = this.#lastWrite;
    this.#lastWrite = undefined;
    // Whoever opens the store finds it; where it does not fit what is there, it is none.
    lastWrite?.().catch(() => undefined);
    this.#deps.onRepaired();
  }

  #becomes(mood: Mood, what: string): void {
    const { kernel } = this.#deps;
    this.#mood = mood;
    kernel.log.add(kernel.nowMs, "disk", what);
  }

  #later(what: string, delayMs: number, act: () => void): void {
    this.#deps.kernel.post(this.#actor, what, delayMs, act);
  }
}

/** What is on its way to the disk gets there, whether its caller waits or not. */
function alone(context: Context): Context {
  return { ...context, signal: new AbortController().signal };
}

/** Whoever waits for this is dead, or soon will be. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
