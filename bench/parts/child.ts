/** A program of a bench in a process of its own, and what it is asked and answers. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type Child = AsyncDisposable & {
  /** Its next message; rejects if it ends before. */
  answer(): Promise<unknown>;
  /** Sends `question` and waits for the answer. */
  ask(question: string): Promise<unknown>;
};

/** Starts `bench/parts/<program>`; it ends when it is let go. */
export function startChild(program: string, words: readonly string[]): Child {
  const child = fork(join(import.meta.dirname, program), words, {
    execArgv: [...process.execArgv, "--disable-warning=ExperimentalWarning"],
  });
  const answer = (): Promise<unknown> => nextMessage(child, program);
  return {
    answer,
    ask: (question) => {
      const reply = answer();
      child.send(question);
      return reply;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function nextMessage(child: ChildProcess, program: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`${program} has ended with ${code ?? "a signal"}`));
    };
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
