/** Answers onto the wire: status, headers, and each form of body. */
import { exactText } from "../../machinery/codec/exact-json.ts";
import type { Http2ServerResponse } from "node:http2";
import { gzip as gzipCallback } from "node:zlib";
import { promisify } from "node:util";
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { ChunkWriter, chunksOf, VIEW_BYTES_MIN } from "./chunk-writer.ts";
import { CHUNK_BYTES, GZIP_BYTES_MIN } from "./http-limits.ts";
import type { AnswerLength, Patience } from "./patience.ts";
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
  readonly patience: Patience;
};

/** Writes the whole answer. Rejects when the client is gone before its end. */
export async function writeResponse(answer: ApiResponse, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  deps.patience.begin(lengthOfAnswer(answer.body));
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

function lengthOfAnswer({ kind }: ResponseBody): AnswerLength {
  if (kind === "events" || kind === "stream") return kind;
  return "whole";
}

async function writeBody(body: ResponseBody, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isPretty = wantsPretty(deps.request);
  switch (body.kind) {
    case "none":
      response.end();
      return;
    case "bytes":
      return writeWhole([body.bytes], deps);
    case "object":
      if (isPretty) return writeWhole([prettyBytes(body.object.peek())], deps);
      if (body.encoded !== undefined) return writePieces(body.encoded, deps);
      return writeWhole(body.object.parts, deps);
    case "list":
      if (body.encoded !== undefined) return writePieces(body.encoded, deps);
      return writePieces(isPretty ? prettyPieces(body) : jsonPieces(body), deps);
    case "events":
      return writeEvents(body, deps);
    case "stream":
      return writeStream(body.chunks, deps);
    case "relay":
    case "upgrade": // dispatch answers so only to whoever asked for it, and they come elsewhere
      response.end();
      return;
  }
}

/** What is short enough to have its length said. */
async function writeWhole(parts: readonly Uint8Array[], deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const length = lengthOf(parts);
  const isZipped = length > GZIP_BYTES_MIN && acceptsGzip(deps);
  const sent = isZipped ? [await gzip(Buffer.concat(parts), { level: 1 })] : parts;
  if (isZipped) markZipped(response);
  const total = isZipped ? lengthOf(sent) : length;
  response.setHeader("content-length", total);
  const [only] = sent;
  if (only !== undefined && sent.length === 1 && total <= CHUNK_BYTES) {
    response.end(only);
    return;
  }
  const sink = plainSink(deps);
  const chunks = new ChunkWriter(sink);
  for (const part of sent) await chunks.write(part);
  await chunks.flush();
  await sink.end();
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function markZipped(response: Http2ServerResponse): void {
  response.setHeader("content-encoding", "gzip");
  response.setHeader("vary", "Accept-Encoding");
}

type ListBody = Extract<ResponseBody, { readonly kind: "list" }>;

async function writePieces(pieces: Iterable<Uint8Array>, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const source = pieces[Symbol.iterator]();
  const first = acceptsGzip(deps) ? firstPieces(source) : undefined;
  if (first?.isLong === true) markZipped(response);
  const sink: Sink = first?.isLong === true ? gzipSink(deps) : plainSink(deps);
  const chunks = new ChunkWriter(sink);
  for (const piece of first?.pieces ?? []) await chunks.write(piece);
  for (let next = source.next(); next.done !== true; next = source.next()) {
    const taken = chunks.write(next.value);
    if (taken !== undefined) await taken;
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

function* jsonPieces(body: ListBody): Generator<Uint8Array, void, undefined> {
  const { listKind: kind, apiVersion, metadata } = body;
  const head = JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1);
  yield encoder.encode(`${head},"items":[`);
  let isFirst = true;
  for (const item of body.items) {
    if (!isFirst) yield COMMA;
    yield* item.parts;
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
      return body.encoded ?? body.object.parts;
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
const LINE_END = encoder.encode("}\n");

/** One after another. The headers go at once: a quiet watch has no first event. */
async function writeEvents({ events, frame }: EventsBody, deps: WriteDeps): Promise<void> {
  flushHeaders(deps.response);
  const sink = plainSink(deps);
  const chunks = new ChunkWriter(sink);
  for await (const batch of events) {
    for (const event of batch) {
      for (const piece of frame === undefined ? eventPieces(event) : [frame(event)]) {
        const taken = chunks.write(piece);
        if (taken !== undefined) await taken;
      }
    }
    await chunks.flush();
  }
  await sink.end();
}

type EventsBody = Extract<ResponseBody, { readonly kind: "events" }>;

/** As a line; that of a large object goes without copying it. */
function eventPieces(event: WatchEvent): readonly Uint8Array[] {
  if (event.kind === "ERROR") return [eventLine(event)];
  const { parts } = event.object;
  if (parts.every((part) => part.length < VIEW_BYTES_MIN)) return [eventLine(event)];
  return [encoder.encode(`{"type":"${event.kind}","object":`), ...parts, LINE_END];
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
    LINE_END,
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
  for await (const given of chunks) {
    for (const chunk of chunksOf(given)) await sink.write(chunk);
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
