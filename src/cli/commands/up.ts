/** `up`: a control plane and its nodes, until it is told to stop. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { rootContext } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import type { LogLevel } from "../../base/log-levels.ts";
import { jsonLog } from "../../base/real/log.ts";
import { aborted } from "../../base/signals.ts";
import { Node, Pod, type Service } from "../../client/builtin.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import type { ControlPlaneOptions } from "../../control-plane/options.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { parseApiTime, type ApiObject } from "../../machinery/object.ts";
import { choiceProblem } from "../../server/admission/plugin-choice.ts";
import { stopNodePods } from "../../node-agent/stop-node-pods.ts";
import { StoreFailedError } from "../../store/store.ts";
import { showConvergence } from "../convergence.ts";
import { readManifests } from "../manifests.ts";
import { startNodeProcess, type NodeProcess } from "../node-processes.ts";
import { LiveLines } from "../printers/live-lines.ts";
import { firstAnswering, waysTo } from "../reach.ts";
import { kubeconfigPath, sessionOver, type Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { ExitCode, UserError } from "../user-error.ts";
import { apply } from "./apply.ts";

export type UpOptions = {
  readonly data: string;
  readonly nodes: number;
  readonly port: number;
  readonly manifests: readonly string[];
  readonly imageDirectories: readonly string[];
  readonly namespace: string | undefined;
  readonly isMemoryOnly: boolean;
  readonly logLevel: LogLevel;
  readonly nodeMonitorGraceMs: number | undefined;
  readonly evictionSeconds: number | undefined;
  readonly nodeFlags: readonly string[];
  /** Runs the controllers and the scheduler. */
  readonly hasControllers: boolean;
  /** By upstream's names. */
  readonly enabledAdmissionPlugins: readonly string[];
  readonly disabledAdmissionPlugins: readonly string[];
  /** Users by bearer token. */
  readonly serviceRange: string | undefined;
  readonly historyMs: number | undefined;
  readonly eventTtlMs: number | undefined;
  readonly tokenFile: string | undefined;
  readonly allowsAnonymous: boolean;
};

