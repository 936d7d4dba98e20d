/** Counts the programs that give credentials, under the name that client-go made known. */
import type { Metrics } from "../../base/metrics.ts";
import type { ProgramOutput, ProgramRun } from "../../base/real/run-program.ts";

type Run = (run: ProgramRun) => Promise<ProgramOutput>;

/** What client-go calls the exit code of a program that was killed. */
const KILLED = -1;

/** `run`, with its ends counted; `run` itself where no metrics are given. */
export function countedRun(run: Run, metrics: Metrics | undefined): Run {
  if (metrics === undefined) return run;
  const total = metrics.counter(
    "rest_client_exec_plugin_call_total",
    "Runs of programs that give credentials, by exit code and what came of it",
  );
  const count = (code: number, status: string): void =>
    total.add({ code: String(code), call_status: status });
  return async (program) => {
    try {
      const output = await run(program);
      const { exitCode = KILLED } = output;
      count(exitCode, exitCode === 0 ? "no_error" : "plugin_execution_error");
      return output;
    } catch (error) {
      count(1, isNotFound(error) ? "plugin_not_found_error" : "client_internal_error");
      throw error;
    }
  };
}

function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOENT" || error.code === "EACCES";
}
