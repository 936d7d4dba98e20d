/** For tests: a process that is killed between any two of its calls, to the cluster or outside. */
import { interceptedClient, type Client } from "setpoint/client";
import type { DnsApi } from "./dns-api.ts";

export class Life {
  /** Calls so far that do something: those to the provider, and writes to the cluster. */
  steps = 0;
  isOver: boolean;
  readonly #lastStep: number;

  /** Ends when this many steps are done, and before it hears the answer to the last one. */
  constructor(lastStep: number = Number.POSITIVE_INFINITY) {
    this.#lastStep = lastStep;
    this.isOver = lastStep === 0;
  }

  client(client: Client): Client {
    return interceptedClient(client, (call, next) =>
      call.isWrite ? this.#step(call.context.signal, next) : next(),
    );
  }

  dns(dns: DnsApi): DnsApi {
    return {
      get: (id, signal) => this.#step(signal, () => dns.get(id, signal)),
      list: (query, signal) => this.#step(signal, () => dns.list(query, signal)),
      create: (content, key, signal) => this.#step(signal, () => dns.create(content, key, signal)),
      update: (id, content, signal) => this.#step(signal, () => dns.update(id, content, signal)),
      delete: (id, signal) => this.#step(signal, () => dns.delete(id, signal)),
    };
  }

  async #step<R>(signal: AbortSignal, act: () => Promise<R>): Promise<R> {
    if (this.isOver) return nothingMore(signal);
    this.steps += 1;
    const result = await act();
    if (this.steps >= this.#lastStep) this.isOver = true;
    return this.isOver ? nothingMore(signal) : result;
  }
}

/** Of a killed process nobody hears, and nothing is thrown that it could still tell of. */
function nothingMore(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