export type UpDeps = {
  readonly env: Env;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

const NODE_POLL_MS = 50;
/** After how long it is told which nodes are waited for. */
const PATIENCE_MS = 15_000;
/** How long a Service may take to answer before a pod behind it is named instead. */
const ANSWER_MS_MAX = 3_000;

/** How long a node agent may take to stop its pods: longer than it needs by its own limits. */
const STOP_MS = 30_000;
/** How long the control plane may take then. */
const CLOSE_MS = 15_000;
/** After how long it is told what is waited for. */
const STOP_PATIENCE_MS = 8_000;

export async function up(options: UpOptions, deps: UpDeps): Promise<void> {
  checkPlugins(options);
  const startMs = deps.env.clock.monotonic();
  const sinceMs = deps.env.clock.now();
  // Mistakes in manifests are told before anything is started.
  const manifests = options.manifests.length > 0 ? await readManifests(options.manifests) : [];
  const data = resolve(options.data);
  makeFolder(data);
  const log = createWriteStream(join(data, "setpoint.log"), { flags: "a", mode: 0o600 });
  log.on("error", (error) => {
    deps.terminal.warn(`Nothing more is logged to ${data}/setpoint.log: ${errorText(error)}\n`);
  });
  const env = loggingTo(log, options.logLevel, deps.env);
  const controlPlane = await createControlPlane(controlPlaneOptions(options, data, env));
  const nodes: NodeProcess[] = [];
  const stopping = new AbortController();
  try {
    const { url } = controlPlane.serving();
    deps.terminal.write(`Setpoint is serving on ${url} (data in ${data})\n`);
    for (let index = 1; index <= options.nodes; index += 1) {
      nodes.push(await startNode(controlPlane, `node-${index}`, index, options, data, env));
    }
    watchNodes(nodes, deps, stopping.signal);
    const session = sessionOver(controlPlane.transport, {
      ...deps,
      namespace: options.namespace ?? "default",
    });
    await waitForNodes(session, nodes, sinceMs);
    if (manifests.length > 0) {
      const applied = await apply(session, manifests);
      const objects = await showConvergence(session, applied, new LiveLines(deps.terminal));
      const seconds = (deps.env.clock.monotonic() - startMs) / 1_000;
      deps.terminal.write(
        `All ${objects.length} objects are ready ${seconds.toFixed(2)} s after the start.\n`,
      );
      await tellWays(session, objects);
    }
    tellNext(deps.terminal, data);
    await Promise.race([aborted(deps.signal), endOf(controlPlane)]);
  } catch (error) {
    if (!deps.signal.aborted) throw error;
  } finally {
    stopping.abort();
    await shutDown(controlPlane, nodes, deps.terminal, env);
    log.end();
  }
  throw new ExitCode(0);
}

/** Before anything is started. */
function checkPlugins(options: UpOptions): void {
  const { enabledAdmissionPlugins: enabled, disabledAdmissionPlugins: disabled } = options;
  const problem = choiceProblem({ enabled, disabled });
  if (problem !== undefined) throw new UserError(problem);
}

/** Rejects when a part of the control plane has failed that cannot start again by itself. */
async function endOf({ ended }: ControlPlane): Promise<void> {
  try {
    await ended;
  } catch (error) {
    if (!(error instanceof StoreFailedError)) throw error;
    throw new UserError(
      error.message,
      "Nothing that was acknowledged is lost. Is the disk full? Make room and start again.",
    );
  }
}

function controlPlaneOptions(options: UpOptions, data: string, env: Env): ControlPlaneOptions {
  const { nodeMonitorGraceMs, evictionSeconds, tokenFile, allowsAnonymous } = options;
  const { serviceRange, historyMs, eventTtlMs } = options;
  return {
    env,
    ...(serviceRange === undefined ? {} : { serviceRange }),
    ...(historyMs === undefined ? {} : { historyMs }),
    ...(eventTtlMs === undefined ? {} : { eventTtlMs }),
    hasControllers: options.hasControllers,
    enabledAdmissionPlugins: options.enabledAdmissionPlugins,
    disabledAdmissionPlugins: options.disabledAdmissionPlugins,
    store: options.isMemoryOnly
      ? { kind: "memory" }
      : { kind: "lmdb", directory: join(data, "store") },
    directory: data,
    serve: {
      port: options.port,
      allowsAnonymous,
      ...(tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) }),
    },
    ...(nodeMonitorGraceMs === undefined ? {} : nodeMonitoring(nodeMonitorGraceMs)),
    ...(evictionSeconds === undefined ? {} : { defaultTolerationSeconds: evictionSeconds }),
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(
      `the data directory cannot be made: ${errorText(error)}`,
      "Name another with --data.",
    );
  }
}

/** Looks often enough to notice the silence soon after it is too long. */
function nodeMonitoring(graceMs: number): Partial<ControlPlaneOptions> {
  return { nodeMonitorGraceMs: graceMs, nodeMonitorPeriodMs: Math.min(5_000, graceMs / 4) };
}

async function startNode(
  controlPlane: ControlPlane,
  name: string,
  index: number,
  options: UpOptions,
  data: string,
  env: Env,
): Promise<NodeProcess> {
  const directory = join(data, "nodes", name);
  const kubeconfig = join(directory, "kubeconfig");
  await controlPlane.serving().writeNodeKubeconfig(name, kubeconfig);
  return startNodeProcess(
    {
      name,
      directory,
      kubeconfig,
      imageDirectories: options.imageDirectories.map((folder) => resolve(folder)),
      flags: [
        `--index=${index}`,
        "--on-stop=stop-pods",
        ...heartbeatFlags(options.nodeMonitorGraceMs),
        ...options.nodeFlags,
      ],
    },
    { env, program: programPath() },
  );
}

/** Several heartbeats must fit into the silence that makes a node unreachable. */
function heartbeatFlags(graceMs: number | undefined): readonly string[] {
  return graceMs === undefined ? [] : ["--heartbeat", `${Math.ceil(graceMs / 5)}ms`];
}

/** The file Node was started with: this program. */
function programPath(): string {
  return resolve(process.argv[1] ?? "");
}

/** An agent that ends by itself is told; its pods move elsewhere in time. */
function watchNodes(nodes: readonly NodeProcess[], deps: UpDeps, isStopping: AbortSignal): void {
  for (const node of nodes) {
    void node.ended.then((how) => {
      if (deps.signal.aborted || isStopping.aborted) return;
      deps.terminal.warn(
        `The agent of ${node.name} ended (${how}). Start it again with:\n  ${node.command}\n`,
      );
    });
  }
}

/**
 * Until every node is ready, and has said so since the start: what a node said before its agent was
 * stopped or killed says nothing about now.
 */
