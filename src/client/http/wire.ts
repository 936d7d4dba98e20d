/**
 * The seam between versions of HTTP: one exchange of bytes. Timeouts are the caller's, by signal.
 */

export type WireHeaders = Readonly<Record<string, string | readonly string[]>>;

export type WireRequest = {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: WireHeaders;
  readonly body: Uint8Array | undefined;
};

export type WireResponse = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: WireHeaders;
  /** Read once, to its end or until the reader stops: then the exchange is over. */
  readonly chunks: AsyncIterable<Uint8Array>;
};

/**
 * Sends a request and answers when the headers have come. Rejects with the signal's reason once it
 * aborts, with a `TransportError` for everything else, and so does reading the chunks. Leaves no
 * listener on the signal when the exchange is over.
 */
export interface Wire {
  send(request: WireRequest, signal: AbortSignal): Promise<WireResponse>;
  /**
   * Nothing is sent any more: connections end when nothing is open on them, what is open goes on.
   */
  retire(): void;
  /** Ends what is open. */
  close(): Promise<void>;
}
