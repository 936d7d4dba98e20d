import fc from "fast-check";
import { PassThrough, type Duplex } from "node:stream";
import { duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";
import {
  dataFrame,
  pingFrame,
  readFrames,
  rstStreamFrame,
  SpdyError,
  synReplyFrame,
  synStreamFrame,
  type SpdyFrame,
} from "./spdy-frames.ts";
import { HeaderReader, HeaderWriter, SPDY_DICTIONARY } from "./spdy-headers.ts";

describe("SPDY frames", () => {
  test("are read back as they were written, however they are cut", () => {
    const bytes = Buffer.concat([
      synStreamFrame(1, Buffer.from("block")),
      synReplyFrame(1, Buffer.from("reply")),
      dataFrame(1, Buffer.from("hello"), false),
      dataFrame(1, Buffer.alloc(0), true),
      pingFrame(7),
      rstStreamFrame(3, 1),
    ]);
    const kinds = ["syn-stream", "syn-reply", "data", "data", "ping", "rst-stream"];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const frames: SpdyFrame[] = [];
        let rest: Buffer = Buffer.alloc(0);
        places.slice(1).forEach((end, index) => {
          const read = readFrames(Buffer.concat([rest, bytes.subarray(places[index], end)]));
          frames.push(...read.frames);
          rest = read.rest;
        });
        expect(frames.map(({ kind }) => kind)).toEqual(kinds);
        expect(rest.length).toBe(0);
      }),
    );
  });

  test("refuse another version, what is too large and what is too short", () => {
    expect(() => readFrames(Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0]))).toThrow("version 2");
    expect(() => readFrames(Buffer.from([0, 0, 0, 1, 0, 0xff, 0xff, 0xff]))).toThrow("too large");
    expect(() => readFrames(Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 0]))).toThrow("shorter");
  });
});

describe("SPDY headers", () => {
  test("start from the dictionary of the specification", () => {
    let [a, b] = [1, 0];
    for (const byte of SPDY_DICTIONARY) {
      a = (a + byte) % 65_521;
      b = (b + a) % 65_521;
    }
    expect((b * 65_536 + a).toString(16)).toBe("e3c6a7c2"); // its Adler-32, known from the wire
  });

  test("are read in their order, each block from what came before", async () => {
    const [writer, reader] = [new HeaderWriter(), new HeaderReader()];
    const blocks = [
      { streamtype: "error", requestid: "0", port: "8080" },
      { streamtype: "data", requestid: "0", port: "8080" },
      {},
    ];
    for (const headers of blocks) {
      expect(await reader.read(await writer.write(headers))).toEqual(headers);
    }
    writer.close();
    reader.close();
  });

  test("that are no zlib are refused", async () => {
    await expect(new HeaderReader().read(Buffer.from("nonsense"))).rejects.toThrow(SpdyError);
  });
});

describe("a SPDY connection", () => {
  test("carries streams both ways until the client goes", async () => {
    const { client, headers, run } = aConnection((stream) => {
      stream.io.pipe(stream.io); // an echo
      return "accepted";
    });
    client.write(synStreamFrame(1, await headers.write({ streamtype: "data" })));
    client.write(dataFrame(1, Buffer.from("hello"), false));
    client.write(dataFrame(1, Buffer.alloc(0), true));
    client.write(pingFrame(9));
    const frames = await framesUntil(client, (frame) => frame.kind === "data" && frame.isLast);
    const texts = frames.map((frame) => (frame.kind === "data" ? frame.bytes.toString() : ""));
    expect(frames[0]).toMatchObject({ kind: "syn-reply", streamId: 1 });
    expect(texts.join("")).toBe("hello");
    expect(frames).toContainEqual({ kind: "ping", id: 9 });
    client.destroy();
    await run;
  });

  test("says nothing on a stream before it has answered it", async () => {
    const { client, headers, run } = aConnection((stream) => {
      stream.io.end("no"); // at once, as when a port takes no connection
      return "accepted";
    });
    client.write(synStreamFrame(1, await headers.write({ streamtype: "data" })));
    const frames = await framesUntil(client, (frame) => frame.kind === "data" && frame.isLast);
    expect(frames.map(({ kind }) => kind)).toEqual(["syn-reply", "data", "data"]);
    client.destroy();
    await run;
  });

  test("refuses what is not wanted, and ids that go backwards", async () => {
    const { client, headers, run } = aConnection((stream) =>
      stream.headers["streamtype"] === "data" ? "accepted" : "refused",
    );
    client.write(synStreamFrame(3, await headers.write({ streamtype: "other" })));
    client.write(synStreamFrame(1, await headers.write({ streamtype: "data" })));
    const frames = await framesUntil(client, (_frame, index) => index === 1);
    expect(frames.map((frame) => (frame.kind === "rst-stream" ? frame.status : 0))).toEqual([3, 1]);
    client.destroy();
    await run;
  });

  test("ends when the client does not keep to the protocol", async () => {
    const { client, run } = aConnection(() => "accepted");
    client.write(Buffer.from([0x80, 9, 0, 1, 0, 0, 0, 0]));
    await expect(run).rejects.toThrow(SpdyError);
  });
});

function aConnection(onStream: (stream: SpdyStream) => "accepted" | "refused"): {
  readonly client: Duplex;
  readonly headers: HeaderWriter;
  readonly run: Promise<void>;
} {
  const [client, server] = duplexPair();
  const run = new SpdyConnection(server).run(onStream, new AbortController().signal);
  run.catch(() => undefined);
  return { client, headers: new HeaderWriter(), run };
}

async function framesUntil(
  client: Duplex,
  isEnd: (frame: SpdyFrame, index: number) => boolean,
): Promise<readonly SpdyFrame[]> {
  const frames: SpdyFrame[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of client.pipe(new PassThrough()) as AsyncIterable<Buffer>) {
    const read = readFrames(Buffer.concat([rest, chunk]));
    rest = read.rest;
    for (const frame of read.frames) {
      frames.push(frame);
      if (isEnd(frame, frames.length - 1)) return frames;
    }
  }
  return frames;
}
