/** Answers onto the wire: status, headers, and each form of body. */
import { exactText } from "../../machinery/codec/exact-json.ts";
import type { Http2ServerResponse } from "node:http2";
import { gzip as gzipCallback } from "node:zlib";
import { promisify } from "node:util";
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { CHUNK_BYTES, GZIP_BYTES_MIN } from "./http-limits.ts";
import { gzipSink, plainSink, type Sink } from "./sink.ts";
import { warningHeaders } from "./warnings.ts";

const gzip = promisify(gzipCallback);
const encoder = new TextEncoder();

export type WriteDeps = {
  readonly response: Http2ServerResponse;
  readonly request: Pick<ApiRequest, "method" | "headers" | "query">;
  /** Aborts when the client is gone or the server closes. */
  readonly signal: AbortSignal;
  readonly env: Env;
};

/** Writes the whole answer. Rejects when the client is gone before its end. */
export async function writeResponse(answer: ApiResponse, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) {
    // The only header whose values cannot be joined by commas.
    const lines = name === "set-cookie" ? value.split("\n") : value;
    response.setHeader(name, lines);
  }
  const warnings = warningHeaders(answer.warnings);
  if (warnings.length > 0) response.setHeader("warning", [...warnings]);
  if (deps.request.method === "HEAD") {
    response.end();
    return;
  }
  await writeBody(answer.body, deps);
}

async function writeBody(body: ResponseBody, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isPretty = wantsPretty(deps.request);
  switch (body.kind) {
    case "none":
      response.end();
      return;
    case "bytes":
      return writeBytes(body.bytes, deps);
    case "object":
      if (isPretty) return writeBytes(prettyBytes(body.object.peek()), deps);
      if (body.encoded !== undefined) return writePieces(body.encoded, deps);
      return writeBytes(body.object.bytes, deps);
    case "list":
      if (body.encoded !== undefined) return writePieces(body.encoded, deps);
      return writePieces(isPretty ? prettyPieces(body) : jsonPieces(body), deps);
    case "events":
      return writeEvents(body.events, body.frame ?? eventLine, deps);
    case "stream":
      return writeStream(body.chunks, deps);
    case "relay":
    case "upgrade": // dispatch answers so only to whoever asked for it, and they come elsewhere
      response.end();
      return;
  }
}

async function writeBytes(bytes: Uint8Array, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isZipped = bytes.length > GZIP_BYTES_MIN && acceptsGzip(deps);
  const sent = isZipped ? await gzip(bytes, { level: 1 }) : bytes;
  if (isZipped) markZipped(response);
  response.setHeader("content-length", sent.length);
  response.end(sent);
}

function markZipped(response: Http2ServerResponse): void {
  response.setHeader("content-encoding", "gzip");
  response.setHeader("vary", "Accept-Encoding");
}

type ListBody = Extract<ResponseBody, { readonly kind: "list" }>;

/** Pieces are copied into chunks: few large writes cost much less than one write an item. */
async function writePieces(pieces: Iterable<Uint8Array>, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const source = pieces[Symbol.iterator]();
  const first = acceptsGzip(deps) ? firstPieces(source) : undefined;
  if (first?.isLong === true) markZipped(response);
  const sink: Sink = first?.isLong === true ? gzipSink(deps) : plainSink(deps);
  const chunks = new ChunkWriter(sink);
  for (const piece of first?.pieces ?? []) await chunks.write(piece);
  for (let next = source.next(); next.done !== true; next = source.next()) {
    await chunks.write(next.value);
  }
  await chunks.flush();
  await sink.end();
}

/** Pieces up to the length from which on it pays to compress, or all there are. */
function firstPieces(source: Iterator<Uint8Array>): {
  readonly pieces: readonly Uint8Array[];
  readonly isLong: boolean;
} {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = source.next(); next.done !== true; next = source.next()) {
    pieces.push(next.value);
    length += next.value.length;
    if (length > GZIP_BYTES_MIN) return { pieces, isLong: true };
  }
  return { pieces, isLong: false };
}

