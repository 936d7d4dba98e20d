/** Named pipes: how output and news of containers wait for an agent that is not there. */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import type { Tools } from "./tier.ts";

const run = promisify(execFile);

/** Makes pipes that only their owner can use, in the place of what is there. */
export async function makePipes(tools: Tools, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
  await run(tools.mkfifo, ["-m", "600", ...paths]);
}

/** The pipe that watchers tell of ends through: a line with the pod's uid for each. */
export class EventPipe {
  /** For watchers: they inherit it. */
  readonly fd: number;
  readonly #socket: Socket;

  private constructor(fd: number, socket: Socket) {
    this.fd = fd;
    this.#socket = socket;
  }

  /** Opens the pipe, which is kept if it exists: watchers of an earlier agent hold it. */
  static async open(path: string, tools: Tools): Promise<EventPipe> {
    if (!(await isPipe(path))) await makePipes(tools, [path]);
    const fd = openSync(path, constants.O_RDWR);
    const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const socket = new Socket({ fd: own, readable: true, writable: false });
    socket.unref();
    return new EventPipe(fd, socket);
  }

  /** Calls `tell` for each uid that comes. A line torn in two is lost: events are hints. */
  listen(tell: (podUid: string) => void): void {
    this.#socket.on("data", (chunk: Uint8Array) => {
      for (const uid of Buffer.from(chunk).toString("latin1").split("\n")) {
        if (uid !== "") tell(uid);
      }
    });
  }

  close(): void {
    this.#socket.destroy();
    closeSync(this.fd);
  }
}

async function isPipe(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFIFO();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
