/**
 * The serving side of one SPDY connection: streams that the client opens, each a Node stream with
 * headers. A stream whose reader is slow holds up the connection, since nothing in the protocol as
 * Kubernetes uses it could hold up the stream alone.
 */
import { once } from "node:events";
import { Duplex } from "node:stream";
import {
  dataFrame,
  goawayFrame,
  pingFrame,
  readFrames,
  rstStreamFrame,
  SpdyError,
  synReplyFrame,
  type SpdyFrame,
} from "./spdy-frames.ts";
import { whenDone } from "./when-done.ts";
import { HeaderReader, HeaderWriter, type SpdyHeaders } from "./spdy-headers.ts";

/** Streams a client may have open at a time. */
export const SPDY_STREAMS_MAX: number = 1_000;

/** Reasons to refuse a stream (SPDY/3, section 2.6.3). */
const PROTOCOL_ERROR = 1;
const REFUSED_STREAM = 3;
/** Data frames are no longer than this; kubectl reads up to 32 KiB at a time. */
const CHUNK_BYTES_MAX = 32 * 1024;

/** One stream; reading gives what the client sends, writing sends to it, `end` half-closes. */
export type SpdyStream = {
  readonly id: number;
  readonly headers: SpdyHeaders;
  readonly io: Duplex;
};

/** A stream, and the way in for what arrives on it. */
type OpenStream = SpdyStream & {
  /** Resolves when more may come. */
  readonly receive: (bytes: Buffer, isLast: boolean) => Promise<void>;
  /** Lets go of what was written before the client was told that it has a stream. */
  readonly release: () => void;
};

/** Whether the stream is wanted; it is answered before anything is sent on it. */
export type OnStream = (stream: SpdyStream) => "accepted" | "refused";

export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #streams = new Map<number, OpenStream>();
  #lastStreamId = 0;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Serves until the client goes or `signal` aborts; then every stream has ended. */
  async run(onStream: OnStream, signal: AbortSignal): Promise<void> {
    const end = (): void => void this.#socket.destroy();
    signal.addEventListener("abort", end, { once: true });
    try {
      let rest: Buffer = Buffer.alloc(0);
      for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
        const read = readFrames(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
        rest = read.rest;
        for (const frame of read.frames) await this.#serve(frame, onStream);
      }
    } catch (error) {
      if (error instanceof SpdyError) throw error;
      // A connection that breaks is one that has ended.
    } finally {
      signal.removeEventListener("abort", end);
      this.#close();
    }
  }

  /** Says that no more streams are wanted, and ends the connection once all is sent. */
  async end(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.write(goawayFrame(this.#lastStreamId));
    this.#socket.end();
    if (!this.#socket.writableFinished) await once(this.#socket, "finish").catch(() => undefined);
  }

  async #sendData(streamId: number, bytes: Buffer, isLast: boolean): Promise<void> {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES_MAX) {
      await this.#send(dataFrame(streamId, bytes.subarray(at, at + CHUNK_BYTES_MAX), false));
    }
    if (isLast) await this.#send(dataFrame(streamId, Buffer.alloc(0), true));
  }

  async #serve(frame: SpdyFrame, onStream: OnStream): Promise<void> {
    switch (frame.kind) {
      case "syn-stream":
        return this.#open(
          frame.streamId,
          await this.#reader.read(frame.block),
          frame.isLast,
          onStream,
        );
      case "headers":
        await this.#reader.read(frame.block); // keeps the compression in step
        return frame.isLast
          ? this.#streams.get(frame.streamId)?.receive(Buffer.alloc(0), true)
          : undefined;
      case "data":
        return this.#streams.get(frame.streamId)?.receive(frame.bytes, frame.isLast);
      case "rst-stream":
        this.#streams.get(frame.streamId)?.io.destroy();
        return undefined;
      case "ping":
        return this.#send(pingFrame(frame.id));
      case "goaway":
      case "syn-reply":
      case "ignored":
        return undefined;
    }
  }

  async #open(
    id: number,
    headers: SpdyHeaders,
    isLast: boolean,
    onStream: OnStream,
  ): Promise<void> {
    if (this.#streams.has(id) || id <= this.#lastStreamId) {
      return this.#send(rstStreamFrame(id, PROTOCOL_ERROR));
    }
    this.#lastStreamId = id;
    const stream = this.#makeStream(id, headers);
    const isRefused = this.#streams.size >= SPDY_STREAMS_MAX || onStream(stream) === "refused";
    if (isRefused) return this.#send(rstStreamFrame(id, REFUSED_STREAM));
    this.#streams.set(id, stream);
    await this.#send(synReplyFrame(id, await this.#writer.write({})));
    stream.release();
    if (isLast) await stream.receive(Buffer.alloc(0), true);
  }

  #makeStream(id: number, headers: SpdyHeaders): OpenStream {
    let letMore: (() => void) | undefined;
    // Clients pass over what comes on a stream before its reply, its end included.
    const { promise: replied, resolve: release } = Promise.withResolvers<void>();
    const send = async (bytes: Buffer, isLast: boolean): Promise<void> => {
      await replied;
      if (!io.destroyed) await this.#sendData(id, bytes, isLast);
    };
    const resume = (): void => {
      letMore?.();
      letMore = undefined;
    };
    const io = new Duplex({
      allowHalfOpen: true,
      read: resume,
      write: (chunk: Buffer, _encoding, done) => whenDone(send(chunk, false), done),
      final: (done) => whenDone(send(Buffer.alloc(0), true), done),
      destroy: (error, done) => {
        resume();
        release();
        this.#streams.delete(id);
        done(error);
      },
    });
    io.on("error", () => undefined); // whoever uses it is told by its pipeline
    const receive = async (bytes: Buffer, isLast: boolean): Promise<void> => {
      if (io.destroyed || io.readableEnded) return;
      const hasRoom = bytes.length === 0 || io.push(bytes);
      if (isLast) io.push(null);
      else if (!hasRoom) {
        await new Promise<void>((resolve) => {
          letMore = resolve;
        });
      }
    };
    return { id, headers, io, receive, release };
  }

  async #send(frame: Buffer): Promise<void> {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (!this.#socket.write(frame)) await drained(this.#socket);
  }

  #close(): void {
    for (const stream of this.#streams.values()) stream.io.destroy();
    this.#streams.clear();
    this.#reader.close();
    this.#writer.close();
    this.#socket.destroy();
  }
}

/** Resolves when there is room again, or nobody reads any more. */
function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      socket.off("drain", finish);
      socket.off("close", finish);
      resolve();
    };
    socket.once("drain", finish);
    socket.once("close", finish);
  });
}
