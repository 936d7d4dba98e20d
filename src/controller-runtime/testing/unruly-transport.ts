/**
 * A transport to a server that has bad hours: watches end, fail, falter or are told that they are
 * too old; requests are refused, lost on the way there or on the way back, or late.
 */
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { TransportError, type Transport } from "../../client/transport.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import {
  expired,
  internalError,
  tooManyRequests,
  type StatusError,
} from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";

/** Shares of the requests, or of the watches, that meet with it. */
export type Faults = {
  readonly refused: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly late: number;
  readonly watchExpired: number;
  readonly watchFalters: number;
};

export const NO_FAULTS: Faults = {
  refused: 0,
  lostBefore: 0,
  lostAfter: 0,
  late: 0,
  watchExpired: 0,
  watchFalters: 0,
};

const LATE_MS_MAX = 4_000;
const FALTER_MS_MAX = 90_000;
const JSON_HEADERS = { "content-type": "application/json" };

export class UnrulyTransport implements Transport {
  faults: Faults = NO_FAULTS;
  /** Nobody answers at all. */
  isDown = false;
  /** What has happened, by name. */
  readonly tally: Map<string, number> = new Map();
  #server: Transport;
  readonly #env: Pick<Env, "random" | "timers">;
  readonly #watches = new Set<(error: Error | undefined) => void>();

  constructor(server: Transport, env: Pick<Env, "random" | "timers">) {
    this.#server = server;
    this.#env = env;
  }

  /** Another server is there from now on. Watches of the old one end when it does. */
  moveTo(server: Transport): void {
    this.#server = server;
  }

  /** Ends each watch that is open: some in order, some as a broken connection does. */
  cutWatches(): void {
    for (const cut of this.#watches) {
      const isBroken = this.#chance(0.5);
      this.#count(isBroken ? "watch broken" : "watch ended");
      cut(isBroken ? lost("the connection broke") : undefined);
    }
  }

  async send(request: ApiRequest, context: Context): Promise<ApiResponse> {
    if (this.isDown) {
      this.#count("nobody there");
      throw new TransportError("nobody is there", { isRefused: true });
    }
    const isWatch = request.query.has("watch");
    const { faults } = this;
    if (this.#happens("refused", faults.refused)) return refusal(this.#refusal());
    if (this.#happens("lost before", faults.lostBefore)) throw lost("lost on the way there");
    if (this.#happens("late", faults.late)) await this.#pause(LATE_MS_MAX, context);
    if (isWatch) return this.#watch(request, context);
    const response = await this.#server.send(request, context);
    if (this.#happens("lost after", faults.lostAfter)) throw lost("lost on the way back");
    return response;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #watch(request: ApiRequest, context: Context): Promise<ApiResponse> {
    if (this.#happens("watch expired", this.faults.watchExpired)) {
      const old = expired("too old resource version");
      if (this.#chance(0.5)) return refusal(old);
      return { ...refusal(old), status: 200, body: { kind: "events", events: only(old) } };
    }
    const child = childSignal(context.signal);
    try {
      const response = await this.#server.send(request, withSignal(context, child.signal));
      const { body } = response;
      if (body.kind !== "events") {
        child.release();
        return response;
      }
      return { ...response, body: { kind: "events", events: this.#follow(body.events, child) } };
    } catch (error) {
      child.release();
      throw error;
    }
  }

  async *#follow(
    events: AsyncIterable<readonly WatchEvent[]>,
    child: ReturnType<typeof childSignal>,
  ): AsyncGenerator<readonly WatchEvent[], void, undefined> {
    let failure: Error | undefined;
    const cut = (error: Error | undefined): void => {
      failure = error;
      child.abort(new Error("the watch was cut"));
    };
    this.#watches.add(cut);
    try {
      for await (const batch of events) {
        if (this.#happens("watch falters", this.faults.watchFalters)) {
          const ms = this.#env.random.next() * FALTER_MS_MAX;
          await this.#env.timers.sleep(ms, child.signal);
        }
        yield batch;
      }
    } catch (error) {
      if (!child.signal.aborted) throw error;
    } finally {
      this.#watches.delete(cut);
      child.abort();
      child.release();
    }
    if (failure !== undefined) throw failure;
  }

  #refusal(): StatusError {
    return this.#chance(0.5) ? internalError("a bad hour") : tooManyRequests("a full hour", 2);
  }

  async #pause(msMax: number, { signal }: Context): Promise<void> {
    await this.#env.timers.sleep(this.#env.random.next() * msMax, signal);
  }

  #happens(name: string, share: number): boolean {
    const isSo = share > 0 && this.#chance(share);
    if (isSo) this.#count(name);
    return isSo;
  }

  #chance(share: number): boolean {
    return this.#env.random.next() < share;
  }

  #count(name: string): void {
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
  }
}

function lost(message: string): TransportError {
  return new TransportError(message, { isRefused: false });
}

function refusal({ status, code }: StatusError): ApiResponse {
  const object = EncodedObject.fromValue({ ...status, metadata: {} });
  return { status: code, headers: JSON_HEADERS, warnings: [], body: { kind: "object", object } };
}

async function* only({ status }: StatusError): AsyncGenerator<readonly WatchEvent[]> {
  await Promise.resolve();
  yield [{ kind: "ERROR", status }];
}
