/** A node's pods in virtual time: a fake cluster, a fake runtime, and the agent's part between. */
import { TaskGroup } from "../../base/task-group.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Pod, Service } from "../../client/builtin.ts";
import { fakeCluster, type FakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { configSource } from "../pod/config-source.ts";
import { PodWorkers } from "../pod/pod-workers.ts";
import { FakeRuntime } from "../runtime/testing/fake-runtime.ts";
import { StatusManager } from "../status/status-manager.ts";
import { FakeLogFiles, FakeVolumes } from "./fake-disk.ts";
import { FakeProbeNetwork } from "./fake-probe-network.ts";
import { aPod } from "./views.ts";

export const NODE_NAME = "node-1";

export class PodsWorld {
  readonly env: VirtualEnv = virtualEnv();
  readonly cluster: FakeCluster = fakeCluster(this.env);
  readonly runtime: FakeRuntime = new FakeRuntime(this.env);
  readonly volumes: FakeVolumes = new FakeVolumes();
  readonly logs: FakeLogFiles = new FakeLogFiles();
  readonly network: FakeProbeNetwork = new FakeProbeNetwork();
  #tasks: TaskGroup | undefined;

  /** Starts an agent; what an earlier one left running is there. */
  async start(): Promise<void> {
    const context = aContext(this.env);
    const tasks = new TaskGroup(context.signal);
    const pods = this.cluster.informers.for(Pod);
    const { client, env, recorder } = this.cluster.deps;
    const status = new StatusManager({ client, env, ownWrites: pods.ownWrites });
    const workers = new PodWorkers({
      env,
      client,
      recorder,
      pods,
      status,
      runtime: this.runtime,
      volumes: this.volumes,
      network: this.network,
      logs: this.logs,
      config: configSource(client, env.clock),
      services: this.cluster.informers.for(Service).lister,
      node: {
        name: NODE_NAME,
        hostIp: "127.0.0.1",
        allocatable: { cpu: "2", memory: "1Gi" },
        logRoot: "/logs",
      },
    });
    tasks.spawn((signal) => status.run({ ...context, signal }));
    tasks.spawn((signal) => workers.run({ ...context, signal }));
    this.#tasks = tasks;
    await this.env.settle();
  }

  /** Ends the agent as a crash would: nothing of the pods is touched. */
  async stop(): Promise<void> {
    this.#tasks?.abort();
    await this.#tasks?.join();
    this.#tasks = undefined;
  }

  /** A pod assigned to this node. */
  create(options: Parameters<typeof aPod>[0] = {}): Pod {
    return this.cluster.seed(Pod, aPod(options));
  }

  pod(name = "web"): Pod | undefined {
    return this.cluster.find(Pod, { namespace: "default", name });
  }

  /** `running`, `terminated 1 Error`, `waiting CrashLoopBackOff` of a container. */
  state(container = "app", name = "web"): string {
    const { initContainerStatuses = [], containerStatuses = [] } = this.pod(name)?.status ?? {};
    const status = [...initContainerStatuses, ...containerStatuses].find(
      (one) => one.name === container,
    );
    const { running, terminated, waiting } = status?.state ?? {};
    if (running !== undefined) return "running";
    if (terminated !== undefined) return `terminated ${terminated.exitCode} ${terminated.reason}`;
    return waiting === undefined ? "unknown" : `waiting ${waiting.reason}`;
  }

  condition(type: string, name = "web"): string | undefined {
    return this.pod(name)?.status.conditions?.find((one) => one.type === type)?.status;
  }

  /** `Reason: message` of the events so far. */
  events(): readonly string[] {
    return this.cluster.events.map(({ reason, message }) => `${reason}: ${message}`);
  }

  async delete(gracePeriodSeconds?: number, name = "web"): Promise<void> {
    const key = { namespace: "default", name };
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    await this.cluster.client.delete(Pod, key, aContext(this.env), options);
    await this.env.settle();
  }

  /** Runs on until the condition holds, in virtual time. */
  async until(condition: () => boolean, withinMs = 600_000): Promise<void> {
    await this.env.runUntil(condition, withinMs);
  }
}
