/** Runs a program to its end. */
import { spawn } from "node:child_process";

export type ProgramRun = {
  readonly command: string;
  readonly args: readonly string[];
  /** Besides those of this program. */
  readonly variables: Readonly<Record<string, string>>;
  /** Killed after this long. */
  readonly timeoutMs: number;
};

/** What a program printed. */
export type ProgramOutput = {
  /** Undefined: it was killed. */
  readonly exitCode: number | undefined;
  readonly output: string;
};

/** Its errors go where this program's go. Rejects if it cannot be started. */
export function runProgram(run: ProgramRun): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.command, run.args, {
      env: { ...process.env, ...run.variables },
      stdio: ["ignore", "pipe", "inherit"],
      timeout: run.timeoutMs,
      killSignal: "SIGKILL",
    });
    let output = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => {
      output += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ exitCode: code ?? undefined, output }));
  });
}
