/** Commands that run something: the control plane, a node agent. */
import type { Command } from "commander";
import type { LogLevel } from "../../base/log-levels.ts";
import type { UpOptions } from "../commands/up.ts";
import type { NodeCommandOptions } from "../commands/node.ts";
import type { SessionDeps } from "../session.ts";
import { UserError } from "../user-error.ts";
import { collect, collectNames, connectionFlags, duration, wholeNumber } from "./flags.ts";
import { serviceRange } from "./service-range.ts";

export function addRunCommands(program: Command, deps: SessionDeps): void {
  addUp(program, deps);
  addNode(program, deps);
}

type UpFlags = {
  readonly nodes: number;
  readonly port: number;
  readonly filename: readonly string[];
  readonly imageDir: readonly string[];
  readonly memory: boolean;
  readonly logLevel: string;
  readonly nodeMonitorGrace?: number;
  readonly evictAfter?: number;
  readonly runtime?: string;
  readonly tokenAuthFile?: string;
  readonly anonymousAuth: boolean;
  readonly controllers: boolean;
  readonly enableAdmissionPlugins: readonly string[];
  readonly disableAdmissionPlugins: readonly string[];
  readonly serviceRange?: string;
  readonly history?: number;
  readonly eventTtl?: number;
};

const DEFAULT_PORT = 7443;

function addUp(program: Command, deps: SessionDeps): void {
  program
    .command("up")
    .description("Start a control plane with nodes, and keep it running until Ctrl-C.")
    .option("--nodes <count>", "how many nodes (default: 1)", wholeNumber("--nodes", 0), 1)
    .option(
      "--port <port>",
      `port on 127.0.0.1; 0 takes a free one (default: ${DEFAULT_PORT})`,
      wholeNumber("--port", 0),
      DEFAULT_PORT,
    )
    .option("-f, --filename <path>", "manifests to apply at start (repeatable)", collect, [])
    .option("--image-dir <dir>", "folder of application images (repeatable)", collect, [])
    .option("--memory", "keep everything in memory, nothing on disk but logs and keys", false)
    .option(
      "--log-level <level>",
      "debug, info (default), warn or error, to <data>/setpoint.log",
      "info",
    )
    .option(
      "--node-monitor-grace <duration>",
      "silence that makes a node unreachable (default: 50s)",
      duration("--node-monitor-grace"),
    )
    .option(
      "--evict-after <duration>",
      "time pods stay on an unreachable node (default: 5m)",
      duration("--evict-after"),
    )
    .option("--runtime <tier>", "bubblewrap or plain (default: what is there)")
    .option("--token-auth-file <file>", 'users by bearer token: lines of token,user,uid,"groups"')
    .option("--no-anonymous-auth", "refuse who shows no credentials")
    .option("--no-controllers", "an API server only: no controllers, no scheduler, no nodes")
    .option(
      "--enable-admission-plugins <names>",
      "besides the default ones, e.g. NodeRestriction (commas between)",
      collectNames,
      [],
    )
    .option(
      "--disable-admission-plugins <names>",
      "of the default ones, e.g. ServiceAccount (commas between)",
      collectNames,
      [],
    )
    .option(
      "--service-range <cidr>",
      "addresses of services; a second control plane on this machine needs another one " +
        "(default: 127.96.0.0/16)",
    )
    .option(
      "--history <duration>",
      "how long past states are kept (default: 24h)",
      duration("--history"),
    )
    .option(
      "--event-ttl <duration>",
      "how long events are kept; 0: for ever (default: 1h)",
      duration("--event-ttl"),
    )
    .action(async (flags: UpFlags, command: Command) => {
      const options = upOptions(flags, command);
      const { up } = await import("../commands/up.ts"); // the whole server: not for every command
      return up(options, deps);
    });
}

function upOptions(flags: UpFlags, command: Command): UpOptions {
  const { data, namespace } = connectionFlags(command);
  const tier = runtimeTier(flags.runtime);
  return {
    data,
    namespace,
    nodes: flags.controllers ? flags.nodes : 0,
    hasControllers: flags.controllers,
    enabledAdmissionPlugins: flags.enableAdmissionPlugins,
    disabledAdmissionPlugins: flags.disableAdmissionPlugins,
    serviceRange: serviceRange(flags.serviceRange, flags.controllers ? flags.nodes : 0),
    historyMs: flags.history,
    eventTtlMs: flags.eventTtl,
    tokenFile: flags.tokenAuthFile,
    allowsAnonymous: flags.anonymousAuth,
    port: flags.port,
    manifests: flags.filename,
    imageDirectories: flags.imageDir,
    isMemoryOnly: flags.memory,
    logLevel: logLevel(flags.logLevel),
    nodeMonitorGraceMs: flags.nodeMonitorGrace,
    evictionSeconds:
      flags.evictAfter === undefined ? undefined : Math.ceil(flags.evictAfter / 1_000),
    nodeFlags: tier === undefined ? [] : ["--runtime", tier],
  };
}

type NodeFlags = {
  readonly name: string;
  readonly directory: string;
  readonly index: number;
  readonly imageDir: readonly string[];
  readonly onStop: string;
  readonly heartbeat: number;
  readonly runtime?: string;
  readonly tied: boolean;
};

function addNode(program: Command, deps: SessionDeps): void {
  program
    .command("node")
    .description("Run a node agent: it registers a node and runs its pods as processes.")
    .requiredOption("--name <name>", "the node's name")
    .requiredOption("--directory <dir>", "the agent's own folder")
    .option(
      "--index <number>",
      "chooses the addresses of its pods (default: 1)",
      wholeNumber("--index", 1),
      1,
    )
    .option("--image-dir <dir>", "folder of application images (repeatable)", collect, [])
    .option(
      "--on-stop <what>",
      "stop-pods, or leave (default): pods run on, the next agent adopts them",
      "leave",
    )
    .option("--runtime <tier>", "bubblewrap or plain (default: what is there)")
    .option(
      "--heartbeat <duration>",
      "time between two heartbeats (default: 10s)",
      duration("--heartbeat"),
      10_000,
    )
    .option("--tied", "end, leaving the pods, when standard input closes", false)
    .action(async (flags: NodeFlags, command: Command) => {
      const options = nodeOptions(flags, connectionFlags(command).kubeconfig);
      const { runNode } = await import("../commands/node.ts");
      return runNode(options, deps);
    });
}

function nodeOptions(flags: NodeFlags, kubeconfig: string | undefined): NodeCommandOptions {
  if (flags.onStop !== "stop-pods" && flags.onStop !== "leave") {
    throw new UserError(`--on-stop ${flags.onStop} is not known`, "Use stop-pods or leave.");
  }
  if (kubeconfig === undefined) throw new UserError("node needs --kubeconfig");
  return {
    name: flags.name,
    directory: flags.directory,
    index: flags.index,
    kubeconfig,
    imageDirectories: flags.imageDir,
    onStop: flags.onStop,
    heartbeatMs: flags.heartbeat,
    tier: runtimeTier(flags.runtime),
    isTied: flags.tied,
  };
}

function runtimeTier(text: string | undefined): NodeCommandOptions["tier"] {
  if (text === undefined || text === "bubblewrap" || text === "plain") return text;
  throw new UserError(`--runtime ${text} is not known`, "Use bubblewrap or plain.");
}

function logLevel(text: string): LogLevel {
  switch (text) {
    case "debug":
    case "info":
    case "warn":
    case "error":
      return text;
    default:
      throw new UserError(`--log-level ${text} is not known`, "Use debug, info, warn or error.");
  }
}