/** Gathers small pieces into chunks of a fixed size. */
class ChunkWriter {
  readonly #sink: Sink;
  #chunk: Uint8Array = new Uint8Array(CHUNK_BYTES);
  #length = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async write(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > CHUNK_BYTES - this.#length) {
      const space = CHUNK_BYTES - this.#length;
      this.#chunk.set(rest.subarray(0, space), this.#length);
      this.#length = CHUNK_BYTES;
      rest = rest.subarray(space);
      await this.flush();
    }
    this.#chunk.set(rest, this.#length);
    this.#length += rest.length;
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const full = this.#chunk.subarray(0, this.#length);
    this.#chunk = new Uint8Array(CHUNK_BYTES); // the socket may still hold the other
    this.#length = 0;
    await this.#sink.write(full);
  }
}

function* jsonPieces(body: ListBody): Generator<Uint8Array, void, undefined> {
  const { listKind: kind, apiVersion, metadata } = body;
  const head = JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1);
  yield encoder.encode(`${head},"items":[`);
  let isFirst = true;
  for (const item of body.items) {
    if (!isFirst) yield COMMA;
    yield item.bytes;
    isFirst = false;
  }
  yield encoder.encode("]}");
}

/** All bytes of a body that has an end; nothing of one that has none. */
export function wholePieces(body: ResponseBody): Iterable<Uint8Array> {
  switch (body.kind) {
    case "bytes":
      return [body.bytes];
    case "object":
      return body.encoded ?? [body.object.bytes];
    case "list":
      return body.encoded ?? jsonPieces(body);
    case "none":
    case "events":
    case "stream":
    case "relay":
    case "upgrade":
      return [];
  }
}

/** As one indented text of the whole list, but made item by item. */
function* prettyPieces(body: ListBody): Generator<Uint8Array, void, undefined> {
  const { listKind: kind, apiVersion, metadata } = body;
  const head = JSON.stringify({ kind, apiVersion, metadata }, undefined, 2).slice(0, -"\n}".length);
  yield encoder.encode(`${head},\n  "items": [`);
  let before = "\n";
  for (const item of body.items) {
    const text = exactText(item.peek(), 2).replaceAll("\n", "\n    ");
    yield encoder.encode(`${before}    ${text}`);
    before = ",\n";
  }
  yield encoder.encode(body.items.length === 0 ? "]\n}\n" : "\n  ]\n}\n");
}

const COMMA = encoder.encode(",");

/** One after another. The headers go at once: a quiet watch has no first event. */
async function writeEvents(
  events: AsyncIterable<readonly WatchEvent[]>,
  frame: (event: WatchEvent) => Uint8Array,
  deps: WriteDeps,
): Promise<void> {
  flushHeaders(deps.response);
  const sink = plainSink(deps);
  for await (const batch of events) {
    if (batch.length > 0) await sink.write(Buffer.concat(batch.map(frame)));
  }
  await sink.end();
}

const lines = new WeakMap<WatchEvent, Uint8Array>();

/** One JSON object a line. Made once for all watchers that are sent the same event. */
export function eventLine(event: WatchEvent): Uint8Array {
  const known = lines.get(event);
  if (known !== undefined) return known;
  const object =
    event.kind === "ERROR" ? encoder.encode(JSON.stringify(event.status)) : event.object.bytes;
  const line = Buffer.concat([
    encoder.encode(`{"type":"${event.kind}","object":`),
    object,
    encoder.encode("}\n"),
  ]);
  lines.set(event, line);
  return line;
}

/** Both kinds of response can; only the types of the HTTP/2 one do not say so. */
function flushHeaders(response: Http2ServerResponse & { flushHeaders?: () => void }): void {
  response.flushHeaders?.();
}

async function writeStream(chunks: AsyncIterable<Uint8Array>, deps: WriteDeps): Promise<void> {
  flushHeaders(deps.response);
  const sink = plainSink(deps);
  for await (const chunk of chunks) {
    if (chunk.length > 0) await sink.write(chunk);
  }
  await sink.end();
}

/** Said in so many words: with a quality it does not count, nor for upstream. */
function acceptsGzip(deps: WriteDeps): boolean {
  const accepted = deps.request.headers["accept-encoding"] ?? "";
  return accepted.split(",").some((each) => each.trim() === "gzip");
}

const YES: readonly string[] = ["1", "t", "T", "TRUE", "true", "True"];

/** Asked for, or read by somebody who uses a tool for people. */
function wantsPretty({ query, headers }: WriteDeps["request"]): boolean {
  const asked = query.get("pretty") ?? "";
  if (asked !== "") return YES.includes(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers["user-agent"] ?? "");
}

function prettyBytes(value: object): Uint8Array {
  return encoder.encode(`${exactText(value, 2)}\n`);
}
