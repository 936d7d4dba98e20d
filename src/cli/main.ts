/** The command line: flags in, commands called, errors told. */
import { Command } from "commander";
import { realEnv } from "../base/real/env.ts";
import { addAuthoringCommands } from "./programs/authoring.ts";
import { addLifecycleCommands } from "./programs/lifecycle.ts";
import { addObjectCommands } from "./programs/objects.ts";
import { addPastCommands } from "./programs/past.ts";
import { addRunCommands } from "./programs/run.ts";
import { addWorkloadCommands } from "./programs/workloads.ts";
import { processTerminal } from "./terminal.ts";
import { explainError, ExitCode } from "./user-error.ts";

/** By convention: 128 + the signal's number. */
const EXIT_INTERRUPTED = 130;

async function main(): Promise<void> {
  const terminal = processTerminal();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new ExitCode(EXIT_INTERRUPTED)));
  process.once("SIGTERM", () => stop.abort(new ExitCode(EXIT_INTERRUPTED)));
  // A reader that went away (`| head`) ends the command quietly.
  process.stdout.on("error", () => process.exit(0));

  const deps = {
    env: realEnv({ level: "warn" }),
    terminal,
    signal: stop.signal,
    kubeconfigVariable: process.env["KUBECONFIG"],
  };
  const program = new Command("setpoint")
    .description("A Kubernetes control plane, controller runtime and tools, in one process.")
    .showHelpAfterError("(--help shows what there is)")
    // Defaults stand in the descriptions, in the words people type: 30s, not 30000.
    .configureHelp({ optionDescription: (option) => option.description })
    .option(
      "--data <dir>",
      "data directory (default: SETPOINT_DATA, then .setpoint)",
      process.env["SETPOINT_DATA"] ?? ".setpoint",
    )
    .option("--kubeconfig <file>", "kubeconfig (default: KUBECONFIG, then <data>/kubeconfig)")
    .option("--context <name>", "context of the kubeconfig")
    .option("-n, --namespace <name>", "namespace of what is named");
  addRunCommands(program, deps);
  addObjectCommands(program, deps);
  addWorkloadCommands(program, deps);
  addAuthoringCommands(program, deps);
  addLifecycleCommands(program, deps);
  addPastCommands(program, deps);

  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error, (text) => terminal.warn(text));
  }
}

function exitCodeOf(error: unknown, warn: (text: string) => void): number {
  if (error instanceof ExitCode) return error.code;
  const text = explainError(error);
  if (text === undefined) throw error;
  warn(`${text}\n`);
  return 1;
}

await main();
