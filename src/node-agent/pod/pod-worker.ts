/**
 * One pod on this node, from the first sight of it to its last trace. A serial loop: look at what
 * runs, decide, begin what is to be done, report. Long work (starts, stops, refreshes) goes on
 * beside the loop, at most one piece per container, and wakes it when done; so the loop always acts
 * on the newest object and never waits for a slow container.
 *
 * Nothing here is needed to survive: after a crash, the next agent sees the same containers and the
 * same API object and goes on. When its context aborts, the worker ends and leaves all running.
 */
import type { PodStatus } from "../../apis/core/v1/types.generated.ts";
import { withSignal, type Context } from "../../base/context.ts";
import { Backoff } from "../../base/backoff.ts";
import { childSignal } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Pod } from "../../client/builtin.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { isTerminating } from "../../machinery/object.ts";
import { PodProbes } from "../probe/pod-probes.ts";
import { callHandler } from "../probe/handler.ts";
import type { ContainerId, RuntimeSandbox } from "../runtime/runtime.ts";
import { AGENT_CONDITIONS, isTerminal, podStatus } from "../status/pod-status.ts";
import { hasLiveVolumes, volumeContents } from "../volume/volume-content.ts";
import { envDepsOf, hostnameOf, podLabels } from "./container-config.ts";
import { startContainer } from "./container-start.ts";
import { ContainerStop } from "./container-stop.ts";
import { LastWords } from "./last-words.ts";
import { planPod, type PodAction } from "./plan.ts";
import { POD_GVK, type PodDeps } from "./pod-deps.ts";
import { removePod } from "./pod-removal.ts";
import { containerViews, observePod, type Observed, type PodMemory } from "./pod-observer.ts";
import { graceMsOf, type ContainerView, type PodView, type Verdict } from "./pod-view.ts";
import { RestartBackoff } from "./restart-backoff.ts";
import { StartFailures } from "./start-failures.ts";

/** A pod is looked at this often even if nothing happens. */
export const RESYNC_MS = 60_000;
/** ConfigMaps and Secrets in volumes are brought up to date this often. */
export const VOLUME_REFRESH_MS = 15_000;
/** First and longest delay after a look or an operation failed. */
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

type Activity =
  | { readonly kind: "starting"; readonly abort: () => void }
  | { readonly kind: "stopping"; readonly stop: ContainerStop };

export class PodWorker {
  readonly uid: string;
  readonly #deps: PodDeps;
  readonly #backoff = new RestartBackoff();
  readonly #failures = new StartFailures();
  readonly #probes: PodProbes;
  readonly #lastWords: LastWords;
  readonly #retry: Backoff;
  /** By container name. */
  readonly #activities = new Map<string, Activity>();
  /** Ends of containers whose back-off was told in an event. */
  readonly #toldBackoffs = new Set<ContainerId>();
  readonly #startTime: string;
  #pod: Pod;
  #isGone = false;
  #endDeadlineMs: number | undefined;
  #verdict: Verdict | undefined;
  #status: PodStatus | undefined;
  #isSandboxBusy = false;
  #sandboxStartAtMs = 0;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> = Promise.resolve();
  #hasVolumes = true;
  #isDirty = false;
  #rouse: (() => void) | undefined;

  constructor(pod: Pod, deps: PodDeps) {
    this.uid = pod.metadata.uid ?? "";
    this.#pod = pod;
    this.#deps = deps;
    this.#startTime = apiTime(deps.env.clock.now());
    this.#lastWords = new LastWords(deps.logs);
    this.#retry = new Backoff(
      {
        initialMs: RETRY_MS_MIN,
        maxMs: RETRY_MS_MAX,
        factor: 2,
        jitter: 0.1,
        resetMs: 2 * RETRY_MS_MAX,
      },
      deps.env,
    );
    this.#probes = new PodProbes(
      {
        onChange: () => this.wake(),
        onFailure: ({ container }, kind, output) => {
          if (this.#endDeadlineMs !== undefined || this.#activities.has(container.name)) return;
          const title = `${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}`;
          const text = `${title} probe failed: ${output}`;
          deps.recorder.warning(this.#pod, POD_GVK, "Unhealthy", text);
        },
      },
      deps,
    );
  }

