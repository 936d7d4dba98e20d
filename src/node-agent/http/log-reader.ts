/**
 * Reads a container's log as `kubectl logs` wants it: rotated files first, from a time or a number
 * of lines before the end, on and on while the container runs. A rotation during the reading loses
 * nothing: the file is read to its end after it was renamed, then the next one from its beginning.
 */
import { open, stat, type FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import type { Env } from "../../base/env.ts";
import { isMissing } from "../../base/real/files.ts";
import { rotatedFiles } from "./log-files.ts";
import { parseRecord, recordMs, type LogRecord } from "./log-record.ts";

export type LogReadOptions = {
  readonly isFollowed: boolean;
  readonly hasTimestamps: boolean;
  /** Only records at or after this time. */
  readonly sinceMs: number | undefined;
  /** Only this many lines from the end of what is there. */
  readonly tailLines: number | undefined;
  readonly bytesMax: number | undefined;
};

export type LogReadDeps = {
  readonly env: Env;
  /** Whether more may come. Asked when the end is reached. */
  readonly isOpen: () => Promise<boolean>;
};

/** How often a followed log is looked at. */
export const FOLLOW_POLL_MS = 100;
const READ_BYTES = 64 * 1024;
/** A line of this length is cut off: nothing on a disk is trusted to end. */
const LINE_CHARACTERS_MAX = 1024 * 1024;
/** Text is handed on in pieces of at least this size while there is more. */
const CHUNK_CHARACTERS = 32 * 1024;

const encoder = new TextEncoder();

/** The log's text in pieces. Ends when the log does, or when the signal aborts. */
export async function* readLog(
  logFile: string,
  options: LogReadOptions,
  deps: LogReadDeps,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const skip = await linesToSkip(logFile, options);
  const output = new LineOutput(options, skip);
  for await (const line of lines(logFile, options, deps, signal)) {
    if (line.kind === "line") output.add(line.text);
    if (line.kind === "pause" || output.size >= CHUNK_CHARACTERS) {
      const bytes = output.take();
      if (bytes.length > 0) yield bytes;
    }
    if (output.isFull) break;
  }
  const rest = output.take();
  if (rest.length > 0) yield rest;
}

/** Turns records into what the reader wants of them. */
class LineOutput {
  readonly #options: LogReadOptions;
  #skip: number;
  #text: string[] = [];
  #size = 0;
  #bytesLeft: number;
  /** Streams whose last record was a piece: the next one goes on without a time. */
  readonly #unfinished = new Set<string>();

  constructor(options: LogReadOptions, skip: number) {
    this.#options = options;
    this.#skip = skip;
    this.#bytesLeft = options.bytesMax ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#bytesLeft <= 0;
  }

  add(line: string): void {
    const record = parseRecord(line);
    if (record === undefined || isTooOld(record, this.#options.sinceMs)) return;
    const isContinued = this.#unfinished.has(record.stream);
    if (record.isPartial) this.#unfinished.add(record.stream);
    else this.#unfinished.delete(record.stream);
    if (this.#skip > 0) {
      if (!record.isPartial) this.#skip -= 1;
      return;
    }
    const time = this.#options.hasTimestamps && !isContinued ? `${record.time} ` : "";
    const text = `${time}${record.text}${record.isPartial ? "" : "\n"}`;
    this.#text.push(text);
    this.#size += text.length;
  }

  take(): Uint8Array {
    const bytes = encoder.encode(this.#text.join(""));
    this.#text = [];
    this.#size = 0;
    const kept = bytes.subarray(0, Math.max(0, this.#bytesLeft));
    this.#bytesLeft -= kept.length;
    return kept;
  }
}

function isTooOld(record: LogRecord, sinceMs: number | undefined): boolean {
  return sinceMs !== undefined && recordMs(record) < sinceMs;
}

/** How many lines come before the wanted tail. Reads the log once. */
async function linesToSkip(logFile: string, options: LogReadOptions): Promise<number> {
  if (options.tailLines === undefined) return 0;
  let count = 0;
  let hasRest = false;
  for (const path of [...(await rotatedFiles(logFile)), logFile]) {
    const file = await openIfThere(path);
    if (file === undefined) continue;
    for await (const line of fileLines(file)) {
      const record = parseRecord(line);
      if (record === undefined || isTooOld(record, options.sinceMs)) continue;
      hasRest = record.isPartial;
      if (!record.isPartial) count += 1;
    }
  }
  return Math.max(0, count + (hasRest ? 1 : 0) - options.tailLines);
}

/** All lines of one file; closes it. */
async function* fileLines(file: FileHandle): AsyncGenerator<string, void, undefined> {
  try {
    const splitter = new LineSplitter();
    const buffer = Buffer.alloc(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      yield* splitter.add(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  /** The lines that end in this piece. */
  add(piece: Buffer): readonly string[] {
    const found = (this.#rest + this.#decoder.write(piece)).split("\n");
    this.#rest = (found.pop() ?? "").slice(0, LINE_CHARACTERS_MAX);
    return found;
  }
}

type Piece = { readonly kind: "line"; readonly text: string } | { readonly kind: "pause" };

async function* lines(
  logFile: string,
  options: LogReadOptions,
  deps: LogReadDeps,
  signal: AbortSignal,
): AsyncGenerator<Piece, void, undefined> {
  for (const path of await rotatedFiles(logFile)) {
    const file = await openIfThere(path);
    if (file === undefined) continue;
    for await (const text of fileLines(file)) yield { kind: "line", text };
  }
  if (options.isFollowed) {
    yield* followedLines(logFile, deps, signal);
    return;
  }
  const file = await openIfThere(logFile);
  if (file === undefined) return;
  for await (const text of fileLines(file)) yield { kind: "line", text };
}

async function* followedLines(
  logFile: string,
  deps: LogReadDeps,
  signal: AbortSignal,
): AsyncGenerator<Piece, void, undefined> {
  let current: FollowedFile | undefined;
  try {
    for (;;) {
      // Asked before reading: what is written before the end is read after the answer.
      const isOpen = await deps.isOpen();
      current ??= await FollowedFile.open(logFile);
      if (current !== undefined) {
        for await (const text of current.read()) yield { kind: "line", text };
        if (await current.isReplaced(logFile)) {
          for await (const text of current.read()) yield { kind: "line", text };
          await current.close();
          current = undefined;
          continue;
        }
      }
      if (!isOpen) return;
      yield { kind: "pause" };
      await deps.env.timers.sleep(FOLLOW_POLL_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await current?.close();
  }
}

/** A log file that is read as it grows. */
class FollowedFile {
  readonly #file: FileHandle;
  readonly #inode: number;
  readonly #splitter = new LineSplitter();
  readonly #buffer = Buffer.alloc(READ_BYTES);

  private constructor(file: FileHandle, inode: number) {
    this.#file = file;
    this.#inode = inode;
  }

  static async open(path: string): Promise<FollowedFile | undefined> {
    const file = await openIfThere(path);
    return file === undefined ? undefined : new FollowedFile(file, (await file.stat()).ino);
  }

  /** The lines that are new. */
  async *read(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      yield* this.#splitter.add(this.#buffer.subarray(0, bytesRead));
    }
  }

  /** Whether another file has this name by now. */
  async isReplaced(path: string): Promise<boolean> {
    try {
      return (await stat(path)).ino !== this.#inode;
    } catch (error) {
      if (isMissing(error)) return false; // renamed, and its successor not there yet
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
