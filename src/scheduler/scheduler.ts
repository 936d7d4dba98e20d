/**
 * Gives each new pod a node: one pod at a time, each against all that was decided before it.
 *
 * A try is synchronous from the look at the cluster to the choice, and the choice counts from then
 * on (the pod is assumed), while it is being written. So no two pods are given the same room,
 * however late the watch is. A choice that could not be written is taken back.
 */
import { causeId, withCause, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { errorText } from "../base/error-text.ts";
import { TaskGroup } from "../base/task-group.ts";
import { Namespace, Node, Pod } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder-types.ts";
import type { Runnable } from "../controller-runtime/manager/runnable.ts";
import type { Trigger } from "../controller-runtime/sources/source.ts";
import type { TracedEnd, Tracing } from "../controller-runtime/tracing/tracing.ts";
import type { Informers } from "../informer/informers.ts";
import type { Registration, SharedInformer } from "../informer/shared-informer-types.ts";
import { keyOf, keyText, parseKey } from "../machinery/key.ts";
import type { Labels } from "../machinery/labels.ts";
import { isTerminating } from "../machinery/object.ts";
import { hasEnded } from "../machinery/pod-phase.ts";
import { isStatus } from "../machinery/status.ts";
import { changesOfNode, changesOfPod } from "./cluster-changes.ts";
import { ClusterState } from "./cluster-state.ts";
import { decide, enoughNodes } from "./cycle.ts";
import type { ClusterChange, Plugin } from "./framework.ts";
import { defaultPlugins } from "./plugins/defaults.ts";
import { SchedulingQueue, type QueuedPod } from "./queue.ts";
import { reportUnschedulable } from "./report.ts";

/** Choices being written at the same time; further pods wait. */
export const BINDINGS_MAX = 64;

/** After this long without a pause, the rest of the process may run. */
const SLICE_MS_MAX = 10;

export type SchedulerDeps = {
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  readonly env: Env;
  /** Makes each try a span; `client` is traced by it, too. Absent: none are made. */
  readonly tracing?: Tracing;
};

export type SchedulerOptions = {
  /** Only pods with this `schedulerName` are its own (default `default-scheduler`). */
  readonly name?: string;
  /** Default: those of `plugins/defaults.ts`. */
  readonly plugins?: readonly Plugin[];
};

/** The name of the scheduler of pods that name none. */
export const DEFAULT_SCHEDULER = "default-scheduler";

/** Waits for its informers, which others run; then schedules until the signal aborts. */
export function createScheduler(deps: SchedulerDeps, options: SchedulerOptions = {}): Runnable {
  const name = options.name ?? DEFAULT_SCHEDULER;
  const nodes = deps.informers.for(Node);
  const pods = deps.informers.for(Pod);
  const namespaces = deps.informers.for(Namespace);
  const namespaceLabels = (of: string): Labels | undefined => {
    const namespace = namespaces.lister.get({ namespace: "", name: of });
    return namespace === undefined ? undefined : (namespace.metadata.labels ?? {});
  };
  const plugins = options.plugins ?? defaultPlugins({ client: deps.client, namespaceLabels });
  return {
    name,
    run: (context) =>
      new Scheduler({ ...deps, name, plugins, nodes, pods, namespaces }).run(context),
  };
}

type Parts = SchedulerDeps & {
  readonly name: string;
  readonly plugins: readonly Plugin[];
  readonly nodes: SharedInformer<Node>;
  readonly pods: SharedInformer<Pod>;
  readonly namespaces: SharedInformer<Namespace>;
};

class Scheduler {
  readonly #parts: Parts;
  readonly #cluster = new ClusterState();
  readonly #queue: SchedulingQueue;
  /** Pods and nodes as they were last looked at. */
  readonly #knownNodes = new Map<string, Node>();
  #bindings = 0;
  #bindingDone: (() => void) | undefined;
  #start = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { plugins, env } = parts;
    this.#queue = new SchedulingQueue({
      env,
      isGated: (pod) => plugins.some((plugin) => plugin.preEnqueue?.(pod) !== undefined),
      mayHelp: (change, refusedBy) => mayHelp(plugins, change, refusedBy),
    });
  }

  async run(context: Context): Promise<void> {
    const { nodes, pods, namespaces } = this.#parts;
    const group = new TaskGroup(context.signal);
    const registrations: readonly Registration[] = [
      nodes.addListener(({ object }) => this.#lookAtNode(object.metadata.name ?? "")),
      pods.addListener(({ object }) => this.#lookAtPod(keyText(keyOf(object)))),
    ];
    try {
      await nodes.waitForSync(context.signal);
      await pods.waitForSync(context.signal);
      await namespaces.waitForSync(context.signal);
      // What is there counts before the first choice, whether the listeners were told yet or not.
      for (const node of nodes.lister.list()) this.#lookAtNode(node.metadata.name ?? "");
      for (const pod of pods.lister.list()) this.#lookAtPod(keyText(keyOf(pod)));
      await this.#loop(group, context);
    } catch (error) {
      if (!context.signal.aborted) throw error;
    } finally {
      for (const registration of registrations) registration.remove();
      this.#queue.close();
      group.abort();
      await group.join();
    }
  }

  async #loop(group: TaskGroup, context: Context): Promise<void> {
    const { clock, timers } = this.#parts.env;
    let sliceStartMs = clock.monotonic();
    while (!group.signal.aborted) {
      const queued = this.#queue.take();
      if (queued === undefined) {
        await this.#queue.ready(group.signal);
        sliceStartMs = clock.monotonic();
        continue;
      }
      this.#schedule(queued, group, context);
      while (this.#bindings >= BINDINGS_MAX) await this.#nextBindingDone();
      if (clock.monotonic() - sliceStartMs < SLICE_MS_MAX) continue;
      await timers.yield();
      sliceStartMs = clock.monotonic();
    }
  }

  /** One try. Synchronous up to the choice. */
  #schedule(queued: QueuedPod, group: TaskGroup, context: Context): void {
    const { plugins, env } = this.#parts;
    const { pod } = queued;
    const snapshot = this.#cluster.snapshot();
    const request = { pod, snapshot, plugins, random: env.random, start: this.#start };
    const decision = decide(request);
    this.#start = (this.#start + enoughNodes(snapshot.nodes.length)) % (snapshot.nodes.length || 1);
    const call = this.#callFor(pod, context);
    if (decision.kind === "unschedulable") {
      this.#queue.unschedulable(queued, decision.refusedBy);
      group.spawn(() =>
        this.#traced(queued, call, async (inside) => {
          await reportUnschedulable(this.#parts, pod, decision.message, inside);
          return { result: "unschedulable" };
        }),
      );
      return;
    }
    const { nodeName } = decision;
    this.#cluster.assume(pod, nodeName);
    this.#wake(["pod-assigned"]);
    const undo = plugins.flatMap((plugin) => plugin.reserve?.(pod, nodeName) ?? []);
    this.#bindings += 1;
    group.spawn(async () => {
      try {
        await this.#traced(queued, call, (inside) => this.#bind(queued, nodeName, undo, inside));
      } finally {
        this.#bindings -= 1;
        this.#bindingDone?.();
      }
    });
  }

  /** What follows from a choice, as a span where somebody traces: linked to what made the pod. */
  async #traced(
    { key, attempts }: QueuedPod,
    call: Context,
    work: (context: Context) => Promise<TracedEnd>,
  ): Promise<void> {
    const { tracing, name, env } = this.#parts;
    if (tracing === undefined) {
      await work(call);
      return;
    }
    const object = `${Pod.kind} ${key}`;
    const triggers = call.cause.triggers.map((revision): Trigger => ({
      kind: "event",
      revision,
      object,
    }));
    const turn = { key, triggers, priority: 0, sinceMs: env.clock.monotonic() };
    const { id } = call.cause;
    const traced = { controller: name, turn, id, attempt: attempts, queuedMs: 0 };
    await tracing.reconcile(traced, ({ traceparent, requests, fields }) =>
      work({
        ...call,
        cause: { ...call.cause, traceparent },
        log: call.log.with(fields),
        requests,
      }),
    );
  }

  async #bind(
    queued: QueuedPod,
    nodeName: string,
    undo: readonly (() => void)[],
    context: Context,
  ): Promise<TracedEnd> {
    const { plugins, recorder } = this.#parts;
    const { pod, key } = queued;
    try {
      const binder = plugins.find((plugin) => plugin.bind !== undefined);
      await binder?.bind?.(pod, nodeName, context);
      this.#queue.remove(key);
      const message = `Successfully assigned ${key} to ${nodeName}`;
      recorder.normal(pod, Pod, "Scheduled", message);
      return { result: "scheduled" };
    } catch (error) {
      if (context.signal.aborted) return { result: "cut short" };
      context.log.warn("a pod could not be bound", { pod: key, node: nodeName, error });
      recorder.warning(pod, Pod, "FailedScheduling", `binding rejected: ${errorText(error)}`);
      await this.#takeBack(queued, undo, context);
      return { result: "error", error };
    }
  }

  /** The write failed, or got no answer: what became of the pod, only the server knows. */
  async #takeBack(
    queued: QueuedPod,
    undo: readonly (() => void)[],
    context: Context,
  ): Promise<void> {
    const { pod, key } = queued;
    const live = await this.#liveState(pod, context);
    if (live !== undefined && isSame(live, pod) && isAssigned(live)) {
      // It was written. The lister must show it from now on, or a late event would free the room.
      this.#parts.pods.ownWrites.wrote(live);
      this.#lookAtPod(key);
      return;
    }
    for (const each of undo.toReversed()) each();
    this.#cluster.forget(pod);
    this.#queue.failed(queued);
    this.#wake(["pod-gone"]); // the room that was held for it
    this.#lookAtPod(key); // it may have changed or gone meanwhile
  }

  /** The pod as the server has it; undefined if it is gone, or nobody answers. */
  async #liveState(pod: Pod, context: Context): Promise<Pod | undefined> {
    try {
      return await this.#parts.client.get(Pod, keyOf(pod), context);
    } catch (error) {
      if (!isStatus(error, "NotFound")) {
        context.log.warn("a pod could not be read", { pod: keyText(keyOf(pod)), error });
      }
      return undefined;
    }
  }

  #lookAtNode(name: string): void {
    const node = this.#parts.nodes.lister.get({ namespace: "", name });
    const known = this.#knownNodes.get(name);
    if (node === known) return;
    if (node === undefined) {
      this.#knownNodes.delete(name);
      this.#cluster.removeNode(name);
      return;
    }
    this.#knownNodes.set(name, node);
    this.#cluster.putNode(node);
    this.#wake(changesOfNode(known, node));
  }

  #lookAtPod(key: string): void {
    const pod = this.#parts.pods.lister.get(parseKey(key));
    const known = this.#cluster.pod(key);
    if (pod === known && pod !== undefined) return;
    const isCounted = pod !== undefined && isAssigned(pod) && !hasEnded(pod);
    // A choice being written counts, though the watch has not shown it.
    const isAhead = pod !== undefined && !isAssigned(pod) && this.#cluster.isAssumed(pod);
    if (isCounted) this.#cluster.putPod(pod);
    else if (!isAhead) this.#cluster.removePod(key);
    this.#wake(changesOfPod(known, isCounted || isAhead ? pod : undefined));

    if (pod !== undefined && this.#isToSchedule(pod)) {
      if (!isAhead) this.#queue.put(pod);
    } else this.#queue.remove(key);
  }

  #isToSchedule(pod: Pod): boolean {
    const { schedulerName = DEFAULT_SCHEDULER } = pod.spec;
    const isOurs = (schedulerName || DEFAULT_SCHEDULER) === this.#parts.name;
    return isOurs && !isAssigned(pod) && !isTerminating(pod) && !hasEnded(pod);
  }

  #wake(changes: readonly ClusterChange[]): void {
    for (const change of changes) this.#queue.changed(change);
  }

  async #nextBindingDone(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#bindingDone = resolve;
    });
    this.#bindingDone = undefined;
  }

  #callFor(pod: Pod, context: Context): Context {
    const { env, name } = this.#parts;
    const id = causeId(env.ids.uuid());
    const revision = Number(pod.metadata.resourceVersion ?? 0);
    const triggers = Number.isSafeInteger(revision) && revision > 0 ? [revision] : [];
    const log = context.log.with({ scheduler: name, pod: keyText(keyOf(pod)), reconcile: id });
    return { ...withCause(context, { actor: name, id, triggers, traceparent: "" }), log };
  }
}

function mayHelp(
  plugins: readonly Plugin[],
  change: ClusterChange,
  refusedBy: ReadonlySet<string>,
): boolean {
  if (refusedBy.size === 0) return change === "node-added"; // there was no node at all
  return plugins.some(({ name, wakesOn }) => refusedBy.has(name) && wakesOn.includes(change));
}

function isAssigned(pod: Pod): boolean {
  return (pod.spec.nodeName ?? "") !== "";
}

function isSame(a: Pod, b: Pod): boolean {
  return a.metadata.uid === b.metadata.uid;
}
