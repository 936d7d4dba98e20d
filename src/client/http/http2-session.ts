/**
 * One HTTP/2 connection: many exchanges at once, watched by pings, so that a peer which is gone
 * without a word is noticed while a hundred watches wait on it.
 */
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Env, Timer } from "../../base/env.ts";
import { TransportError } from "../transport.ts";
import type { WireHeaders, WireRequest, WireResponse } from "./wire.ts";

/** A connection is pinged this often. */
export const PING_INTERVAL_MS = 30_000;
/** A ping without an answer for this long means that the peer is gone. */
export const PING_DEADLINE_MS = 15_000;
/** Streams on one connection, whatever the server allows. */
export const STREAMS_MAX = 100;
/** What the peer may send ahead on one stream, and on all together. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 32 * 1024 * 1024;

export class Http2Session {
  readonly #session: ClientHttp2Session;
  readonly #env: Pick<Env, "timers">;
  readonly #isClosed: Promise<void>;
  #openStreams = 0;
  #isDraining = false;
  #timer: Timer;

  constructor(authority: string, socket: TLSSocket, env: Pick<Env, "timers">) {
    this.#env = env;
    this.#session = connect(`https://${authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    });
    this.#session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    this.#timer = this.#afterPause();
    this.#session.once("goaway", () => {
      this.#isDraining = true;
    });
    this.#session.on("error", () => {
      this.#isDraining = true; // each stream gets the error, too, and tells its caller
    });
    this.#isClosed = new Promise((resolve) => {
      this.#session.once("close", () => {
        this.#isDraining = true;
        this.#timer.cancel();
        resolve();
      });
    });
  }

  /** Whether one more exchange can begin. */
  get hasRoom(): boolean {
    const allowed = this.#session.remoteSettings?.maxConcurrentStreams ?? STREAMS_MAX;
    const isUsable = !this.#isDraining && !this.#session.closed && !this.#session.destroyed;
    return isUsable && this.#openStreams < Math.min(STREAMS_MAX, allowed);
  }

  /** Settles when the connection is gone. */
  get closed(): Promise<void> {
    return this.#isClosed;
  }

  /** Begins an exchange. Rejects with `isRefused` if the server certainly did not look at it. */
  send(request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request(requestHeaders(request), {
        endStream: request.body === undefined,
      });
    } catch (error) {
      return Promise.reject(broken(error, constants.NGHTTP2_REFUSED_STREAM)); // it was never sent
    }
    this.#openStreams += 1;
    stream.once("close", () => {
      this.#openStreams -= 1;
    });
    if (request.body !== undefined) stream.end(request.body);
    return exchange(stream, signal);
  }

  /** Takes nothing more; the connection ends with the last that is open on it. */
  retire(): void {
    this.#isDraining = true;
    this.#session.close();
  }

  /** Ends the connection and all that is open on it. */
  async close(): Promise<void> {
    this.#timer.cancel();
    this.#session.destroy();
    await this.#isClosed;
  }

  #afterPause(): Timer {
    return this.#env.timers.after(PING_INTERVAL_MS, () => this.#ping());
  }

  #ping(): void {
    // One that only takes nothing more is watched on: a watch may be open on it for minutes.
    if (this.#session.destroyed) return;
    this.#timer = this.#env.timers.after(PING_DEADLINE_MS, () => {
      const error = new Error(`no answer to a ping within ${PING_DEADLINE_MS} ms`);
      this.#session.destroy(error, constants.NGHTTP2_CANCEL);
    });
    this.#session.ping(() => {
      this.#timer.cancel();
      if (!this.#session.destroyed) this.#timer = this.#afterPause();
    });
  }
}

function exchange(stream: ClientHttp2Stream, signal: AbortSignal): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => stream.close(constants.NGHTTP2_CANCEL);
    const release = (): void => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    let error: Error | undefined;
    stream.on("error", (reason) => {
      error = reason;
    });
    let isAnswered = false;
    stream.once("close", () => {
      release();
      if (isAnswered) return; // reading the chunks tells
      reject(signal.aborted ? signal.reason : broken(error, stream.rstCode));
    });
    stream.once("response", (headers) => {
      isAnswered = true;
      const status = Number(headers[":status"]);
      resolve({ status, headers: responseHeaders(headers), chunks: read(stream, signal) });
    });
  });
}

async function* read(
  stream: ClientHttp2Stream,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let hasEnded = false;
  let wake = (): void => undefined;
  const tell = (): void => wake();
  for (const event of NEWS) stream.on(event, tell); // once for all: each event would cost eight
  try {
    // Not `for await`: its iterator takes a stream that closed before the first read for one that
    // was cut, and throws away what had arrived. On a busy machine whole answers were lost so.
    while (!stream.readableEnded && stream.errored === null) {
      const chunk: unknown = stream.read();
      if (chunk !== null)
        yield chunk as Uint8Array; // no encoding is set
      else if (stream.destroyed && stream.readableLength === 0) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (stream.errored !== null) throw stream.errored;
    if (!stream.readableEnded) throw new Error("it closed before the end of the answer");
    hasEnded = true;
  } catch (error) {
    throw signal.aborted ? signal.reason : broken(error, constants.NGHTTP2_NO_ERROR);
  } finally {
    for (const event of NEWS) stream.off(event, tell);
    if (!hasEnded) stream.close(constants.NGHTTP2_CANCEL);
  }
  // A stream that was cut looks like one that ended: only its code tells them apart.
  await closed(stream);
  if (signal.aborted) throw signal.reason;
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw broken(undefined, stream.rstCode);
}

/** Of a stream: there is something to read, or nothing more to come. */
const NEWS = ["readable", "end", "error", "close"] as const;

function closed(stream: ClientHttp2Stream): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("close", () => resolve());
  });
}

function broken(cause: unknown, rstCode: number | undefined): TransportError {
  const isRefused = rstCode === constants.NGHTTP2_REFUSED_STREAM;
  const why = cause instanceof Error ? cause.message : `stream closed with code ${rstCode}`;
  return new TransportError(`the connection broke: ${why}`, { isRefused, cause });
}

function requestHeaders(request: WireRequest): OutgoingHttpHeaders {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    typeof value === "string" ? value : [...value],
  ]);
  return {
    ":method": request.method,
    ":path": request.path,
    ...Object.fromEntries(headers),
    ...(request.body === undefined ? {} : { "content-length": request.body.length }),
  };
}

function responseHeaders(headers: IncomingHttpHeaders): WireHeaders {
  const present = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.startsWith(":") ? [] : [[name, value] as const],
  );
  return Object.fromEntries(present);
}
