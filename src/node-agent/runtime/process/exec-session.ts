/** Runs a command inside a running container, connected to its caller. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Readable, Writable } from "node:stream";
import type { Context } from "../../../base/context.ts";
import { RuntimeError, type ExecSession, type TerminalSize } from "../runtime.ts";
import type { ExecCommand } from "./exec.ts";
import { openTerminal } from "./terminal.ts";

/** Starts it with pipes. Kills it when the signal aborts. */
export function execWithPipes(
  command: ExecCommand,
  hasStdin: boolean,
  context: Context,
): Promise<ExecSession> {
  context.signal.throwIfAborted();
  const [program = "", ...args] = command.argv;
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: command.env,
    stdio: [hasStdin ? "pipe" : "ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, so that all of it can be killed
  });
  const close = (): void => killGroup(child.pid);
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code, signal) => {
      context.signal.removeEventListener("abort", close);
      resolve(code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 9));
    });
  });
  child.stdin?.on("error", () => undefined); // it ended without reading all: its exit code tells
  context.signal.addEventListener("abort", close, { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(new RuntimeError("start-failed", error.message, { cause: error }));
    });
    child.once("spawn", () => {
      const { stdin, stdout, stderr } = child;
      if (stdout === null || stderr === null) return;
      resolve({ stdin: stdin ?? undefined, stdout, stderr, resize: () => undefined, ended, close });
    });
  });
}

/** Starts it with a terminal of its own. Throws `bad-config` where none can be had. */
export async function execWithTerminal(
  command: ExecCommand,
  hasStdin: boolean,
  context: Context,
): Promise<ExecSession> {
  const terminal = await openTerminal(command);
  const close = (): void => killGroup(terminal.pid);
  context.signal.addEventListener("abort", close, { once: true });
  const stdout = new Readable({ read: () => terminal.resume() });
  terminal.onData((bytes) => {
    if (!stdout.push(bytes)) terminal.pause();
  });
  const ended = terminal.ended.then((code) => {
    context.signal.removeEventListener("abort", close);
    stdout.push(null);
    return code;
  });
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      terminal.write(chunk);
      done();
    },
  });
  const resize = (size: TerminalSize): void => terminal.resize(size);
  return { stdin: hasStdin ? stdin : undefined, stdout, stderr: undefined, resize, ended, close };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
