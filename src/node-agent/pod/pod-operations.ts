/**
 * What is going on with a pod beside its loop: starts and stops of containers, at most one of each
 * container, and of its sandbox. Each wakes the loop when it is done; what a start failed of is
 * kept for the next look.
 */
import { withSignal, type Context } from "../../base/context.ts";
import type { Backoff } from "../../base/backoff.ts";
import { errorText } from "../../base/error-text.ts";
import { childSignal } from "../../base/signals.ts";
import type { TaskGroup } from "../../base/task-group.ts";
import type { Pod } from "../../client/builtin.ts";
import { callHandler } from "../probe/handler.ts";
import type { ContainerId, RuntimeSandbox } from "../runtime/runtime.ts";
import { hostnameOf, podLabels } from "./container-config.ts";
import { startContainer } from "./container-start.ts";
import { ContainerStop } from "./container-stop.ts";
import type { PodAction } from "./plan.ts";
import { POD_GVK, type PodDeps } from "./pod-deps.ts";
import type { Observed } from "./pod-observer.ts";
import { countedEndMs, graceMsOf } from "./pod-view.ts";
import type { ContainerActivity, ContainerView, PodView } from "./pod-view.ts";
import type { RestartBackoff } from "./restart-backoff.ts";
import type { StartFailures } from "./start-failures.ts";

/** A postStart hook that takes longer has failed. */
export const POST_START_MS_MAX = 600_000;

/** After a sandbox could not be made or stopped, at least this long is waited. */
const SANDBOX_RETRY_MS_MIN = 500;

type Activity =
  | { readonly kind: "starting"; readonly abort: () => void }
  | { readonly kind: "stopping"; readonly stop: ContainerStop };

export type PodOperationsParts = {
  readonly pod: () => Pod;
  readonly backoff: RestartBackoff;
  readonly failures: StartFailures;
  /** Delays after defects and failures of the runtime. */
  readonly retry: Backoff;
  readonly wake: () => void;
};

/** What an action is carried out on. */
export type Occasion = {
  readonly view: PodView;
  readonly observed: Observed;
  readonly tasks: TaskGroup;
  readonly context: Context;
};

export class PodOperations {
  readonly #parts: PodOperationsParts;
  readonly #deps: PodDeps;
  /** By container name. */
  readonly #activities = new Map<string, Activity>();
  #isSandboxBusy = false;
  #sandboxStartAtMs = 0;

  constructor(parts: PodOperationsParts, deps: PodDeps) {
    this.#parts = parts;
    this.#deps = deps;
  }

  activityOf(container: string): ContainerActivity {
    return this.#activities.get(container)?.kind ?? "none";
  }

  get sandboxActivity(): ContainerActivity {
    return this.#isSandboxBusy ? "starting" : "none";
  }

  /** Wall clock before which no sandbox is made. */
  get sandboxStartAtMs(): number {
    return this.#sandboxStartAtMs;
  }

  /** The pod ends: starts are given up, stops end by `deadlineMs` (undefined: as they were). */
  hasten(deadlineMs: number | undefined): void {
    for (const activity of this.#activities.values()) {
      if (activity.kind === "starting") activity.abort();
      else if (deadlineMs !== undefined) activity.stop.shorten(deadlineMs);
    }
  }

  /** Begins what the plan says. */
  begin(action: PodAction, occasion: Occasion): void {
    switch (action.kind) {
      case "run-sandbox":
        this.#onSandbox(occasion, () => this.#runSandbox(action.attempt, occasion.context));
        return;
      case "stop-sandbox":
        this.#onSandbox(occasion, () => this.#stopSandbox(occasion));
        return;
      case "start":
        this.#start(action, occasion);
        return;
      case "stop":
        this.#stop(action, occasion);
        return;
    }
  }

  #onSandbox({ tasks, context }: Occasion, work: () => Promise<void>): void {
    this.#isSandboxBusy = true;
    tasks.spawn(async () => {
      try {
        await work();
      } catch (error) {
        context.signal.throwIfAborted();
        const message = errorText(error);
        const { recorder, env } = this.#deps;
        recorder.warning(this.#parts.pod(), POD_GVK, "FailedPodSandBox", message);
        this.#sandboxStartAtMs = env.clock.now() + this.#parts.retry.next();
        await env.timers.sleep(SANDBOX_RETRY_MS_MIN, context.signal);
      } finally {
        this.#isSandboxBusy = false;
        this.#parts.wake();
      }
    });
  }

