/** Pseudo-terminals, from an optional native package, loaded when the first one is wanted. */
import type { spawn as Spawn } from "@lydell/node-pty";
import { StringDecoder } from "node:string_decoder";
import { RuntimeError, type TerminalSize } from "../runtime.ts";
import type { ExecCommand } from "./exec.ts";

export type Terminal = {
  readonly pid: number;
  readonly onData: (listener: (bytes: Buffer) => void) => void;
  readonly write: (bytes: Buffer) => void;
  readonly resize: (size: TerminalSize) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resolves with the exit code; 128 + signal for one it died of. */
  readonly ended: Promise<number>;
};

/** Until the client says how large its own is. */
const FIRST_SIZE = { cols: 80, rows: 24 };

/** Starts a command in a new terminal. Throws `bad-config` where there are none. */
export async function openTerminal(command: ExecCommand): Promise<Terminal> {
  const { spawn } = await loadPty();
  const [program = "", ...args] = command.argv;
  const pty = spawn(program, args, {
    ...FIRST_SIZE,
    name: "xterm",
    cwd: command.cwd,
    env: { TERM: "xterm", ...command.env },
    encoding: null,
  });
  const typed = new StringDecoder("utf8"); // a character may come in two pieces
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal = 0 }) => resolve(signal === 0 ? exitCode : 128 + signal));
  });
  return {
    pid: pty.pid,
    // Typed as text, but bytes when no encoding is set.
    onData: (listener) => void pty.onData((data: string | Buffer) => listener(Buffer.from(data))),
    write: (bytes) => pty.write(typed.write(bytes)),
    resize: ({ columns, rows }) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    ended,
  };
}

async function loadPty(): Promise<{ readonly spawn: typeof Spawn }> {
  try {
    return await import("@lydell/node-pty");
  } catch (error) {
    const why = "this node has no terminals to give: run the command without one (no --tty)";
    throw new RuntimeError("bad-config", why, { cause: error });
  }
}
