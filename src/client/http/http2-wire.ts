/** HTTP/2: as many connections as the open streams need, each made when there is no room left. */
import type { TLSSocket } from "node:tls";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import { TransportError } from "../transport.ts";
import { authorityOf, type Connection } from "./connection-options.ts";
import { Http2Session } from "./http2-session.ts";
import type { Wire, WireRequest, WireResponse } from "./wire.ts";

/** A request that servers did not look at is sent again on a fresh connection this often. */
const REFUSED_RETRIES_MAX = 2;

export type Http2WireDeps = {
  readonly connection: Connection;
  readonly env: Pick<Env, "timers">;
  /** A connected socket that has agreed on HTTP/2. */
  readonly connect: () => Promise<TLSSocket>;
};

export class Http2Wire implements Wire {
  readonly #deps: Http2WireDeps;
  readonly #sessions = new Set<Http2Session>();
  #connecting: Promise<Http2Session> | undefined;
  #isClosed = false;
  #isRetired = false;

  constructor(deps: Http2WireDeps, first: TLSSocket) {
    this.#deps = deps;
    this.#adopt(first);
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
    for (let tries = 0; ; tries += 1) {
      const session = await this.#sessionWithRoom(signal);
      try {
        return await session.send(request, signal);
      } catch (error) {
        // A server that is going away refuses streams it never looked at: another will serve them.
        const isUnseen = error instanceof TransportError && error.isRefused;
        if (!isUnseen || tries >= REFUSED_RETRIES_MAX || signal.aborted) throw error;
      }
    }
  }

  retire(): void {
    this.#isRetired = true;
    for (const session of this.#sessions) session.retire();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const pending = this.#connecting?.catch(() => undefined); // nobody waits for it any more
    await pending;
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  async #sessionWithRoom(signal: AbortSignal): Promise<Http2Session> {
    for (;;) {
      if (this.#isClosed) throw new TransportError("the transport is closed", { isRefused: true });
      for (const session of this.#sessions) if (session.hasRoom) return session;
      this.#connecting ??= this.#connect();
      // Others may have taken all its room by the time this caller's turn comes: look again.
      await orAborted(this.#connecting, signal);
    }
  }

  async #connect(): Promise<Http2Session> {
    try {
      return this.#adopt(await this.#deps.connect());
    } finally {
      this.#connecting = undefined;
    }
  }

  #adopt(socket: TLSSocket): Http2Session {
    const session = new Http2Session(authorityOf(this.#deps.connection), socket, this.#deps.env);
    this.#sessions.add(session);
    if (this.#isRetired) session.retire();
    void session.closed.then(() => this.#sessions.delete(session));
    return session;
  }
}