  async #runSandbox(attempt: number, context: Context): Promise<void> {
    const pod = this.#parts.pod();
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const config = {
      pod: { namespace, name, uid },
      attempt,
      hostname: hostnameOf(pod),
      logDirectory: `${this.#deps.node.logRoot}/${namespace}_${name}_${uid}`,
      labels: podLabels(pod),
    };
    await this.#deps.runtime.runSandbox(config, context);
  }

  async #stopSandbox({ observed, context }: Occasion): Promise<void> {
    const { sandbox } = observed;
    if (sandbox !== undefined) await this.#deps.runtime.stopSandbox(sandbox.id, context);
  }

  #start(action: Extract<PodAction, { readonly kind: "start" }>, occasion: Occasion): void {
    const { view, observed, tasks, context } = occasion;
    const name = action.container;
    const container = view.containers.find((one) => one.spec.name === name);
    const { sandbox } = observed;
    if (container === undefined || sandbox === undefined) return;
    const child = childSignal(tasks.signal);
    this.#activities.set(name, { kind: "starting", abort: () => child.abort() });
    tasks.spawn(async () => {
      try {
        const own = withSignal(context, child.signal);
        await this.#startNow(container, action.attempt, sandbox, observed, own);
      } catch (error) {
        if (!child.signal.aborted) await this.#failed(error, context);
      } finally {
        child.release();
        this.#activities.delete(name);
        this.#parts.wake();
      }
    });
  }

  async #startNow(
    view: ContainerView,
    attempt: number,
    sandbox: RuntimeSandbox,
    observed: Observed,
    context: Context,
  ): Promise<void> {
    const { backoff, failures } = this.#parts;
    const { name, image = "" } = view.spec;
    const same = observed.containers.filter((one) => one.name === name);
    const leftovers = same.filter((one) => one.state.kind === "created").map((one) => one.id);
    const pod = this.#parts.pod();
    const request = { pod, container: view.spec, attempt, sandbox, leftovers };
    const outcome = await startContainer(request, this.#deps, context);
    const nowMs = this.#deps.env.clock.now();
    const hasRun = outcome.kind === "started" || outcome.retry === "restart";
    const endMs = countedEndMs(view, sandbox);
    if (hasRun && endMs !== undefined) backoff.tried(name, endMs, nowMs);
    if (outcome.kind === "failed") {
      failures.failed({ name, image }, outcome.failure, outcome.retry, nowMs);
      return;
    }
    failures.started(name);
    await this.#postStart(view, outcome.id, sandbox.ip, context);
    await this.#removeOld(
      same.filter((one) => one.attempt < attempt - 1),
      context,
    );
  }

  async #postStart(
    { spec: container }: ContainerView,
    id: ContainerId,
    podIp: string,
    context: Context,
  ): Promise<void> {
    const hook = container.lifecycle?.postStart;
    if (hook === undefined) return;
    const pod = this.#parts.pod();
    const target = { pod, container, containerId: id, podIp };
    const outcome = await callHandler(hook, target, POST_START_MS_MAX, this.#deps, context);
    if (outcome.kind === "success") return;
    const message = `PostStartHook failed: ${outcome.output}`;
    this.#deps.recorder.warning(pod, POD_GVK, "FailedPostStartHook", message);
    const nowMs = this.#deps.env.clock.now();
    const failed = { name: container.name, image: container.image ?? "" };
    const waiting = { reason: "PostStartHookError", message };
    this.#parts.failures.failed(failed, waiting, "restart", nowMs);
    const deadlineMs = nowMs + graceMsOf(pod);
    await new ContainerStop({ pod, container, id, podIp, deadlineMs }, this.#deps).run(context);
  }

  /** Of each container the one before the present is kept, for its log; earlier ones go. */
  async #removeOld(old: Observed["containers"], context: Context): Promise<void> {
    for (const container of old) {
      await this.#deps.runtime.removeContainer(container.id, context);
      await this.#deps.logs.removeLog(container.logFile);
    }
  }

  #stop(action: Extract<PodAction, { readonly kind: "stop" }>, occasion: Occasion): void {
    const { view, tasks, context } = occasion;
    const found = view.containers.find((one) => one.spec.name === action.container);
    if (found?.latest === undefined) return;
    const { spec: container, latest } = found;
    const pod = this.#parts.pod();
    const text = action.why === "" ? `Stopping container ${container.name}` : action.why;
    this.#deps.recorder.normal(pod, POD_GVK, "Killing", text);
    const deadlineMs = view.nowMs + action.graceMs;
    const podIp = view.sandbox?.ip ?? "";
    const stop = new ContainerStop(
      { pod, container, id: latest.id, podIp, deadlineMs },
      this.#deps,
    );
    this.#activities.set(container.name, { kind: "stopping", stop });
    tasks.spawn(async () => {
      try {
        await stop.run(context);
      } catch (error) {
        await this.#failed(error, context);
      } finally {
        this.#activities.delete(container.name);
        this.#parts.wake();
      }
    });
  }

  /** The operation is tried again by a later look. */
  async #failed(error: unknown, context: Context): Promise<void> {
    context.signal.throwIfAborted();
    const delayMs = this.#parts.retry.next();
    context.log.error("an operation on a container failed and is tried again", { error, delayMs });
    await this.#deps.env.timers.sleep(delayMs, context.signal);
  }
}
