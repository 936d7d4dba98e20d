import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { runProgram } from "../../base/real/run-program.ts";
import { countedRun } from "./counted-run.ts";

test("programs for credentials are counted by how they end", async () => {
  const metrics = createMetrics();
  const run = countedRun(runProgram, metrics);
  const program = (command: string, args: readonly string[] = []) =>
    run({ command, args, variables: {}, timeoutMs: 10_000 });
  await program("true");
  await program("sh", ["-c", "exit 3"]);
  await program("sh", ["-c", "kill -9 $$"]);
  await expect(program("no-such-program-here")).rejects.toThrow("ENOENT");
  const lines = metrics.text().split("\n");
  expect(lines.filter((line) => !line.startsWith("#")).join("\n")).toBe(
    [
      'rest_client_exec_plugin_call_total{call_status="no_error",code="0"} 1',
      'rest_client_exec_plugin_call_total{call_status="plugin_execution_error",code="-1"} 1',
      'rest_client_exec_plugin_call_total{call_status="plugin_execution_error",code="3"} 1',
      'rest_client_exec_plugin_call_total{call_status="plugin_not_found_error",code="1"} 1',
      "",
    ].join("\n"),
  );
});

test("without metrics nothing is put in between", () => {
  expect(countedRun(runProgram, undefined)).toBe(runProgram);
});
