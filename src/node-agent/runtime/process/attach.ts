/**
 * Connects a caller to a container that runs already. Its output is what the log gets, seen on the
 * way; its input is a named pipe whose writing end the agent holds. When the agent ends, so does
 * the input.
 */
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import type { ExecSession } from "../runtime.ts";
import type { LogPump } from "./log-pump.ts";

/** Output that a reader has not taken; one that falls further behind is let go. */
export const ATTACH_BYTES_MAX: number = 4 * 1024 * 1024;

/** The writing end of a container's input. */
export class ContainerInput {
  readonly #socket: Socket;
  readonly #mode: "open" | "once";

  private constructor(socket: Socket, mode: "open" | "once") {
    this.#socket = socket;
    this.#mode = mode;
  }

  /** Opens the named pipe at `path`; also before anybody reads from it. */
  static open(path: string, mode: "open" | "once"): ContainerInput {
    // For reading as well, or the opening would fail while nobody else reads.
    const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    closeSync(both);
    const socket = new Socket({ fd, readable: false, writable: true });
    socket.on("error", () => undefined); // the container does not read any more
    socket.unref();
    return new ContainerInput(socket, mode);
  }

  /** For one caller; its end is the container's as well if there is only to be one. */
  writer(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#socket.destroyed) done();
        else this.#socket.write(chunk, () => done());
      },
      final: (done) => {
        if (this.#mode === "once") this.close();
        done();
      },
    });
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }
}

/** A session over output as it comes; `exited` resolves when the container has. */
export function attachedSession(
  pump: LogPump,
  input: ContainerInput | undefined,
  exited: Promise<number>,
): ExecSession {
  const stdout = new PassThrough({ highWaterMark: ATTACH_BYTES_MAX });
  const stderr = new PassThrough({ highWaterMark: ATTACH_BYTES_MAX });
  const close = (): void => {
    stop();
    stdout.end();
    stderr.end();
  };
  const stop = pump.listen((stream, chunk) => {
    const output = stream === "stdout" ? stdout : stderr;
    if (!output.write(Buffer.from(chunk))) close();
  });
  const ended = exited.then((exitCode) => {
    close();
    return exitCode;
  });
  return { stdin: input?.writer(), stdout, stderr, resize: () => undefined, ended, close };
}
