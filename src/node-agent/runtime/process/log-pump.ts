/**
 * Brings the output of one container from its two pipes to its log file.
 *
 * The pipes are named, and the container holds both ends of each (as does this agent): while no
 * agent runs, output waits in the pipe, and the container's watcher keeps the pipe after the
 * container has ended. A container that writes more than the pipe holds (64 KiB) waits for the next
 * agent; it is never killed by a broken pipe.
 */
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Env } from "../../../base/env.ts";
import { criRecords, type LogStream } from "./cri-log.ts";

const READ_BYTES = 64 * 1024;
const STREAMS: readonly LogStream[] = ["stdout", "stderr"];

type Pipe = { readonly stream: LogStream; readonly fd: number; readonly socket: Socket };

/** Called with each piece of output; the piece is valid during the call only. */
export type OutputListener = (stream: LogStream, chunk: Uint8Array) => void;

export class LogPump {
  readonly #env: Env;
  readonly #logFile: string;
  #pipes: readonly Pipe[] = [];
  #fd: number | undefined;
  #hasFailed = false;
  readonly #listeners = new Set<OutputListener>();

  private constructor(logFile: string, env: Env) {
    this.#logFile = logFile;
    this.#env = env;
  }

  /** Opens the pipes `stdout` and `stderr` in `directory` and begins to read. */
  static async open(directory: string, logFile: string, env: Env): Promise<LogPump> {
    const pump = new LogPump(logFile, env);
    await pump.reopen();
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    const pipes: Pipe[] = [];
    for (const stream of STREAMS) {
      const fd = openSync(join(directory, stream), flags);
      const socket = new Socket({ fd, readable: true, writable: false });
      socket.on("data", (chunk: Uint8Array) => pump.#write(stream, chunk));
      socket.on("error", (error) => pump.#fail("a log pipe could not be read", error));
      socket.unref();
      pipes.push({ stream, fd, socket });
    }
    pump.#pipes = pipes;
    return pump;
  }

  /** Writes on into the file of this name, after the old one was renamed. */
  async reopen(): Promise<void> {
    await mkdir(dirname(this.#logFile), { recursive: true, mode: 0o755 });
    const next = openSync(this.#logFile, "a", 0o640);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = next;
  }

  /** Tells of output as it comes, until the returned function is called. */
  listen(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads what is left in the pipes, then lets go of them. */
  close(): void {
    for (const { stream, fd, socket } of this.#pipes) {
      this.#drain(stream, fd);
      socket.destroy();
    }
    this.#pipes = [];
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #drain(stream: LogStream, fd: number): void {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      try {
        const count = readSync(fd, buffer);
        if (count === 0) return;
        this.#write(stream, buffer.subarray(0, count));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "EAGAIN") return;
        throw error;
      }
    }
  }

  #write(stream: LogStream, chunk: Uint8Array): void {
    for (const listener of this.#listeners) listener(stream, chunk);
    if (this.#fd === undefined) return;
    try {
      const records = criRecords(chunk, stream, this.#env.clock.now());
      for (let at = 0; at < records.length;) at += writeSync(this.#fd, records, at);
    } catch (error) {
      this.#fail("a log could not be written; its lines are lost", error);
    }
  }

  /** A full disk must not take the agent down; it is told once. */
  #fail(message: string, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#env.log.error(message, { file: this.#logFile, error });
  }
}
