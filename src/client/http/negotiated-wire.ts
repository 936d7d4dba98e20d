/**
 * HTTPS in the version the server prefers: HTTP/2 where it can, HTTP/1.1 else. What it speaks is
 * learned from the first connection, and again when a later one disagrees.
 */
import type { TLSSocket } from "node:tls";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import { TransportError } from "../transport.ts";
import type { Connection } from "./connection-options.ts";
import { Http1Wire } from "./http1-wire.ts";
import { Http2Wire } from "./http2-wire.ts";
import { connectTls } from "./tls-socket.ts";
import type { Wire, WireRequest, WireResponse } from "./wire.ts";

const PROTOCOLS = ["h2", "http/1.1"];

export class NegotiatedWire implements Wire {
  readonly #connection: Connection;
  readonly #env: Pick<Env, "timers">;
  #wire: Wire | undefined;
  #choosing: Promise<Wire> | undefined;
  #isClosed = false;
  #isRetired = false;

  constructor(connection: Connection, env: Pick<Env, "timers">) {
    this.#connection = connection;
    this.#env = env;
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
    const wire = this.#wire ?? (await orAborted((this.#choosing ??= this.#choose()), signal));
    return wire.send(request, signal);
  }

  retire(): void {
    this.#isRetired = true;
    this.#wire?.retire();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#choosing?.catch(() => undefined); // nobody waits for it any more
    await this.#wire?.close();
  }

  async #choose(): Promise<Wire> {
    try {
      const socket = await connectTls(this.#connection, PROTOCOLS, this.#env);
      this.#wire = this.#wireOver(socket);
      if (this.#isRetired) this.#wire.retire();
      if (this.#isClosed) await this.#wire.close();
      return this.#wire;
    } finally {
      this.#choosing = undefined;
    }
  }

  #wireOver(socket: TLSSocket): Wire {
    const connection = this.#connection;
    if (socket.alpnProtocol !== "h2") {
      socket.destroy(); // the agent of HTTP/1.1 makes its own
      return new Http1Wire(connection, this.#env);
    }
    const connect = (): Promise<TLSSocket> => this.#connectHttp2();
    return new Http2Wire({ connection, env: this.#env, connect }, socket);
  }

  async #connectHttp2(): Promise<TLSSocket> {
    const socket = await connectTls(this.#connection, PROTOCOLS, this.#env);
    if (socket.alpnProtocol === "h2") return socket;
    socket.destroy();
    this.#wire = undefined; // another server answers there now: the next request asks it
    throw new TransportError("the server does not speak HTTP/2 any more", { isRefused: true });
  }
}
