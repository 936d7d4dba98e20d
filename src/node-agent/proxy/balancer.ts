/**
 * Chooses among the backends of one listener: each in turn, or, where the service asks for it, the
 * one that the client had last.
 */
import type { Clock } from "../../base/env.ts";
import { addressText, type SocketAddress } from "./plan-listeners.ts";

/** Clients remembered by one listener; beyond that the ones longest unseen are forgotten. */
export const AFFINITY_CLIENTS_MAX = 10_000;

/** Backends tried for one connection. */
export const BACKEND_TRIES_MAX = 4;

type Affinity = { readonly backend: string; readonly usedAtMs: number };

export class Balancer {
  readonly #clock: Clock;
  /** The one longest unseen first. */
  readonly #clients = new Map<string, Affinity>();
  #backends: readonly SocketAddress[] = [];
  #affinityMs: number | undefined;
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What it knows of clients stays, as far as their backends do. */
  update(backends: readonly SocketAddress[], affinityMs: number | undefined): void {
    this.#backends = backends;
    this.#affinityMs = affinityMs;
    if (affinityMs === undefined) this.#clients.clear();
  }

  /** The backends to try for a new connection of `client`, in this order. */
  order(client: string): readonly SocketAddress[] {
    const count = this.#backends.length;
    if (count === 0) return [];
    const start = this.#next % count;
    const last = this.#lastOf(client);
    if (last === undefined) this.#next = start + 1;
    const inTurn = Array.from(
      { length: Math.min(count, BACKEND_TRIES_MAX) },
      (_, index) => this.#backends[(start + index) % count],
    ).filter((backend) => backend !== undefined);
    if (last === undefined) return inTurn;
    return [last, ...inTurn.filter((backend) => backend !== last)].slice(0, BACKEND_TRIES_MAX);
  }

  /** Remembers that `client` was sent to `backend` just now. */
  used(client: string, backend: SocketAddress): void {
    if (this.#affinityMs === undefined) return;
    this.#clients.delete(client); // to the end of the order
    const usedAtMs = this.#clock.monotonic();
    this.#clients.set(client, { backend: addressText(backend), usedAtMs });
    if (this.#clients.size <= AFFINITY_CLIENTS_MAX) return;
    const [longestUnseen] = this.#clients.keys();
    if (longestUnseen !== undefined) this.#clients.delete(longestUnseen);
  }

  #lastOf(client: string): SocketAddress | undefined {
    const affinity = this.#clients.get(client);
    if (affinity === undefined || this.#affinityMs === undefined) return undefined;
    if (this.#clock.monotonic() - affinity.usedAtMs >= this.#affinityMs) return undefined;
    return this.#backends.find((backend) => addressText(backend) === affinity.backend);
  }
}
