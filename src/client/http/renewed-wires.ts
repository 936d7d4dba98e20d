/**
 * Connections made with the certificates of the moment: when others come, new requests go over new
 * connections, and what is open on those of before goes on to its end.
 */
import type { Env } from "../../base/env.ts";
import type { Connection, TlsMaterial } from "./connection-options.ts";
import { Http1Wire } from "./http1-wire.ts";
import { NegotiatedWire } from "./negotiated-wire.ts";
import type { Wire, WireRequest, WireResponse } from "./wire.ts";

/** So many sets of certificates ago, what is still open is cut. */
export const OLD_GENERATIONS_MAX = 8;

/** The connections of one set of certificates. */
type Generation = {
  readonly material: TlsMaterial;
  readonly wire: Wire;
  /** Requests that have no answer yet: the connection of one may have to be made. */
  waiting: number;
};

export class RenewedWires {
  readonly #connection: Connection;
  readonly #env: Pick<Env, "timers">;
  /** Those of before, oldest first: something may be open on them. */
  readonly #old = new Set<Generation>();
  #current: Generation | undefined;

  constructor(connection: Connection, env: Pick<Env, "timers">) {
    this.#connection = connection;
    this.#env = env;
  }

  /** Sends over a connection made with `material`. */
  async send(
    material: TlsMaterial,
    request: WireRequest,
    signal: AbortSignal,
  ): Promise<WireResponse> {
    const generation = this.#generationOf(material);
    generation.waiting += 1;
    try {
      return await generation.wire.send(request, signal);
    } finally {
      generation.waiting -= 1;
      this.#retireIfOld(generation);
    }
  }

  async close(): Promise<void> {
    const current = this.#current === undefined ? [] : [this.#current];
    await Promise.all([...this.#old, ...current].map(({ wire }) => wire.close()));
  }

  #generationOf(material: TlsMaterial): Generation {
    const before = this.#current;
    if (before !== undefined && isSameMaterial(before.material, material)) return before;
    const { authority, clientCertificate } = material;
    const connection = { ...this.#connection, authority, clientCertificate };
    const wire = connection.isTls
      ? new NegotiatedWire(connection, this.#env)
      : new Http1Wire(connection, this.#env);
    this.#current = { material: { authority, clientCertificate }, wire, waiting: 0 };
    if (before !== undefined) {
      this.#old.add(before);
      this.#retireIfOld(before);
      this.#cutOldest();
    }
    return this.#current;
  }

  #cutOldest(): void {
    const [oldest] = this.#old;
    if (oldest === undefined || this.#old.size <= OLD_GENERATIONS_MAX) return;
    this.#old.delete(oldest);
    void oldest.wire.close();
  }

  #retireIfOld(generation: Generation): void {
    if (generation !== this.#current && generation.waiting === 0) generation.wire.retire();
  }
}

export function isSameMaterial(a: TlsMaterial, b: TlsMaterial): boolean {
  return (
    a.authority === b.authority &&
    a.clientCertificate?.certificate === b.clientCertificate?.certificate &&
    a.clientCertificate?.key === b.clientCertificate?.key
  );
}