  /** A newer state of the API object. */
  update(pod: Pod): void {
    this.#pod = pod;
    this.wake();
  }

  /** The API object is no more: whatever of it runs here must go. */
  gone(): void {
    this.#isGone = true;
    this.wake();
  }

  /** Something happened to the pod. */
  wake(): void {
    this.#isDirty = true;
    this.#rouse?.();
  }

  /** Settles when the pod is gone from this node, or when the signal aborts. */
  async run(context: Context): Promise<void> {
    const tasks = new TaskGroup(context.signal);
    const own = withSignal(context, tasks.signal);
    try {
      for (;;) {
        this.#isDirty = false;
        const next = await this.#lookSafely(tasks, own);
        if (next === "over") return;
        await this.#sleepUntil(next, own.signal);
      }
    } catch (error) {
      if (!context.signal.aborted) throw error;
    } finally {
      tasks.abort();
      await this.#probes.keepOnly(new Set());
      await tasks.join();
    }
  }

  async #lookSafely(tasks: TaskGroup, context: Context): Promise<number | "over"> {
    try {
      const next = await this.#look(tasks, context);
      this.#retry.reset();
      return next;
    } catch (error) {
      context.signal.throwIfAborted();
      const delayMs = this.#retry.next();
      context.log.error("a look at a pod failed and is tried again", { error, delayMs });
      return this.#deps.env.clock.now() + delayMs;
    }
  }

  /** One turn of the loop. Answers when to look again, at the latest. */
  async #look(tasks: TaskGroup, context: Context): Promise<number | "over"> {
    const observed = await observePod(this.uid, this.#deps, context);
    this.#judge();
    const view = await this.#view(observed, context);
    await this.#forgetEnded(observed);
    const plan = planPod(view);
    for (const action of plan.actions) this.#act(action, view, observed, tasks, context);
    this.#tellBackoffs(view);
    this.#report(view, observed);
    if (plan.outcome === "ended") {
      await this.#refreshing;
      await removePod({ pod: this.#pod, isGone: () => this.#isGone }, this.#deps, context);
      return "over";
    }
    if (plan.outcome === "finished") await this.#releaseVolumes();
    else if (view.intent.kind === "run") this.#refreshVolumes(view, tasks, context);
    return this.#nextLookMs(view, plan.wakeAtMs);
  }

  /** Decides from the object and the time whether the pod must end. */
  #judge(): void {
    const nowMs = this.#deps.env.clock.now();
    const { metadata, spec, status } = this.#pod;
    if (this.#isGone || isTerminating(this.#pod)) {
      const seconds = this.#isGone ? undefined : metadata.deletionGracePeriodSeconds;
      const graceMs = seconds === undefined ? graceMsOf(this.#pod) : seconds * 1000;
      this.#endDeadlineMs = Math.min(this.#endDeadlineMs ?? Infinity, nowMs + graceMs);
    }
    if (isTerminal(status.phase)) {
      this.#verdict ??= { reason: status.reason ?? "", message: status.message ?? "" };
    } else if (spec.activeDeadlineSeconds !== undefined && this.#deadlineMs() <= nowMs) {
      this.#verdict ??= {
        reason: "DeadlineExceeded",
        message: "Pod was active on the node longer than the specified deadline",
      };
    }
    this.#hasten();
  }

  #deadlineMs(): number {
    const startMs = parseApiTime(this.#pod.status.startTime ?? this.#startTime);
    return startMs + (this.#pod.spec.activeDeadlineSeconds ?? Infinity) * 1000;
  }

  /** Lets work under way know that the pod ends. */
  #hasten(): void {
    const deadlineMs = this.#endDeadlineMs;
    if (deadlineMs === undefined && this.#verdict === undefined) return;
    for (const activity of this.#activities.values()) {
      if (activity.kind === "starting") activity.abort();
      else if (deadlineMs !== undefined) activity.stop.shorten(deadlineMs);
    }
  }

  async #view(observed: Observed, context: Context): Promise<PodView> {
    const memory: PodMemory = {
      backoff: this.#backoff,
      failures: this.#failures,
      probes: this.#probes,
      lastWords: this.#lastWords,
      activityOf: (name) => this.#activities.get(name)?.kind ?? "none",
    };
    const deadlineMs = this.#endDeadlineMs;
    return {
      pod: this.#pod,
      nowMs: this.#deps.env.clock.now(),
      intent: deadlineMs === undefined ? { kind: "run" } : { kind: "end", deadlineMs },
      verdict: this.#verdict,
      sandbox: observed.sandbox,
      sandboxActivity: this.#isSandboxBusy ? "starting" : "none",
      sandboxStartAtMs: this.#sandboxStartAtMs,
      containers: await containerViews(this.#pod, observed, memory, this.#deps, context),
    };
  }

  async #forgetEnded(observed: Observed): Promise<void> {
    const running = observed.containers.filter((one) => one.state.kind === "running");
    await this.#probes.keepOnly(new Set(running.map((one) => one.id)));
    const all = new Set(observed.containers.map((one) => one.id));
    this.#lastWords.keepOnly(all);
    for (const id of this.#toldBackoffs) if (!all.has(id)) this.#toldBackoffs.delete(id);
  }

  #act(
    action: PodAction,
    view: PodView,
    observed: Observed,
    tasks: TaskGroup,
    context: Context,
  ): void {
    switch (action.kind) {
      case "run-sandbox":
        this.#inSandbox(tasks, context, () => this.#runSandbox(action.attempt, context));
        return;
      case "stop-sandbox":
        this.#inSandbox(tasks, context, async () => {
          const { sandbox } = observed;
          if (sandbox !== undefined) await this.#deps.runtime.stopSandbox(sandbox.id, context);
        });
        return;
      case "start":
        this.#start(action, view, observed, tasks, context);
        return;
      case "stop":
        this.#stop(action, view, tasks, context);
        return;
    }
  }

  #inSandbox(tasks: TaskGroup, context: Context, work: () => Promise<void>): void {
    this.#isSandboxBusy = true;
    tasks.spawn(async () => {
      try {
        await work();
      } catch (error) {
        context.signal.throwIfAborted();
        const message = error instanceof Error ? error.message : String(error);
        this.#deps.recorder.warning(this.#pod, POD_GVK, "FailedCreatePodSandBox", message);
        this.#sandboxStartAtMs = this.#deps.env.clock.now() + this.#retry.next();
        await this.#deps.env.timers.sleep(RETRY_MS_MIN, context.signal);
      } finally {
        this.#isSandboxBusy = false;
        this.wake();
      }
    });
  }

  async #runSandbox(attempt: number, context: Context): Promise<void> {
    const { name = "", namespace = "" } = this.#pod.metadata;
    const config = {
      pod: { namespace, name, uid: this.uid },
      attempt,
      hostname: hostnameOf(this.#pod),
      logDirectory: `${this.#deps.node.logRoot}/${namespace}_${name}_${this.uid}`,
      labels: podLabels(this.#pod),
    };
    await this.#deps.runtime.runSandbox(config, context);
  }

  #start(
    action: Extract<PodAction, { readonly kind: "start" }>,
    view: PodView,
    observed: Observed,
    tasks: TaskGroup,
    context: Context,
  ): void {
    const container = view.containers.find((one) => one.spec.name === action.container);
    const { sandbox } = observed;
    if (container === undefined || sandbox === undefined) return;
    const child = childSignal(tasks.signal);
    this.#activities.set(action.container, { kind: "starting", abort: () => child.abort() });
    tasks.spawn(async () => {
      try {
        const own = withSignal(context, child.signal);
        await this.#startNow(container, action.attempt, sandbox, observed, own);
      } catch (error) {
        if (!child.signal.aborted) await this.#operationFailed(error, context);
      } finally {
        child.release();
        this.#activities.delete(action.container);
        this.wake();
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
    const { name, image = "" } = view.spec;
    const same = observed.containers.filter((one) => one.name === name);
    const leftovers = same.filter((one) => one.state.kind === "created").map((one) => one.id);
    const pod = this.#pod;
    const request = { pod, container: view.spec, attempt, sandbox, leftovers };
    const outcome = await startContainer(request, this.#deps, context);
    const nowMs = this.#deps.env.clock.now();
    const hasRun = outcome.kind === "started" || outcome.retry === "restart";
    if (hasRun && view.latest?.state.kind === "exited") {
      this.#backoff.tried(name, view.latest.state.finishedAtMs, nowMs);
    }
    if (outcome.kind === "failed") {
      this.#failures.failed({ name, image }, outcome.failure, outcome.retry, nowMs);
      return;
    }
    this.#failures.started(name);
    await this.#postStart(view, outcome.id, sandbox.ip, context);
    await this.#removeOld(
      same.filter((one) => one.attempt < attempt - 1),
      context,
    );
  }

  async #postStart(
    view: ContainerView,
    id: ContainerId,
    podIp: string,
    context: Context,
  ): Promise<void> {
    const hook = view.spec.lifecycle?.postStart;
    if (hook === undefined) return;
    const { spec: container } = view;
    const pod = this.#pod;
    const target = { pod, container, containerId: id, podIp };
    const outcome = await callHandler(hook, target, HOOK_TIMEOUT_MS, this.#deps, context);
    if (outcome.kind === "success") return;
    const message = `PostStartHook failed: ${outcome.output}`;
    this.#deps.recorder.warning(pod, POD_GVK, "FailedPostStartHook", message);
    const nowMs = this.#deps.env.clock.now();
    const failed = { name: container.name, image: container.image ?? "" };
    const waiting = { reason: "PostStartHookError", message };
    this.#failures.failed(failed, waiting, "restart", nowMs);
    const deadlineMs = nowMs + graceMsOf(pod);
    const stop = new ContainerStop({ pod, container, id, podIp, deadlineMs }, this.#deps);
    await stop.run(context);
  }

  /** Of each container the one before the present is kept, for its log; earlier ones go. */
  async #removeOld(old: Observed["containers"], context: Context): Promise<void> {
    for (const container of old) {
      await this.#deps.runtime.removeContainer(container.id, context);
      await this.#deps.logs.removeLog(container.logFile);
    }
  }

  #stop(
    action: Extract<PodAction, { readonly kind: "stop" }>,
    view: PodView,
    tasks: TaskGroup,
    context: Context,
  ): void {
    const found = view.containers.find((one) => one.spec.name === action.container);
    if (found?.latest === undefined) return;
    const pod = this.#pod;
    const { spec: container, latest } = found;
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
        await this.#operationFailed(error, context);
      } finally {
        this.#activities.delete(container.name);
        this.wake();
      }
    });
  }

  /** The operation is tried again by the next look, after a while. */
  async #operationFailed(error: unknown, context: Context): Promise<void> {
    context.signal.throwIfAborted();
    const delayMs = this.#retry.next();
    context.log.error("an operation on a container failed and is tried again", { error, delayMs });
    await this.#deps.env.timers.sleep(delayMs, context.signal);
  }

  #tellBackoffs(view: PodView): void {
    for (const { spec, latest, startAtMs } of view.containers) {
      if (latest?.state.kind !== "exited" || startAtMs <= view.nowMs) continue;
      if (view.intent.kind === "end" || this.#toldBackoffs.has(latest.id)) continue;
      this.#toldBackoffs.add(latest.id);
      const { name, namespace } = this.#pod.metadata;
      const pod = `${name}_${namespace}(${this.uid})`;
      const text = `Back-off restarting failed container ${spec.name} in pod ${pod}`;
      this.#deps.recorder.warning(this.#pod, POD_GVK, "BackOff", text);
    }
  }

  #report(view: PodView, observed: Observed): void {
    const isUnknown = observed.sandbox === undefined && observed.containers.length === 0;
    const isEnding = view.intent.kind === "end" || isTerminal(this.#pod.status.phase);
    // Where nothing is left to look at, what the API has is better than what could be guessed.
    if (this.#isGone || (isUnknown && isEnding)) return;
    const { name: runtimeName } = this.#deps.runtime.version();
    const facts = { hostIp: this.#deps.node.hostIp, runtimeName, startTime: this.#startTime };
    this.#status = podStatus(view, this.#baseStatus(), facts);
    this.#deps.status.set(this.#pod, this.#status);
  }

  /** The API's status, with this agent's own conditions as it last computed them. */
  #baseStatus(): PodStatus {
    const shown = this.#pod.status;
    if (this.#status === undefined) return shown;
    const isOwn = ({ type }: { readonly type: string }): boolean => AGENT_CONDITIONS.includes(type);
    const own = (this.#status.conditions ?? []).filter(isOwn);
    const others = (shown.conditions ?? []).filter((condition) => !isOwn(condition));
    const phase = this.#status.phase ?? shown.phase;
    return {
      ...shown,
      ...(phase === undefined ? {} : { phase }),
      ...(this.#status.startTime === undefined ? {} : { startTime: this.#status.startTime }),
      conditions: [...own, ...others],
    };
  }

  async #releaseVolumes(): Promise<void> {
    if (!this.#hasVolumes) return;
    await this.#refreshing;
    await this.#deps.volumes.remove(this.uid);
    this.#hasVolumes = false;
  }

  #refreshVolumes(view: PodView, tasks: TaskGroup, context: Context): void {
    const { nowMs } = view;
    const isDue = nowMs - this.#refreshedAtMs >= VOLUME_REFRESH_MS;
    const isMounted = view.containers.some((one) => one.latest?.state.kind === "running");
    if (!isDue || !isMounted || !hasLiveVolumes(this.#pod)) return;
    this.#refreshedAtMs = nowMs;
    const refresh = async (): Promise<void> => {
      try {
        const envDeps = envDepsOf(view.sandbox?.ip ?? "", this.#deps);
        const contents = await volumeContents(this.#pod, envDeps, context);
        await this.#deps.volumes.prepare(this.uid, contents);
      } catch (error) {
        if (context.signal.aborted) return;
        // Running containers keep the last content; the next refresh tries again.
        context.log.warn("volumes could not be refreshed", { error });
      }
    };
    tasks.spawn(() => {
      this.#refreshing = refresh();
      return this.#refreshing;
    });
  }

  #nextLookMs(view: PodView, planWakeMs: number | undefined): number {
    const { nowMs } = view;
    const periodMs = hasLiveVolumes(this.#pod) ? VOLUME_REFRESH_MS : RESYNC_MS;
    const times = [nowMs + periodMs, planWakeMs, this.#deadlineMs()];
    for (const { spec } of view.containers)
      times.push(this.#failures.changesAtMs(spec.name, nowMs));
    return Math.min(...times.filter((time) => time !== undefined && time > nowMs).map(Number));
  }

  async #sleepUntil(wallMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isDirty) return;
    let onAbort: (() => void) | undefined;
    await new Promise<void>((resolve, reject) => {
      const delayMs = Math.max(0, wallMs - this.#deps.env.clock.now());
      const timer = this.#deps.env.timers.after(delayMs, resolve);
      const end = (settle: () => void) => (): void => {
        timer.cancel();
        settle();
      };
      this.#rouse = end(resolve);
      onAbort = end(() => reject(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
    }).finally(() => {
      this.#rouse = undefined;
      if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
    });
  }
}

/** A postStart hook that takes longer has failed. */
const HOOK_TIMEOUT_MS = 600_000;
