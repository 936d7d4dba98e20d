/**
 * Keeps a local copy of a server's objects: lists them, then follows the changes, for ever.
 *
 * Promises: the sink is told a sequence whose outcome is the server's state, whatever fails on the
 * way; `run` ends only by its signal, never by an error; while nothing can be reached it tries
 * again ever more rarely, at most every 30 to 60 seconds. It does not promise every intermediate
 * state.
 *
 * It is a state machine: `reflector-decisions.ts` says where each outcome leads, this file carries
 * the steps out.
 */
import { Backoff, type BackoffOptions } from "../base/backoff.ts";
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { deepFreeze } from "../base/freeze.ts";
import { orAborted } from "../base/signals.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import type { Keep } from "./kept.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import {
  afterListFailure,
  afterVerifying,
  afterWatch,
  ANY_VERSION,
  isStreamingUnsupported,
  NEWEST_VERSION,
  type ListWay,
  type ReflectorState,
} from "./reflector-decisions.ts";
import type { ReflectorSink } from "./reflector-sink.ts";
import { revisionOfText } from "./resource-version.ts";
import { EmptyListError, SilentStreamError, WatchAttempt } from "./watch-attempt.ts";

/** How the objects of a kind are fetched. */
export type ReflectorOptions = {
  /** Whether to try the streaming list first (default true). */
  readonly isStreaming?: boolean;
  /** Objects in one page of a list of the newest state (default 500). */
  readonly pageSize?: number;
};

export type ReflectorDeps<T extends ApiObject> = {
  readonly source: ListerWatcher<T>;
  readonly sink: ReflectorSink<T>;
  readonly env: Env;
  /** What the sink is given of each object, frozen (default: all of it). */
  readonly keep?: Keep<T>;
};

/** Waits between tries: 0.8 to 1.6 s, doubling to 30 to 60 s; afresh after 2 minutes of health. */
export const REFLECTOR_BACKOFF: BackoffOptions = {
  initialMs: 800,
  maxMs: 30_000,
  factor: 2,
  jitter: 1,
  resetMs: 120_000,
};

/** How long objects of a list are made ready to be kept before anything else has its turn. */
const AT_ONCE_MS_MAX = 8;
/** Objects after which it is looked how late it is. */
const KEPT_A_LOOK = 50;

export class Reflector<T extends ApiObject> {
  readonly #deps: Required<ReflectorDeps<T>>;
  readonly #pageSize: number;
  readonly #backoff: Backoff;
  #way: ListWay;
  #state: ReflectorState;
  #lastError: unknown;
  /** Whether there was a list before. */
  #hasListed = false;
  /** Of the list before this one, if that was empty and not believed. */
  #emptyAt: string | undefined;

  constructor(deps: ReflectorDeps<T>, options: ReflectorOptions = {}) {
    const { keep = (object: T): T => deepFreeze(object) } = deps;
    this.#deps = { ...deps, keep, sink: this.#learning(deps.sink) };
    this.#pageSize = options.pageSize ?? 500;
    this.#backoff = new Backoff(REFLECTOR_BACKOFF, deps.env);
    this.#way = (options.isStreaming ?? true) ? "stream" : "pages";
    this.#state = { kind: "list", from: ANY_VERSION, way: this.#way };
  }

  /** Why it last had to wait; undefined if it has learned anything since. */
  get lastError(): unknown {
    return this.#lastError;
  }

  async run(context: Context): Promise<void> {
    while (!context.signal.aborted) {
      try {
        this.#state = await this.#step(this.#state, context);
      } catch (error) {
        if (!context.signal.aborted) throw error;
      }
    }
  }

