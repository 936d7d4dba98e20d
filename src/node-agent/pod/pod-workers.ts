/**
 * All pods of this node: a worker for each, woken by the API, by the runtime, and by a look at all
 * that runs once a second. What runs for a pod the API does not know is taken down, once the API
 * has been heard.
 */
import type { Context } from "../../base/context.ts";
import { withSignal } from "../../base/context.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Pod } from "../../client/builtin.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { RUNTIME_LABEL, type RuntimeContainer, type RuntimeSandbox } from "../runtime/runtime.ts";
import type { PodDeps } from "./pod-deps.ts";
import { DEFAULT_GRACE_SECONDS } from "./pod-view.ts";
import { PodWorker } from "./pod-worker.ts";

/** How often the runtime is asked for everything. */
export const RELIST_MS = 1_000;

export type PodWorkersDeps = PodDeps & { readonly pods: SharedInformer<Pod> };

export class PodWorkers {
  readonly #deps: PodWorkersDeps;
  readonly #workers = new Map<string, PodWorker>();
  /** Pods that have ended here and whose objects something else still holds. */
  readonly #ended = new Set<string>();
  /** What was last seen to run, by pod. */
  #seen = new Map<string, string>();
  #listedAtMs: number | undefined;

  constructor(deps: PodWorkersDeps) {
    this.#deps = deps;
  }

  /** Wall clock of the last complete list of the runtime. */
  get listedAtMs(): number | undefined {
    return this.#listedAtMs;
  }

  get count(): number {
    return this.#workers.size;
  }

  async run(context: Context): Promise<void> {
    const tasks = new TaskGroup(context.signal);
    const own = withSignal(context, tasks.signal);
    const { pods, runtime } = this.#deps;
    await pods.waitForSync(context.signal);
    const registration = pods.addListener((event) => {
      if (event.kind === "delete") {
        this.#objectGone(event.object.metadata.uid ?? "");
        return;
      }
      // Deleted and made again between two looks: the old one has gone too.
      if (event.kind === "update" && event.old.metadata.uid !== event.object.metadata.uid) {
        this.#objectGone(event.old.metadata.uid ?? "");
      }
      this.#objectSeen(event.object, tasks, own);
    });
    tasks.spawn(() => this.#relistForever(tasks, own));
    const events = runtime.events(own);
    if (events !== undefined) {
      tasks.spawn(async () => {
        for await (const uid of events) this.#workers.get(uid)?.wake();
      });
    }
    try {
      await tasks.join();
    } finally {
      registration.remove();
    }
  }

  #objectSeen(pod: Pod, tasks: TaskGroup, context: Context): void {
    const uid = pod.metadata.uid ?? "";
    if (pod.spec.nodeName !== this.#deps.node.name || this.#ended.has(uid)) return;
    const known = this.#workers.get(uid);
    if (known === undefined) this.#begin(new PodWorker(pod, this.#deps), pod, tasks, context);
    else known.update(pod);
  }

  #objectGone(uid: string): void {
    this.#ended.delete(uid);
    this.#workers.get(uid)?.gone();
  }

  #begin(worker: PodWorker, pod: Pod, tasks: TaskGroup, context: Context): void {
    const { uid } = worker;
    this.#workers.set(uid, worker);
    const { name, namespace } = pod.metadata;
    const log = context.log.with({ pod: name, namespace, uid });
    tasks.spawn(async () => {
      await worker.run({ ...context, log });
      if (context.signal.aborted) return;
      this.#workers.delete(uid);
      if (this.#isInApi(uid)) this.#ended.add(uid);
    });
  }

  #isInApi(uid: string): boolean {
    return this.#deps.pods.lister.list().some((pod) => pod.metadata.uid === uid);
  }

  async #relistForever(tasks: TaskGroup, context: Context): Promise<void> {
    const { timers, clock } = this.#deps.env;
    for (;;) {
      try {
        await this.#relist(tasks, context);
        this.#listedAtMs = clock.now();
      } catch (error) {
        context.signal.throwIfAborted();
        // The node reports itself not ready when this lasts; the runtime may come back.
        context.log.error("the runtime could not be listed", { error });
      }
      await timers.sleep(RELIST_MS, context.signal);
    }
  }

  async #relist(tasks: TaskGroup, context: Context): Promise<void> {
    const [sandboxes, containers] = await Promise.all([
      this.#deps.runtime.listSandboxes({}, context),
      this.#deps.runtime.listContainers({}, context),
    ]);
    const seen = signatures(sandboxes, containers);
    for (const [uid, signature] of seen) {
      if (this.#seen.get(uid) !== signature) this.#workers.get(uid)?.wake();
    }
    for (const uid of this.#seen.keys()) if (!seen.has(uid)) this.#workers.get(uid)?.wake();
    this.#seen = seen;
    for (const sandbox of sandboxes) {
      const own = containers.filter((container) => container.podUid === sandbox.pod.uid);
      this.#takeDownIfUnknown(sandbox, own, tasks, context);
    }
  }

  /** A sandbox without a worker is of a pod that was deleted while no agent looked. */
  #takeDownIfUnknown(
    sandbox: RuntimeSandbox,
    containers: readonly RuntimeContainer[],
    tasks: TaskGroup,
    context: Context,
  ): void {
    const { uid } = sandbox.pod;
    if (this.#workers.has(uid) || !this.#deps.pods.hasSynced() || this.#isInApi(uid)) return;
    context.log.info("a pod that the API no longer knows is taken down", { ...sandbox.pod });
    const pod = lostPod(sandbox, containers);
    const worker = new PodWorker(pod, this.#deps);
    worker.gone();
    this.#begin(worker, pod, tasks, context);
  }
}

/** What the labels tell of a pod whose object is no more: enough to stop it. */
function lostPod(sandbox: RuntimeSandbox, containers: readonly RuntimeContainer[]): Pod {
  const graceText = sandbox.labels[RUNTIME_LABEL.terminationGracePeriod] ?? "";
  const graceSeconds = Number(graceText === "" ? DEFAULT_GRACE_SECONDS : graceText);
  const isNumber = Number.isSafeInteger(graceSeconds) && graceSeconds >= 0;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...sandbox.pod },
    spec: {
      terminationGracePeriodSeconds: isNumber ? graceSeconds : DEFAULT_GRACE_SECONDS,
      containers: [...new Set(containers.map(({ name }) => name))].map((name) => ({ name })),
    },
    status: {},
  };
}

/** For each pod a text that changes when its sandboxes or containers do. */
function signatures(
  sandboxes: readonly RuntimeSandbox[],
  containers: readonly RuntimeContainer[],
): Map<string, string> {
  const parts = new Map<string, string[]>();
  const add = (uid: string, part: string): void => {
    const list = parts.get(uid) ?? [];
    list.push(part);
    parts.set(uid, list);
  };
  for (const sandbox of sandboxes) add(sandbox.pod.uid, `${sandbox.id}=${sandbox.state}`);
  for (const one of containers) add(one.podUid, `${one.id}=${one.state.kind}`);
  return new Map([...parts].map(([uid, list]) => [uid, list.sort().join()]));
}
