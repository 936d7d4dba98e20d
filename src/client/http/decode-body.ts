/** Bodies of answers from their bytes, by media type and by what was asked for. */
import type { TrafficObserver } from "../../base/context.ts";
import type { ResponseBody } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { bodyOfJson, decodeServerJson, watchEventOf } from "../decode-json.ts";
import { LineSplitter } from "../line-splitter.ts";
import { ListSplitter } from "../list-splitter.ts";
import { isJsonType } from "../media-type.ts";
import { UnexpectedResponseError } from "../response.ts";
import { TransportError } from "../transport.ts";

/** Bytes of an answer that is read whole; the longest text the engine can hold is not much more. */
export const RESPONSE_BYTES_MAX: number = 512 * 1024 * 1024 - 64;

/** Longer answers are parsed item by item: shorter ones in some milliseconds, at once. */
export const SPLIT_BYTES_MIN: number = 1024 * 1024;
/** Parsed before anything else has its turn. */
const PAUSE_BYTES = 512 * 1024;

export type Answer = {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly isWatch: boolean;
  /** Whether the body may go on for as long as the caller likes. */
  readonly isLasting: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** Called once, when the body is read or given up. */
  readonly end: () => void;
  /** Lets everything else have its turn. */
  readonly pause: () => Promise<void>;
  /** Is told the length of a body that is read whole. */
  readonly traffic?: Pick<TrafficObserver, "received"> | undefined;
};

/** The body; of streams only the beginning of one. */
export async function decodeBody(answer: Answer): Promise<ResponseBody> {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const isJson = isJsonType(answer.contentType);
  if (isSuccess && answer.isWatch && isJson) {
    return { kind: "events", events: eventsOf(answer) };
  }
  if (isSuccess && answer.isLasting) {
    return { kind: "stream", chunks: quietly(answer) };
  }
  const { bytes, length, splitter } = await readAll(answer, isSuccess && isJson);
  answer.end();
  answer.traffic?.received(length);
  if (splitter !== undefined) return splitter.finish();
  if (length === 0) return { kind: "none" };
  return isJson ? bodyOfJson(decodeServerJson(textOf(bytes))) : { kind: "bytes", bytes };
}

/** The chunks until the signal aborts: whoever aborts knows, and needs no error. */
async function* quietly(
  answer: Pick<Answer, "chunks" | "signal" | "end">,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of answer.chunks) yield chunk;
  } catch (error) {
    if (!answer.signal.aborted) throw error;
  } finally {
    answer.end();
  }
}

/** As `quietly`, but not by it: each generator that an event comes through costs some. */
async function* eventsOf(
  answer: Pick<Answer, "chunks" | "signal" | "end">,
): AsyncGenerator<readonly WatchEvent[], void, undefined> {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of answer.chunks) {
      const events = splitter.push(chunk).map((line) => watchEventOf(decodeServerJson(line)));
      if (events.length > 0) yield events;
    }
    const last = lastLine(splitter);
    if (last !== undefined) yield [watchEventOf(last)];
  } catch (error) {
    if (!answer.signal.aborted) throw error;
  } finally {
    answer.end();
  }
}

/** A last line needs no newline, but it must be whole. */
function lastLine(splitter: LineSplitter): unknown {
  try {
    const rest = splitter.rest().trim();
    return rest === "" ? undefined : decodeServerJson(rest);
  } catch (cause) {
    const message = "the watch ended in the middle of an event";
    throw new TransportError(message, { isRefused: false, cause });
  }
}

/** All bytes; or, of a long answer that may be split, what has read them. */
async function readAll(
  { chunks, pause }: Pick<Answer, "chunks" | "pause">,
  maySplit: boolean,
): Promise<{
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly splitter: ListSplitter | undefined;
}> {
  const kept: Uint8Array[] = [];
  let splitter: ListSplitter | undefined;
  let length = 0;
  let pausedAt = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > RESPONSE_BYTES_MAX) {
      throw new UnexpectedResponseError(`the answer has more than ${RESPONSE_BYTES_MAX} bytes`);
    }
    kept.push(chunk);
    if (!maySplit || length < SPLIT_BYTES_MIN) continue;
    splitter ??= new ListSplitter();
    for (const each of kept.splice(0)) splitter.push(each);
    if (length - pausedAt < PAUSE_BYTES) continue;
    pausedAt = length;
    await pause();
  }
  return { bytes: Buffer.concat(kept), length, splitter };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnexpectedResponseError("the server's JSON is not valid UTF-8", { cause });
  }
}
