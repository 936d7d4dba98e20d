/** A connection of one process to one API server, as both ends know it. */
import type { Transport } from "../../client/transport.ts";

export type ConnectionParts = {
  /** To the server, as a user of this name. */
  readonly as: (name: string) => Transport;
  /** It is over: the server no longer has to know of it. */
  readonly onOver: (connection: Connection) => void;
  /** Names of the actors at its two ends, for who looks at all orders. */
  readonly ends: readonly string[];
};

export class Connection {
  readonly as: ConnectionParts["as"];
  readonly ends: readonly string[];
  readonly #onOver: ConnectionParts["onOver"];
  readonly #serverSide = new AbortController();
  #onReset: (() => void) | undefined;
  #isReset = false;

  constructor({ as, onOver, ends }: ConnectionParts) {
    this.as = as;
    this.ends = ends;
    this.#onOver = onOver;
  }

  /** Of all work that the server does for it: aborts when the connection is over. */
  get signal(): AbortSignal {
    return this.#serverSide.signal;
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }

  /** Whether the server has gone: what was under way arrives nowhere. */
  get isReset(): boolean {
    return this.#isReset;
  }

  /** Is told when the server has gone. */
  set onReset(listener: () => void) {
    this.#onReset = listener;
  }

  /** The caller has gone, or the network between them. */
  close(): void {
    if (this.isOver) return;
    this.#serverSide.abort(GONE);
    this.#onOver(this);
  }

  /** The server has gone. */
  reset(): void {
    if (this.isOver) return;
    this.#isReset = true;
    this.#onReset?.();
    this.close();
  }
}

/** Why the server stops what it does for a connection. */
export const GONE: Error = new Error("the simulated connection is gone");
