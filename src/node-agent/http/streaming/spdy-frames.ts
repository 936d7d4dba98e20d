/**
 * Frames of SPDY/3.1 as Kubernetes uses it: no flow control, no settings, header names in small
 * letters. Every kubectl forwards ports with it, and those before 1.30 run commands with it.
 *
 * A frame is eight bytes and a payload. Control frames: a set bit and version 3 (2), type (2),
 * flags (1), length (3). Data frames: stream id (4), flags (1), length (3).
 */

export type SpdyFrame =
  | {
      readonly kind: "syn-stream";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly block: Buffer;
    }
  | {
      readonly kind: "syn-reply";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly block: Buffer;
    }
  | {
      readonly kind: "headers";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly block: Buffer;
    }
  | { readonly kind: "rst-stream"; readonly streamId: number; readonly status: number }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "goaway"; readonly lastStreamId: number }
  | {
      readonly kind: "data";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly bytes: Buffer;
    }
  /** Settings and window updates: legal, and of no effect here. */
  | { readonly kind: "ignored"; readonly type: number };

/** The other side does not keep to the protocol: the connection ends. */
export class SpdyError extends Error {
  override readonly name = "SpdyError";
}

export const SPDY_FRAME_BYTES_MAX: number = 1024 * 1024;

const VERSION = 3;
const HEADER_BYTES = 8;
const FLAG_FIN = 1;
const STREAM_ID_MASK = 0x7fff_ffff;
const TYPE = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** Takes frames off the front of what has come in; `rest` waits for more. */
export function readFrames(input: Buffer): {
  readonly frames: readonly SpdyFrame[];
  readonly rest: Buffer;
} {
  const frames: SpdyFrame[] = [];
  let at = 0;
  while (input.length - at >= HEADER_BYTES) {
    const length = input.readUIntBE(at + 5, 3);
    if (length > SPDY_FRAME_BYTES_MAX)
      throw new SpdyError(`a frame of ${length} bytes is too large`);
    if (input.length - at < HEADER_BYTES + length) break;
    frames.push(
      readFrame(
        input.subarray(at, at + HEADER_BYTES),
        input.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length),
      ),
    );
    at += HEADER_BYTES + length;
  }
  return { frames, rest: input.subarray(at) };
}

function readFrame(header: Buffer, payload: Buffer): SpdyFrame {
  const first = header.readUInt32BE(0);
  const isLast = (header.readUInt8(4) & FLAG_FIN) !== 0;
  if ((first & 0x8000_0000) === 0) return { kind: "data", streamId: first, isLast, bytes: payload };
  const version = (first >>> 16) & 0x7fff;
  if (version !== VERSION) throw new SpdyError(`version ${version} of SPDY is not spoken here`);
  return readControlFrame(first & 0xffff, isLast, payload);
}

function readControlFrame(type: number, isLast: boolean, payload: Buffer): SpdyFrame {
  switch (type) {
    case TYPE.synStream:
      need(payload, 10);
      // Associated stream, priority and slot follow the id.
      return {
        kind: "syn-stream",
        streamId: streamIdOf(payload),
        isLast,
        block: payload.subarray(10),
      };
    case TYPE.synReply:
      need(payload, 4);
      return {
        kind: "syn-reply",
        streamId: streamIdOf(payload),
        isLast,
        block: payload.subarray(4),
      };
    case TYPE.headers:
      need(payload, 4);
      return { kind: "headers", streamId: streamIdOf(payload), isLast, block: payload.subarray(4) };
    case TYPE.rstStream:
      need(payload, 8);
      return { kind: "rst-stream", streamId: streamIdOf(payload), status: payload.readUInt32BE(4) };
    case TYPE.ping:
      need(payload, 4);
      return { kind: "ping", id: payload.readUInt32BE(0) };
    case TYPE.goaway:
      need(payload, 4);
      return { kind: "goaway", lastStreamId: streamIdOf(payload) };
    default:
      return { kind: "ignored", type };
  }
}

function need(payload: Buffer, bytes: number): void {
  if (payload.length < bytes) throw new SpdyError("a frame is shorter than its type asks for");
}

function streamIdOf(payload: Buffer): number {
  return payload.readUInt32BE(0) & STREAM_ID_MASK;
}

export function synReplyFrame(streamId: number, block: Buffer): Buffer {
  return controlFrame(TYPE.synReply, 0, Buffer.concat([uint32(streamId), block]));
}

export function pingFrame(id: number): Buffer {
  return controlFrame(TYPE.ping, 0, uint32(id));
}

export function rstStreamFrame(streamId: number, status: number): Buffer {
  return controlFrame(TYPE.rstStream, 0, Buffer.concat([uint32(streamId), uint32(status)]));
}

export function goawayFrame(lastStreamId: number): Buffer {
  return controlFrame(TYPE.goaway, 0, Buffer.concat([uint32(lastStreamId), uint32(0)]));
}

/** For tests, which speak for the client. */
export function synStreamFrame(streamId: number, block: Buffer): Buffer {
  return controlFrame(TYPE.synStream, 0, Buffer.concat([uint32(streamId), Buffer.alloc(6), block]));
}

export function dataFrame(streamId: number, bytes: Uint8Array, isLast: boolean): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(streamId, 0);
  header.writeUInt32BE(bytes.length, 4);
  header.writeUInt8(isLast ? FLAG_FIN : 0, 4);
  return Buffer.concat([header, bytes]);
}

function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(0x8000 | VERSION, 0);
  header.writeUInt16BE(type, 2);
  header.writeUInt32BE(payload.length, 4);
  header.writeUInt8(flags, 4);
  return Buffer.concat([header, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}
