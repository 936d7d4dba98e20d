/**
 * What a server serves, kept up to date: kinds come and go with custom resource definitions and API
 * services. It looks again soon after it is told that something may have changed, and now and then
 * without being told.
 */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { childSignal } from "../base/signals.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import { discoverAll, type Discovered, type DiscoveredResource } from "./discovery.ts";
import type { RestClient } from "./rest-client.ts";

/** Between two looks that nobody asked for; as upstream. */
export const LOOK_AGAIN_MS = 30_000;
/** Between being told and looking: changes come in groups. */
export const SETTLE_MS = 50;
/** After a look that failed. */
const RETRY_MS = 1_000;

export type ServedKindsDeps = {
  readonly client: Pick<RestClient, "request">;
  readonly env: Pick<Env, "timers">;
};

export class ServedKinds {
  readonly #deps: ServedKindsDeps;
  readonly #listeners = new Set<() => void>();
  #resources: readonly DiscoveredResource[] = [];
  #isTold = false;
  /** Looks begun, and the latest of them whose answer counts: a later answer may be older. */
  #begun = 0;
  #latest = 0;
  #wake: () => void = () => undefined;

  constructor(deps: ServedKindsDeps) {
    this.#deps = deps;
  }

  /** As of the last look, in the server's order of preference; none before the first one. */
  get resources(): readonly DiscoveredResource[] {
    return this.#resources;
  }

  /** `listener` is called after every look. Answers what ends that. */
  onLook(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something may have come or gone: looks soon. */
  tell(): void {
    this.#isTold = true;
    this.#wake();
  }

  /** Looks now. What of a version is not known for the moment stays as it was. */
  async look(context: Context): Promise<Discovered> {
    this.#begun += 1;
    const turn = this.#begun;
    const found = await discoverAll(this.#deps.client, context);
    if (turn < this.#latest) return found;
    this.#latest = turn;
    const unclear = new Set(found.failures.map(({ apiVersion }) => apiVersion));
    const kept = this.#resources.filter(({ type }) => unclear.has(apiVersionOf(type)));
    this.#resources = [...found.resources, ...kept];
    for (const listener of this.#listeners) listener();
    return found;
  }

  /** Lives until the signal aborts. */
  async run(context: Context): Promise<void> {
    let isSettled = false;
    while (!context.signal.aborted) {
      this.#isTold = false;
      let pauseMs = LOOK_AGAIN_MS;
      try {
        await this.look(context);
        isSettled = true;
      } catch (error) {
        if (context.signal.aborted) return;
        context.log.warn("cannot find out what the server serves; it is asked again", { error });
        pauseMs = isSettled ? LOOK_AGAIN_MS : RETRY_MS;
      }
      await this.#pause(pauseMs, context.signal);
    }
  }

  /** Cut short when someone tells. */
  async #pause(pauseMs: number, signal: AbortSignal): Promise<void> {
    const { timers } = this.#deps.env;
    const sleep = childSignal(signal);
    this.#wake = () => sleep.abort();
    try {
      if (!this.#isTold) await timers.sleep(pauseMs, sleep.signal).catch(() => undefined);
    } finally {
      this.#wake = () => undefined;
      sleep.release();
    }
    if (this.#isTold && !signal.aborted) {
      await timers.sleep(SETTLE_MS, signal).catch(() => undefined);
    }
  }
}
