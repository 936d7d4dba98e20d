/** Runs a command inside a running container and waits for it. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { EXEC_OUTPUT_BYTES_MAX, RuntimeError, type ExecResult } from "../runtime.ts";

export type ExecCommand = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

/** Keeps the beginning of a stream. */
class Output {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(chunk: Uint8Array): void {
    const room = EXEC_OUTPUT_BYTES_MAX - this.#length;
    if (room <= 0) return;
    const part = chunk.subarray(0, room);
    this.#parts.push(part);
    this.#length += part.length;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

/** Kills the command and its children after `timeoutMs`, or when the signal aborts. */
export function execCommand(
  command: ExecCommand,
  timeoutMs: number,
  env: Env,
  context: Context,
): Promise<ExecResult> {
  context.signal.throwIfAborted();
  const [program = "", ...args] = command.argv;
  return new Promise((resolve, reject) => {
    const stdout = new Output();
    const stderr = new Output();
    const child = spawn(program, args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a process group of its own, so that all of it can be killed
    });
    let end: (() => void) | undefined;
    const kill = (reason: unknown): void => {
      end = () => reject(reason);
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        child.kill("SIGKILL"); // the group is gone; its leader may not be
      }
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const text = `command ${JSON.stringify(command.argv.at(-1))} timed out`;
    const timer = env.timers.after(timeoutMs, () => kill(new RuntimeError("timeout", text)));
    const onAbort = (): void => kill(context.signal.reason);
    context.signal.addEventListener("abort", onAbort, { once: true });
    const settle = (finish: () => void): void => {
      timer.cancel();
      context.signal.removeEventListener("abort", onAbort);
      (end ?? finish)();
    };
    child.stdout.on("data", (chunk: Uint8Array) => stdout.add(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => stderr.add(chunk));
    child.once("error", (error) => {
      settle(() => reject(new RuntimeError("start-failed", error.message, { cause: error })));
    });
    child.once("close", (code, signal) => {
      const exitCode = code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 9);
      settle(() => resolve({ exitCode, stdout: stdout.bytes(), stderr: stderr.bytes() }));
    });
  });
}
