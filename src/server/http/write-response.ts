/** Answers onto the wire: status, headers, and each form of body. */
import type { Http2ServerResponse } from "node:http2";
import { gzip as gzipCallback } from "node:zlib";
import { promisify } from "node:util";
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { CHUNK_BYTES, GZIP_BYTES_MIN } from "./http-limits.ts";
import { gzipSink, plainSink, type Sink } from "./sink.ts";

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
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.warnings.length > 0) {
    response.setHeader("warning", answer.warnings.map(warningHeader));
  }
  if (deps.request.method === "HEAD") {
    response.end();
    return;
  }
  await writeBody(answer.body, deps);
}

async function writeBody(body: ResponseBody, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isPretty = deps.request.query.get("pretty") === "true";
  switch (body.kind) {
    case "none":
      response.end();
      return;
    case "bytes":
      return writeBytes(body.bytes, deps);
    case "object":
      return writeBytes(isPretty ? prettyBytes(body.object.value) : body.object.bytes, deps);
    case "list":
      if (isPretty) return writeBytes(prettyBytes(listValue(body)), deps);
      return writeList(body, deps);
    case "events":
      return writeEvents(body.events, deps);
    case "stream":
      return writeStream(body.chunks, deps);
    case "upgrade": // dispatch answers so only to whoever asked for it, and they come elsewhere
      response.end();
      return;
  }
}

async function writeBytes(bytes: Uint8Array, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isZipped = bytes.length > GZIP_BYTES_MIN && acceptsGzip(deps);
  const sent = isZipped ? await gzip(bytes, { level: 1 }) : bytes;
  if (isZipped) response.setHeader("content-encoding", "gzip");
  response.setHeader("content-length", sent.length);
  response.end(sent);
}

type ListBody = Extract<ResponseBody, { readonly kind: "list" }>;

/** Items are copied into chunks: few large writes cost much less than one write an item. */
async function writeList(body: ListBody, deps: WriteDeps): Promise<void> {
  const { response } = deps;
  const isZipped = acceptsGzip(deps) && isLongerThan(body, GZIP_BYTES_MIN);
  if (isZipped) response.setHeader("content-encoding", "gzip");
  const sink: Sink = isZipped ? gzipSink(deps) : plainSink(deps);
  const chunks = new ChunkWriter(sink);
  await chunks.write(encoder.encode(listHead(body)));
  let separator = "";
  for (const item of body.items) {
    await chunks.write(encoder.encode(separator));
    await chunks.write(item.bytes);
    separator = ",";
  }
  await chunks.write(encoder.encode("]}"));
  await chunks.flush();
  await sink.end();
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

function listHead(body: ListBody): string {
  const { listKind: kind, apiVersion, metadata } = body;
  return `${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`;
}

function isLongerThan(body: ListBody, bytes: number): boolean {
  let sum = 0;
  for (const item of body.items) {
    sum += item.bytes.length;
    if (sum > bytes) return true;
  }
  return false;
}

function listValue(body: ListBody): object {
  const { listKind: kind, apiVersion, metadata } = body;
  return { kind, apiVersion, metadata, items: body.items.map((item) => item.value) };
}

/** One JSON object a line. The headers go at once: a quiet watch has no first event. */
async function writeEvents(
  events: AsyncIterable<readonly WatchEvent[]>,
  deps: WriteDeps,
): Promise<void> {
  flushHeaders(deps.response);
  const sink = plainSink(deps);
  for await (const batch of events) {
    if (batch.length > 0) await sink.write(Buffer.concat(batch.map(eventLine)));
  }
  await sink.end();
}

const lines = new WeakMap<WatchEvent, Uint8Array>();

/** Made once for all watchers that are sent the same event. */
function eventLine(event: WatchEvent): Uint8Array {
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

function acceptsGzip(deps: WriteDeps): boolean {
  const accepted = deps.request.headers["accept-encoding"] ?? "";
  return accepted.split(",").some((each) => each.split(";", 1)[0]?.trim() === "gzip");
}

function prettyBytes(value: object): Uint8Array {
  return encoder.encode(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** `299 - "text"`; what a header cannot carry is left out of the text. */
function warningHeader(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 4_096);
  return `299 - "${printable.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
