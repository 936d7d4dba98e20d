/** Commands for who writes controllers: what follows from their code, and a new project. */
import type { Command } from "commander";
import { NO_CLUSTER, StillLoadingError } from "../authoring/load-module.ts";
import { HEALTH_PORT } from "../authoring/manifests-of-module.ts";
import {
  generateAccess,
  generateChart,
  generateDefinitions,
  generateInstall,
  generateTypes,
  writeOutput,
} from "../commands/generate.ts";
import { newController } from "../commands/new-controller.ts";
import type { Session, SessionDeps } from "../session.ts";
import { explainError, UserError } from "../user-error.ts";
import { collect, connectionFlags, withSession, wholeNumber } from "./flags.ts";

export function addAuthoringCommands(program: Command, deps: SessionDeps): void {
  addGenerate(program, deps);
  addNew(program, deps);
  addValidate(program, deps);
}

type ValidateFlags = {
  readonly filename: readonly string[];
  readonly crds: readonly string[];
  readonly output: string;
};

function addValidate(program: Command, { terminal }: SessionDeps): void {
  program
    .command("validate")
    .description(
      "Say what a server would refuse in manifests, without a server: schemas, formats, CEL " +
        "rules, names. Ends with 1 if there is anything.",
    )
    .requiredOption("-f, --filename <path>", "file, folder, or - (may be repeated)", collect, [])
    .option("--crds <path>", "file or folder with definitions (may be repeated)", collect, [])
    .option("-o, --output <format>", "text (default) or json", "text")
    .action(async ({ filename, crds, output }: ValidateFlags) => {
      if (output !== "text" && output !== "json") {
        throw new UserError(`-o ${output} is not known`, "Use text or json.");
      }
      // Loaded when it is wanted: it brings a whole control plane along.
      const { validate } = await import("../commands/validate.ts");
      await validate({ files: filename, definitions: crds, output }, terminal);
    });
}

type OutputFlags = { readonly output?: string };
type PlacementFlags = OutputFlags & { readonly name?: string };
type InstallFlags = PlacementFlags & {
  readonly image: string;
  readonly replicas: number;
  readonly healthPort: number;
  readonly networkPolicy: boolean;
  readonly format: string;
  readonly chartVersion: string;
};

const MODULE =
  "files of TypeScript or JavaScript that export them; they are loaded, so they must only define";

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
    .description(
      "The definitions of the kinds a module exports, or its controllers use. --name, " +
        "--namespace: as of `install`, for kinds whose versions a webhook converts.",
    )
    .argument("<modules...>", MODULE)
    .option(...name)
    .option(...output)
    .action((modules: readonly string[], flags: PlacementFlags, command: Command) =>
      printOfModule(() => generateDefinitions(modules, deps, placed(flags, command)), flags, deps),
    );
  generate
    .command("rbac")
    .description(
      "An account and the roles that the exported controllers need. --namespace: where the " +
        "account lives (default: the name).",
    )
    .argument("<modules...>", MODULE)
    .option(...name)
    .option(...output)
    .action((modules: readonly string[], flags: PlacementFlags, command: Command) =>
      printOfModule(() => generateAccess(modules, placed(flags, command), deps), flags, deps),
    );
  generate
    .command("types")
    .description("TypeScript for a kind that exists: its types, and defineResource().")
    .argument("<source>", "manifest with its definition, or - ; or the kind, to ask the server")
    .option(...output)
    .action((source: string, flags: OutputFlags, command: Command) =>
      print(() => generateTypes(source, connecting(command, deps)), flags, deps),
    );
  addInstall(generate, name, output, deps);
}

function addInstall(
  generate: Command,
  name: readonly [string, string],
  output: readonly [string, string],
  deps: SessionDeps,
): void {
  generate
    .command("install")
    .description(
      "Everything to run the exported controllers in a cluster: definitions, namespace, roles " +
        "and a Deployment. --namespace: where (default: the name).",
    )
    .argument("<modules...>", MODULE)
    .requiredOption("--image <image>", "container image of the program")
    .option(...name)
    .option("--replicas <count>", "how many pods (default: 1)", wholeNumber("--replicas", 0), 1)
    .option(
      "--health-port <port>",
      `where the program answers /healthz and /readyz (default: ${HEALTH_PORT})`,
      wholeNumber("--health-port", 1),
      HEALTH_PORT,
    )
    .option("--network-policy", "nothing else than probes, metrics and webhooks is reached", false)
    .option("--format <format>", "yaml (default), or helm: a chart, into the folder -o", "yaml")
    .option("--chart-version <version>", "of the chart (default: 0.1.0)", "0.1.0")
    .option(...output)
    .action((modules: readonly string[], flags: InstallFlags, command: Command) =>
      printOfModule(() => installOf(modules, flags, command, deps), flags, deps),
    );
}

async function installOf(
  modules: readonly string[],
  flags: InstallFlags,
  command: Command,
  deps: SessionDeps,
): Promise<string> {
  const { image, replicas, healthPort, networkPolicy: hasNetworkPolicy } = flags;
  const options = { image, replicas, healthPort, hasNetworkPolicy, ...placed(flags, command) };
  switch (flags.format) {
    case "yaml":
      return generateInstall(modules, options, deps);
    case "helm": {
      const { output: folder, chartVersion: version } = flags;
      if (folder === undefined) {
        throw new UserError("a chart is a folder", "Name it with -o, for example: -o chart");
      }
      const files = await generateChart(modules, { ...options, folder, version }, deps);
      deps.terminal.write(`${files.join("\n")}\n`);
      return "";
    }
    default:
      throw new UserError(`--format ${flags.format} is not known`, "Use yaml or helm.");
  }
}

type NewFlags = { readonly group: string; readonly kind?: string; readonly webhooks: boolean };

function addNew(program: Command, { terminal }: SessionDeps): void {
  program
    .command("new")
    .description("Begin a project.")
    .command("controller")
    .description("A project with a kind, a controller, a test, a Dockerfile and manifests.")
    .argument("<name>", "of the package and of what runs, for example site-operator")
    .argument("[dir]", "new or empty folder (default: the name)")
    .option("--group <domain>", "API group of the kind (default: example.dev)", "example.dev")
    .option("--kind <kind>", "in CamelCase (default: from the name, without -operator)")
    .option("--webhooks", "with an admission webhook, its test and its manifests", false)
    .action((name: string, folder: string | undefined, { group, kind, webhooks }: NewFlags) =>
      newController({ name, group, kind, folder, hasWebhook: webhooks }, terminal),
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

function printOfModule(
  make: () => Promise<string>,
  flags: OutputFlags,
  deps: SessionDeps,
): Promise<void> {
  process.env["KUBECONFIG"] = NO_CLUSTER;
  return print(make, flags, deps);
}

async function print(
  make: () => Promise<string>,
  { output }: OutputFlags,
  { terminal }: SessionDeps,
): Promise<void> {
  try {
    const text = await make();
    if (text !== "") await writeOutput(text, output, terminal); // else it is written already
  } catch (error) {
    if (!(error instanceof StillLoadingError)) throw error;
    terminal.warn(`${explainError(error) ?? ""}\n`);
    process.exit(1); // what the module does cannot be stopped otherwise
  }
}
