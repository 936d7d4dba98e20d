/**
 * Writing an answer at the pace of its reader. After every chunk the loop is yielded: when the
 * kernel takes all at once `drain` fires without a turn of the event loop, and one long list would
 * starve every other request.
 */
import type { Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import { createGzip, constants } from "node:zlib";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import type { Patience } from "./patience.ts";

/** Where the bytes of one answer go. */
export interface Sink {
  /** Resolves when more can be written. Rejects when the reader is gone. */
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** A response, or the bare connection of one that asked for another protocol. */
type Writable = Http2ServerResponse | Duplex;

export type SinkDeps = {
  readonly response: Writable;
  readonly signal: AbortSignal;
  readonly env: Env;
  readonly patience: Patience;
};

/** Straight to the socket. */
export function plainSink(deps: SinkDeps): Sink {
  return {
    write: (chunk) => writeChunk(deps.response, chunk, deps),
    end: () => {
      deps.response.end();
      return Promise.resolve();
    },
  };
}

/** Compressed, in the thread pool. */
export function gzipSink(deps: SinkDeps): Sink {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  gzip.on("data", (chunk: Buffer) => {
    if (!writeTo(deps.response, chunk)) gzip.pause();
  });
  deps.response.on("drain", () => gzip.resume());
  const ended = new Promise<void>((resolve, reject) => {
    gzip.once("end", resolve);
    gzip.once("error", reject);
  });
  const drop = (): void => void gzip.destroy();
  deps.signal.addEventListener("abort", drop, { once: true });
  return {
    write: (chunk) => writeChunk(gzip, chunk, deps),
    end: async () => {
      gzip.end();
      deps.patience.wait();
      await orAborted(ended, deps.signal);
      deps.signal.removeEventListener("abort", drop);
      deps.response.end();
    },
  };
}

async function writeChunk(target: Writable, chunk: Uint8Array, deps: SinkDeps): Promise<void> {
  deps.signal.throwIfAborted();
  if (!writeTo(target, chunk)) {
    let onDrain: (() => void) | undefined;
    const drained = new Promise<void>((resolve) => {
      onDrain = resolve;
      target.once("drain", resolve);
    });
    deps.patience.wait();
    try {
      await orAborted(drained, deps.signal);
    } finally {
      deps.patience.goOn();
      if (onDrain !== undefined) target.removeListener("drain", onDrain);
    }
  }
  await deps.env.timers.yield();
}

/** The two kinds of stream take the same bytes, but TypeScript cannot call their union. */
function writeTo(target: Writable, chunk: Uint8Array): boolean {
  return "readable" in target ? target.write(chunk) : target.write(chunk);
}
