/**
 * One watch, from its request to its end: opens the stream, tells the sink what comes, and says how
 * it ended. A streaming list is the same with a beginning: its initial objects are gathered until
 * the bookmark that ends them, and told as one list.
 *
 * Nothing here waits without a limit: a stream the server forgot to end is ended here.
 */
import { assert } from "../base/assert.ts";
import { withSignal, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { itemsUntilAborted } from "../base/items-until-aborted.ts";
import { childSignal, orAborted, type ChildSignal } from "../base/signals.ts";
import { keyOf, keyText } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { StatusError } from "../machinery/status.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import { HistoryResetError } from "./history-reset-error.ts";
import type { Keep } from "./kept.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import type { WatchEnd } from "./reflector-decisions.ts";
import type { ReflectorSink } from "./reflector-sink.ts";
import { revisionOfText } from "./resource-version.ts";

/** The server is asked to end a watch after a random time between this and its double. */
export const WATCH_TIMEOUT_SECONDS_MIN = 300;
/** A watch the server has not ended this long after its time is dead: it is ended here. */
export const WATCH_OVERDUE_MS = 30_000;
/** A streaming list whose initial objects have not ended by now is worth a warning. */
export const STREAM_WARNING_MS = 10_000;
/** A streaming list that is silent for this long will never end: the server ignored the wish. */
export const STREAM_SILENCE_MS = 30_000;

/** The server answered a streaming list like a plain watch: its initial objects never end. */
export class SilentStreamError extends Error {
  override readonly name = "SilentStreamError";
}

/** A list with nothing in it, which is not the first one: it is worth a second look. */
export class EmptyListError extends Error {
  override readonly name = "EmptyListError";
}

/** The server did not end a watch in time: most likely nobody is at the other end any more. */
class OverdueError extends Error {
  override readonly name = "OverdueError";
}

export type WatchAttemptDeps<T extends ApiObject> = {
  readonly source: ListerWatcher<T>;
  readonly sink: ReflectorSink<T>;
  /** What of an object is passed on, and gathered. */
  readonly keep: Keep<T>;
  readonly env: Pick<Env, "clock" | "timers" | "random">;
};

export class WatchAttempt<T extends ApiObject> {
  readonly #deps: WatchAttemptDeps<T>;
  readonly #isStreamingList: boolean;
  readonly #initial = new Map<string, T>();
  #isListed: boolean;
  #resourceVersion: string;
  readonly #from: number | undefined;
  readonly #doubtsEmpty: boolean;
  #eventCount = 0;
  #hasNews = false;
  #end: WatchEnd | undefined;

  constructor(
    deps: WatchAttemptDeps<T>,
    start: {
      readonly from: string;
      readonly isStreamingList: boolean;
      /** Whether a list without objects fails (default false). */
      readonly doubtsEmpty?: boolean;
    },
  ) {
    this.#deps = deps;
    this.#isStreamingList = start.isStreamingList;
    this.#isListed = !start.isStreamingList;
    this.#resourceVersion = start.from;
    this.#from = start.isStreamingList ? undefined : revisionOfText(start.from);
    this.#doubtsEmpty = start.doubtsEmpty ?? false;
  }

  /** Whether the sink has a whole list: from before, or from this stream. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** How it ended; only after `run()`. */
  get end(): WatchEnd {
    assert(this.#end !== undefined, "a watch is judged after its end");
    return this.#end;
  }

  /** Rejects only when the context's signal aborts. */
  async run(context: Context): Promise<void> {
    const { clock, timers, random } = this.#deps.env;
    const timeoutSeconds = Math.floor(WATCH_TIMEOUT_SECONDS_MIN * (1 + random.next()));
    const startMs = clock.monotonic();
    const child = childSignal(context.signal);
    const overdue = timers.after(timeoutSeconds * 1_000 + WATCH_OVERDUE_MS, () => {
      child.abort(new OverdueError("the server did not end the watch in time"));
    });
    let isOpened = false;
    let error: unknown;
    try {
      const stream = await this.#open(timeoutSeconds, withSignal(context, child.signal));
      isOpened = true;
      await this.#follow(stream, child, context);
    } catch (reason) {
      error = reason;
    } finally {
      overdue.cancel();
      child.abort();
      child.release();
    }
    context.signal.throwIfAborted();
    if (error instanceof OverdueError) {
      context.log.warn("the watch was ended here, because the server did not", { timeoutSeconds });
    }
    this.#end = {
      error: error instanceof OverdueError ? undefined : error,
      isOpened,
      eventCount: this.#eventCount,
      hasNews: this.#hasNews,
      durationMs: clock.monotonic() - startMs,
      resourceVersion: this.#resourceVersion,
    };
  }

  #open(
    timeoutSeconds: number,
    context: Context,
  ): Promise<AsyncIterable<readonly WatchEvent<T>[]>> {
    const request = {
      resourceVersion: this.#resourceVersion,
      isStreamingList: this.#isStreamingList,
      timeoutSeconds,
    };
    return orAborted(this.#deps.source.watch(request, context), context.signal);
  }

  async #follow(
    stream: AsyncIterable<readonly WatchEvent<T>[]>,
    child: ChildSignal,
    context: Context,
  ): Promise<void> {
    const iterator = stream[Symbol.asyncIterator]();
    const items = itemsUntilAborted(iterator, child.signal);
    const patience = this.#isListed ? undefined : new Patience(this.#deps.env, child, context);
    try {
      for (;;) {
        const next = await items.next();
        if (next.done === true) break;
        for (const event of next.value) {
          const pending = this.#take(event);
          if (pending !== undefined) await pending;
        }
        if (this.#isListed) {
          patience?.end();
          this.#deps.sink.progress(this.#resourceVersion);
        } else {
          patience?.renew();
        }
      }
      child.signal.throwIfAborted(); // a stream may also end quietly when it is told to
    } finally {
      patience?.end();
      items.release();
      child.abort();
      // The stream ends by its signal; what it says on its way out is of no interest any more.
      iterator.return?.().catch(() => undefined);
    }
  }

  #take(event: WatchEvent<T>): void | Promise<void> {
    switch (event.kind) {
      case "ADDED":
      case "MODIFIED":
      case "DELETED":
        this.#takeObject(event.kind, this.#deps.keep(event.object.unfrozen));
        return;
      case "BOOKMARK":
        this.#hasNews = true;
        this.#checkHistory(event.resourceVersion);
        this.#advance(event.resourceVersion);
        if (event.isInitialEventsEnd && !this.#isListed) return this.#finishList();
        return;
      case "ERROR":
        throw new StatusError(event.status);
    }
  }

  #takeObject(kind: "ADDED" | "MODIFIED" | "DELETED", object: T): void {
    const { sink } = this.#deps;
    this.#eventCount += 1;
    this.#hasNews = true;
    if (this.#isListed) {
      const { resourceVersion } = object.metadata;
      // Some servers show what is deleted at its last revision before that.
      if (kind !== "DELETED") this.#checkHistory(resourceVersion);
      this.#advance(resourceVersion);
      if (kind === "DELETED") sink.remove(object);
      else sink.put(object);
      return;
    }
    // Not a position to go on from: initial objects come in key order, at any version.
    const id = keyText(keyOf(object));
    if (kind === "DELETED") this.#initial.delete(id);
    else this.#initial.set(id, object);
  }

  /** Never back: what was told is told, even if an older bookmark comes late. */
  #advance(resourceVersion: string | undefined): void {
    if (resourceVersion === undefined) return;
    const next = revisionOfText(resourceVersion);
    const last = revisionOfText(this.#resourceVersion);
    const isBack = next !== undefined && last !== undefined && next < last;
    if (!isBack) this.#resourceVersion = resourceVersion;
  }

  /** A watch tells of nothing before the place where it began. */
  #checkHistory(resourceVersion: string | undefined): void {
    const revision = revisionOfText(resourceVersion);
    if (this.#from === undefined || revision === undefined || revision >= this.#from) return;
    throw new HistoryResetError(
      `the server tells of revision ${revision} in a watch from ${this.#from}: it was reset`,
    );
  }

  #finishList(): void | Promise<void> {
    if (this.#initial.size === 0 && this.#doubtsEmpty) {
      throw new EmptyListError("the streaming list is empty");
    }
    this.#isListed = true;
    const objects = [...this.#initial.values()];
    this.#initial.clear();
    return this.#deps.sink.replace(objects, this.#resourceVersion);
  }
}

/**
 * Waits for the end of the initial objects: warns after a while, and gives up on a silent stream.
 */
class Patience {
  readonly #env: Pick<Env, "timers">;
  readonly #child: ChildSignal;
  readonly #warning: { cancel(): void };
  #silence: { cancel(): void };

  constructor(env: Pick<Env, "timers">, child: ChildSignal, context: Context) {
    this.#env = env;
    this.#child = child;
    this.#warning = env.timers.after(STREAM_WARNING_MS, () => {
      context.log.warn("the streaming list has not ended yet", { afterMs: STREAM_WARNING_MS });
    });
    this.#silence = this.#armed();
  }

  renew(): void {
    this.#silence.cancel();
    this.#silence = this.#armed();
  }

  end(): void {
    this.#silence.cancel();
    this.#warning.cancel();
  }

  #armed(): { cancel(): void } {
    return this.#env.timers.after(STREAM_SILENCE_MS, () => {
      this.#child.abort(new SilentStreamError("the server does not end the initial objects"));
    });
  }
}
