/** Commands for who writes controllers: what follows from their code, and a new project. */
import type { Command } from "commander";
import { StillLoadingError } from "../authoring/load-module.ts";
import {
  generateAccess,
  generateDefinitions,
  generateInstall,
  generateTypes,
  HEALTH_PORT,
  writeOutput,
} from "../commands/generate.ts";
import type { Session, SessionDeps } from "../session.ts";
import { explainError } from "../user-error.ts";
import { connectionFlags, withSession, wholeNumber } from "./flags.ts";

export function addAuthoringCommands(program: Command, deps: SessionDeps): void {
  addGenerate(program, deps);
}

type OutputFlags = { readonly output?: string };
type PlacementFlags = OutputFlags & { readonly name?: string };
type InstallFlags = PlacementFlags & {
  readonly image: string;
  readonly replicas: number;
  readonly healthPort: number;
};

const MODULE =
  "file of TypeScript or JavaScript that exports them; it is loaded, so it must only define";

function addGenerate(program: Command, deps: SessionDeps): void {
  const generate = program
    .command("generate")
    .description("Print the manifests and types that follow from kinds and controllers.");
  const output = ["-o, --output <file>", "write there instead of printing"] as const;
  const name = [
    "--name <name>",
    "what the objects are called (default: the package's name)",
  ] as const;

  generate
    .command("crds")
    .description("The definitions of the kinds a module exports, or its controllers use.")
    .argument("<module>", MODULE)
    .option(...output)
    .action((module: string, flags: OutputFlags) =>
      print(() => generateDefinitions(module, deps), flags, deps),
    );
  generate
    .command("rbac")
    .description(
      "An account and the roles that the exported controllers need. --namespace: where the " +
        "account lives (default: the name).",
    )
    .argument("<module>", MODULE)
    .option(...name)
    .option(...output)
    .action((module: string, flags: PlacementFlags, command: Command) =>
      print(() => generateAccess(module, placed(flags, command), deps), flags, deps),
    );
  generate
    .command("types")
    .description("TypeScript for a kind that exists: its types, and defineResource().")
    .argument("<source>", "manifest with its definition, or - ; or the kind, to ask the server")
    .option(...output)
    .action((source: string, flags: OutputFlags, command: Command) =>
      print(() => generateTypes(source, connecting(command, deps)), flags, deps),
    );
  generate
    .command("install")
    .description(
      "Everything to run the exported controllers in a cluster: definitions, namespace, roles " +
        "and a Deployment. --namespace: where (default: the name).",
    )
    .argument("<module>", MODULE)
    .requiredOption("--image <image>", "container image of the program")
    .option(...name)
    .option("--replicas <count>", "how many pods (default: 1)", wholeNumber("--replicas", 0), 1)
    .option(
      "--health-port <port>",
      `where the program answers /healthz and /readyz (default: ${HEALTH_PORT})`,
      wholeNumber("--health-port", 1),
      HEALTH_PORT,
    )
    .option(...output)
    .action((module: string, flags: InstallFlags, command: Command) =>
      print(
        () => generateInstall(module, { ...flags, ...placed(flags, command) }, deps),
        flags,
        deps,
      ),
    );
}

function placed(
  { name }: PlacementFlags,
  command: Command,
): { readonly name: string | undefined; readonly namespace: string | undefined } {
  return { name, namespace: connectionFlags(command).namespace };
}

function connecting(
  command: Command,
  deps: SessionDeps,
): <T>(run: (session: Session) => Promise<T>) => Promise<T> {
  return async (run) => {
    const results: Awaited<ReturnType<typeof run>>[] = [];
    await withSession(command, deps, async (session) => {
      results.push(await run(session));
    });
    const [result] = results;
    if (result === undefined) throw new Error("the session ended without a result");
    return result;
  };
}

async function print(
  make: () => Promise<string>,
  { output }: OutputFlags,
  { terminal }: SessionDeps,
): Promise<void> {
  try {
    await writeOutput(await make(), output, terminal);
  } catch (error) {
    if (!(error instanceof StillLoadingError)) throw error;
    terminal.warn(`${explainError(error) ?? ""}\n`);
    process.exit(1); // what the module does cannot be stopped otherwise
  }
}
