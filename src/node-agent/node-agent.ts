/**
 * A node: registers, beats, runs the pods that are assigned to it. Everything it knows it can learn
 * again from the API and the runtime, so it may be killed at any time; containers do not notice.
 *
 * When told to stop it leaves the containers running for the next agent, or (`onStop: "stop-pods"`)
 * stops them; the API's picture of the pods stays, and the next agent starts them again.
 */
import { withSignal, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { TaskGroup } from "../base/task-group.ts";
import type { Pod, Service } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder-types.ts";
import type { Lister } from "../informer/lister.ts";
import type { SharedInformer } from "../informer/shared-informer-types.ts";
import { rotateLogs } from "./log-rotation.ts";
import { Heartbeat } from "./node/heartbeat.ts";
import type { Machine } from "./node/machine.ts";
import { allocatableOf } from "./node/node-status.ts";
import { NodeRegistrar } from "./node/registrar.ts";
import { withDefaults, type NodeAgentOptions, type QualifiedNodeAgentOptions } from "./options.ts";
import { configSource } from "./pod/config-source.ts";
import type { LogFiles, PodDeps } from "./pod/pod-deps.ts";
import { PodWorkers } from "./pod/pod-workers.ts";
import { reportStopped } from "./pod/report-stopped.ts";
import { stopAllPods } from "./pod/stop-all-pods.ts";
import type { ProbeNetwork } from "./probe/probe-network.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { StatusManager } from "./status/status-manager.ts";
import type { PodVolumes } from "./volume/volumes.ts";

export type NodeAgentDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly recorder: EventRecorder;
  /** Of the pods assigned to this node; run by the agent. */
  readonly pods: SharedInformer<Pod>;
  /** All there are, once the agent runs: what it starts is told where they are. */
  readonly services: Lister<Service>;
  readonly runtime: Runtime;
  readonly volumes: PodVolumes;
  readonly network: ProbeNetwork;
  readonly logs: LogFiles;
  readonly machine: Machine;
  /** Absolute; the logs of all pods are below. */
  readonly logRoot: string;
  /** Where the agent answers for logs; undefined: nowhere. */
  readonly port: number | undefined;
};

export interface NodeAgent {
  /** Lives until the signal aborts; then settles after all it started. */
  run(context: Context): Promise<void>;
}

/** Without a complete list of the runtime for this long, the node is not ready. */
const LIST_AGE_MS_MAX = 180_000;

export function createNodeAgent(options: NodeAgentOptions, deps: NodeAgentDeps): NodeAgent {
  const qualified = withDefaults(options);
  return { run: (context) => runAgent(qualified, deps, context) };
}

async function runAgent(
  options: QualifiedNodeAgentOptions,
  deps: NodeAgentDeps,
  given: Context,
): Promise<void> {
  const actor = `node-agent/${options.nodeName}`;
  const log = given.log.with({ node: options.nodeName });
  const context: Context = { ...given, cause: { ...given.cause, actor }, log };
  const { client, env, pods } = deps;
  const status = new StatusManager({ client, env, ownWrites: pods.ownWrites });
  const workers = new PodWorkers({ ...(await podDeps(options, deps, status)), pods });
  const podsProblem = (): string | undefined => problemOf(workers, env);
  const registrar = new NodeRegistrar(options, { ...deps, podsProblem });
  const heartbeat = new Heartbeat(options, { client, env, node: () => registrar.registered() });

  const tasks = new TaskGroup(context.signal);
  const run = (part: { run(context: Context): Promise<void> }): void =>
    tasks.spawn((signal) => part.run(withSignal(context, signal)));
  for (const part of [pods, status, workers, registrar, heartbeat]) run(part);
  run({ run: (own) => rotateLogs(options, deps, own) });
  try {
    await tasks.join();
  } finally {
    const { onStop } = options;
    const what = typeof onStop === "function" ? onStop(context.signal.reason) : onStop;
    if (what === "stop-pods") {
      try {
        await stopAllPods(options, deps, context);
      } finally {
        await reportStopped({ ...deps, pods: pods.lister }, context);
      }
    }
  }
}

async function podDeps(
  options: QualifiedNodeAgentOptions,
  deps: NodeAgentDeps,
  status: StatusManager,
): Promise<PodDeps> {
  const facts = await deps.machine.facts();
  return {
    ...deps,
    config: configSource(deps.client, deps.env.clock),
    status,
    node: {
      name: options.nodeName,
      hostIp: options.hostIp,
      allocatable: allocatableOf({ options, facts }),
      logRoot: deps.logRoot,
    },
  };
}

function problemOf(workers: PodWorkers, env: Env): string | undefined {
  const { listedAtMs } = workers;
  if (listedAtMs === undefined) return "the pods of this node have not been listed yet";
  const ageMs = env.clock.now() - listedAtMs;
  if (ageMs <= LIST_AGE_MS_MAX) return undefined;
  return `PLEG is not healthy: the runtime was last listed ${Math.round(ageMs / 1000)}s ago`;
}
