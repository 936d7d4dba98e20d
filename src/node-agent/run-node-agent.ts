/**
 * A node agent with everything real: processes, disk, sockets. The entry for a process of its own,
 * and for one in the process of a control plane.
 */
import { withSignal, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { aborted } from "../base/signals.ts";
import { TaskGroup } from "../base/task-group.ts";
import { Pod, Service } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder-types.ts";
import { createInformers } from "../informer/informers.ts";
import { listerWatcher } from "../informer/lister-watcher.ts";
import { ReflectingInformer } from "../informer/shared-informer.ts";
import { diskLogFiles } from "./http/log-files.ts";
import { LogRequests } from "./http/log-requests.ts";
import { nodeMetrics } from "./http/node-metrics.ts";
import { StreamingRequests } from "./http/streaming/streaming-requests.ts";
import { NodeServer, type NodeServerOptions } from "./http/node-server.ts";
import { realProbeNetwork } from "./http/probe-network.ts";
import { createNodeAgent } from "./node-agent.ts";
import type { NodeAgentOptions } from "./options.ts";
import { createServiceProxy } from "./proxy/service-proxy.ts";
import { tcpSockets } from "./proxy/tcp-sockets.ts";
import { localMachine } from "./runtime/process/machine.ts";
import { ProcessRuntime, type ProcessRuntimeOptions } from "./runtime/process/process-runtime.ts";
import { diskVolumes } from "./volume/disk-volumes.ts";

/** Settings of an agent on this machine. */
export type LocalNodeOptions = NodeAgentOptions & {
  /** Absolute path of a directory of its own: state, volumes and logs. */
  readonly directory: string;
  readonly runtime?: Omit<ProcessRuntimeOptions, "root">;
  /** Where logs are asked for; undefined: nowhere. `host` defaults to the node's `hostIp`. */
  readonly server?: Omit<NodeServerOptions, "host"> & { readonly host?: string };
  /** Whether the agent leads connections to services to their pods (default true). */
  readonly hasServiceProxy?: boolean;
};

export type LocalNodeDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly recorder: EventRecorder;
};

/**
 * Lives until the signal aborts. Throws if another agent has the directory, or the wanted runtime
 * tier does not work. Containers outlive it unless `onStop` says otherwise.
 */
export async function runNodeAgent(
  options: LocalNodeOptions,
  deps: LocalNodeDeps,
  context: Context,
): Promise<void> {
  const { client, env } = deps;
  const root = `${options.directory}/runtime`;
  const hiddenPaths = [options.directory, ...(options.runtime?.hiddenPaths ?? [])];
  const runtime = await ProcessRuntime.open({ ...options.runtime, root, hiddenPaths }, env);
  try {
    const scope = { fieldSelector: `spec.nodeName=${options.nodeName}` };
    const source = listerWatcher(client, Pod, scope);
    const pods = new ReflectingInformer<Pod>({ source, env }, { name: "pods of this node" });
    const logs = new LogRequests({ runtime, pods: pods.lister, env });
    const streaming = new StreamingRequests({ runtime, pods: pods.lister, env });
    const metrics = (): string => nodeMetrics(options.nodeName, runtime.version(), pods.lister);
    const server =
      options.server === undefined
        ? undefined
        : new NodeServer(
            { host: options.hostIp ?? "127.0.0.1", ...options.server },
            { logs, streaming, metrics },
          );
    const port = await server?.listen();
    const informers = createInformers({ client, env });
    const services = informers.for(Service);
    const agent = createNodeAgent(options, {
      ...deps,
      pods,
      services: services.lister,
      runtime,
      volumes: diskVolumes(`${options.directory}/volumes`),
      network: realProbeNetwork,
      logs: diskLogFiles,
      machine: localMachine(options.directory),
      logRoot: `${options.directory}/logs`,
      port,
    });
    const tasks = new TaskGroup(context.signal);
    if (server !== undefined) tasks.spawn((signal) => server.run(withSignal(context, signal)));
    tasks.spawn(async (signal) => {
      // What starts is told of all services, so they are known before anything starts.
      await Promise.race([services.waitForSync(new AbortController().signal), aborted(signal)]);
      await agent.run(withSignal(context, signal));
    });
    if (options.hasServiceProxy === false) {
      tasks.spawn((signal) => informers.run(withSignal(context, signal)));
    } else {
      const proxy = createServiceProxy({ ...deps, informers, sockets: tcpSockets(env) });
      tasks.spawn((signal) => proxy.run(withSignal(context, signal)));
    }
    await tasks.join();
  } finally {
    await runtime.close();
  }
}