async function waitForNodes(
  session: Session,
  nodes: readonly NodeProcess[],
  sinceMs: number,
): Promise<void> {
  const waiting = new Map(nodes.map((node) => [node.name, node]));
  const { clock } = session.env;
  let tellAtMs = clock.monotonic() + PATIENCE_MS;
  while (waiting.size > 0) {
    const { items } = await session.client.list(Node, {}, session.context);
    for (const node of items) {
      const { name = "" } = node.metadata;
      const ready = findCondition(node.status.conditions, "Ready");
      // API times are whole seconds.
      const isFresh = parseApiTime(ready?.lastHeartbeatTime ?? "") >= sinceMs - 1_000;
      if (ready?.status !== "True" || !isFresh || !waiting.delete(name)) continue;
      session.terminal.write(`✓ ${`node/${name}`.padEnd(44)} Ready\n`);
    }
    for (const node of waiting.values()) {
      if (node.hasEnded())
        throw new UserError(`the agent of ${node.name} ended`, `See ${node.logFile}`);
      if (clock.monotonic() < tellAtMs) continue;
      session.terminal.warn(
        `${node.name} is not ready yet; its agent says why in ${node.logFile}\n`,
      );
    }
    if (clock.monotonic() >= tellAtMs) tellAtMs = Infinity;
    await session.env.timers.sleep(NODE_POLL_MS, session.context.signal);
  }
}

async function tellWays(session: Session, objects: readonly ApiObject[]): Promise<void> {
  const services = objects.filter(({ kind }) => kind === "Service");
  for (const service of services) {
    const where = { namespace: service.metadata.namespace ?? "" };
    const { items } = await session.client.list(Pod, where, session.context);
    for (const way of waysTo(service as Service, items)) {
      const { env, context, terminal } = session;
      const address = await firstAnswering(way, ANSWER_MS_MAX, env, context.signal);
      if (address !== undefined) terminal.write(`  curl http://${address.host}:${address.port}/\n`);
    }
  }
}

function tellNext(terminal: Terminal, data: string): void {
  terminal.write(
    `\nkubeconfig: ${kubeconfigPath(data)}\n` +
      `  export KUBECONFIG=${kubeconfigPath(data)}\n` +
      "  kubectl get pods,deployments,services\n" +
      "  kubectl get events --watch\n" +
      "\nCtrl-C stops everything; what was declared is kept.\n",
  );
}

/**
 * An agent that ended otherwise than by being asked, be it at this very moment, has left its pods
 * running: they are stopped in its place.
 */
async function stopNode(node: NodeProcess, terminal: Terminal, env: Env): Promise<void> {
  const timer = env.timers.after(STOP_PATIENCE_MS, () => {
    terminal.warn(`${node.name} still stops its pods; its agent says more in ${node.logFile}\n`);
  });
  const isStopped = !node.hasEnded() && (await node.stop(STOP_MS)) === "stopped";
  timer.cancel();
  if (isStopped) return;
  try {
    const context = rootContext(env, new AbortController().signal);
    await stopNodePods(node.directory, { env }, context);
  } catch (error) {
    terminal.warn(`The pods of ${node.name} may still run: ${errorText(error)}\n`);
  }
}

async function shutDown(
  controlPlane: ControlPlane,
  nodes: readonly NodeProcess[],
  terminal: Terminal,
  env: Env,
): Promise<void> {
  if (nodes.length > 0) terminal.write("\nStopping…\n");
  await Promise.all(nodes.map((node) => stopNode(node, terminal, env)));
  await closeInTime(controlPlane, terminal, env);
  terminal.write("Stopped.\n");
}

/** Whoever asked to stop gets the terminal back, whatever a part of it still waits for. */
async function closeInTime(
  controlPlane: ControlPlane,
  terminal: Terminal,
  env: Env,
): Promise<void> {
  const timer = env.timers.after(CLOSE_MS, () => {
    terminal.warn(
      `The control plane has not come to its end within ${CLOSE_MS / 1_000} s: it is left as it ` +
        "is. Nothing that was acknowledged is lost.\n",
    );
    process.exit(1);
  });
  await controlPlane.close();
  timer.cancel();
}

function loggingTo(stream: WriteStream, level: LogLevel, env: Env): Env {
  const write = (line: string): void => void stream.write(`${line}\n`);
  return { ...env, log: jsonLog({ level, clock: env.clock, write }) };
}