  #step(state: ReflectorState, context: Context): Promise<ReflectorState> {
    switch (state.kind) {
      case "list":
        return state.way === "stream" ? this.#stream(state, context) : this.#pages(state, context);
      case "watch":
        return this.#watch(state.from, context);
      case "verify":
        return this.#verify(state.from, context);
      case "back-off":
        return this.#wait(state, context);
    }
  }

  async #wait(
    state: ReflectorState & { readonly kind: "back-off" },
    context: Context,
  ): Promise<ReflectorState> {
    const delayMs = this.#backoff.next();
    this.#lastError = state.error;
    context.log.warn("the list or watch failed; it is tried again after a while", {
      error: state.error,
      next: state.next.kind,
      delayMs: Math.round(delayMs),
    });
    await this.#deps.env.timers.sleep(delayMs, context.signal);
    return state.next;
  }

  async #pages(
    state: { readonly from: string; readonly way: ListWay },
    context: Context,
  ): Promise<ReflectorState> {
    try {
      const { objects, resourceVersion } = await this.#listAll(state.from, context);
      if (objects.length === 0 && this.#doubtsEmpty()) {
        this.#emptyAt = resourceVersion;
        return { kind: "list", from: NEWEST_VERSION, way: "pages" };
      }
      const isSecondEmpty = objects.length === 0 && this.#emptyAt !== undefined;
      const at = isSecondEmpty ? earlierOf(this.#emptyAt, resourceVersion) : resourceVersion;
      await this.#deps.sink.replace(objects, at);
      return { kind: "watch", from: at };
    } catch (error) {
      if (context.signal.aborted) throw error;
      return afterListFailure(error, state);
    }
  }

  /** All pages. A page that expired on the way means one more list, whole this time. */
  async #listAll(
    from: string,
    context: Context,
  ): Promise<{ readonly objects: readonly T[]; readonly resourceVersion: string }> {
    const objects: T[] = [];
    const { clock, timers } = this.#deps.env;
    let limit = from === NEWEST_VERSION ? this.#pageSize : 0; // other lists come from memory, whole
    let position = "";
    for (;;) {
      let page;
      try {
        const request = { resourceVersion: from, limit, continue: position };
        page = await orAborted(this.#deps.source.list(request, context), context.signal);
      } catch (error) {
        const isPageLost = position !== "" && isStatus(error) && error.code === 410;
        if (!isPageLost) throw error;
        objects.length = 0;
        position = "";
        limit = 0;
        continue;
      }
      let endMs = clock.monotonic() + AT_ONCE_MS_MAX;
      for (const item of page.items) {
        objects.push(this.#deps.keep(item));
        if (objects.length % KEPT_A_LOOK !== 0 || clock.monotonic() < endMs) continue;
        await timers.yield();
        endMs = clock.monotonic() + AT_ONCE_MS_MAX;
      }
      position = page.metadata.continue ?? "";
      if (position !== "") continue;
      const { resourceVersion } = page.metadata;
      if (resourceVersion === undefined) throw new Error("the list has no resourceVersion");
      return { objects, resourceVersion };
    }
  }

  async #stream(
    state: { readonly from: string; readonly way: ListWay },
    context: Context,
  ): Promise<ReflectorState> {
    // There is no "any version" for a stream; without a version it begins with the newest state.
    const from = state.from === ANY_VERSION ? NEWEST_VERSION : state.from;
    const doubtsEmpty = this.#doubtsEmpty();
    const attempt = new WatchAttempt(this.#deps, { from, isStreamingList: true, doubtsEmpty });
    await attempt.run(context);
    const { end } = attempt;
    if (attempt.isListed) return afterWatch(end, this.#way);
    if (end.error instanceof EmptyListError) {
      this.#emptyAt = end.resourceVersion;
      return { kind: "list", from: NEWEST_VERSION, way: "pages" };
    }
    const error = end.error ?? new Error("the stream ended before the initial objects did");
    if (error instanceof SilentStreamError || isStreamingUnsupported(error)) this.#way = "pages";
    const pages: ReflectorState = { kind: "list", from: state.from, way: "pages" };
    if (error instanceof SilentStreamError) return pages;
    const next = afterListFailure(error, { from, way: state.way });
    return next.kind === "list" && next.way === "pages" ? pages : next;
  }

  async #watch(from: string, context: Context): Promise<ReflectorState> {
    const attempt = new WatchAttempt(this.#deps, { from, isStreamingList: false });
    await attempt.run(context);
    return afterWatch(attempt.end, this.#way);
  }

  /** One object is enough to learn how far the server is; if it cannot tell, nothing is known. */
  async #verify(from: string, context: Context): Promise<ReflectorState> {
    try {
      const request = { resourceVersion: NEWEST_VERSION, limit: 1, continue: "" };
      const page = await orAborted(this.#deps.source.list(request, context), context.signal);
      return afterVerifying(from, page.metadata.resourceVersion ?? "", this.#way);
    } catch (error) {
      if (context.signal.aborted) throw error;
      return { kind: "watch", from };
    }
  }

  /**
   * An empty list is most often the truth, and sometimes the mistake of something that stands
   * between: all objects would be gone for those who listen. So it is believed the second time, as
   * of the first: from there on the watch tells what one of the two has left out by mistake.
   */
  #doubtsEmpty(): boolean {
    return this.#hasListed && this.#emptyAt === undefined;
  }

  #learning(sink: ReflectorSink<T>): ReflectorSink<T> {
    return {
      replace: (objects, resourceVersion) => {
        this.#lastError = undefined;
        this.#hasListed = true;
        this.#emptyAt = undefined;
        return sink.replace(objects, resourceVersion);
      },
      put: (object) => sink.put(object),
      remove: (object) => sink.remove(object),
      progress: (resourceVersion) => {
        this.#lastError = undefined;
        sink.progress(resourceVersion);
      },
    };
  }
}

/** A server that was set back between the two has not come to the first, or is not known to. */
function earlierOf(first: string | undefined, second: string): string {
  const [one, other] = [revisionOfText(first), revisionOfText(second)];
  return first !== undefined && one !== undefined && other !== undefined && one < other
    ? first
    : second;
}
