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
import { TaskGroup } from "../../base/task-group.ts";
import type { Pod } from "../../client/builtin.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { PodProbes } from "../probe/pod-probes.ts";
import type { ContainerId } from "../runtime/runtime.ts";
import { AGENT_CONDITIONS, podStatus } from "../status/pod-status.ts";
import { hasLiveVolumes } from "../volume/volume-content.ts";
import { LastWords } from "./last-words.ts";
import { planPod } from "./plan.ts";
import { POD_GVK, type PodDeps } from "./pod-deps.ts";
import { containerViews, observePod, type Observed, type PodMemory } from "./pod-observer.ts";
import { PodOperations } from "./pod-operations.ts";
import { removePod } from "./pod-removal.ts";
import { countedEndMs, graceMsOf, isRestarted } from "./pod-view.ts";
import type { PodView, Verdict } from "./pod-view.ts";
import { RestartBackoff } from "./restart-backoff.ts";
import { StartFailures } from "./start-failures.ts";
import { VOLUME_REFRESH_MS, VolumeRefresh } from "./volume-refresh.ts";
import { Wakeup } from "./wakeup.ts";

/** A pod is looked at this often even if nothing happens. */
export const RESYNC_MS = 60_000;
/** First and longest delay after a look or an operation failed. */
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

export class PodWorker {
  readonly uid: string;
  readonly #deps: PodDeps;
  readonly #backoff = new RestartBackoff();
  readonly #failures = new StartFailures();
  readonly #probes: PodProbes;
  readonly #lastWords: LastWords;
  readonly #retry: Backoff;
  readonly #operations: PodOperations;
  readonly #volumes: VolumeRefresh;
  readonly #wakeup: Wakeup;
  /** Ends of containers whose back-off was told in an event. */
  readonly #toldBackoffs = new Set<ContainerId>();
  readonly #startTime: string;
  #pod: Pod;
  #isGone = false;
  #endDeadlineMs: number | undefined;
  #verdict: Verdict | undefined;
  #status: PodStatus | undefined;

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
    this.#wakeup = new Wakeup(deps.env);
    this.#volumes = new VolumeRefresh(this.uid, deps);
    const wake = (): void => this.wake();
    this.#operations = new PodOperations(
      {
        pod: () => this.#pod,
        backoff: this.#backoff,
        failures: this.#failures,
        retry: this.#retry,
        wake,
      },
      deps,
    );
    this.#probes = new PodProbes(
      {
        onChange: wake,
        onFailure: ({ container }, kind, output) => {
          const isStopping = this.#operations.activityOf(container.name) === "stopping";
          if (this.#endDeadlineMs !== undefined || isStopping) return;
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
    this.#wakeup.wake();
  }

  /** Settles when the pod is gone from this node, or when the signal aborts. */
  async run(context: Context): Promise<void> {
    const tasks = new TaskGroup(context.signal);
    const own = withSignal(context, tasks.signal);
    try {
      for (;;) {
        this.#wakeup.forget();
        const next = await this.#lookSafely(tasks, own);
        if (next === "over") return;
        await this.#wakeup.sleepUntil(next, own.signal);
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
    for (const action of plan.actions) {
      this.#operations.begin(action, { view, observed, tasks, context });
    }
    this.#tellBackoffs(view);
    this.#report(view, observed);
    if (plan.outcome === "ended") {
      await this.#volumes.release();
      await removePod({ pod: this.#pod, isGone: () => this.#isGone }, this.#deps, context);
      return "over";
    }
    if (plan.outcome === "finished") await this.#volumes.release();
    else if (view.intent.kind === "run") this.#volumes.beginIfDue(view, tasks, context);
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
    if (hasEnded(this.#pod)) {
      this.#verdict ??= { reason: status.reason ?? "", message: status.message ?? "" };
    } else if (spec.activeDeadlineSeconds !== undefined && this.#deadlineMs() <= nowMs) {
      this.#verdict ??= {
        reason: "DeadlineExceeded",
        message: "Pod was active on the node longer than the specified deadline",
      };
    }
    if (this.#endDeadlineMs === undefined && this.#verdict === undefined) return;
    this.#operations.hasten(this.#endDeadlineMs);
  }

  #deadlineMs(): number {
    const startMs = parseApiTime(this.#pod.status.startTime ?? this.#startTime);
    return startMs + (this.#pod.spec.activeDeadlineSeconds ?? Infinity) * 1000;
  }

  async #view(observed: Observed, context: Context): Promise<PodView> {
    const memory: PodMemory = {
      backoff: this.#backoff,
      failures: this.#failures,
      probes: this.#probes,
      lastWords: this.#lastWords,
      activityOf: (name) => this.#operations.activityOf(name),
    };
    const deadlineMs = this.#endDeadlineMs;
    return {
      pod: this.#pod,
      nowMs: this.#deps.env.clock.now(),
      intent: deadlineMs === undefined ? { kind: "run" } : { kind: "end", deadlineMs },
      verdict: this.#verdict,
      sandbox: observed.sandbox,
      sandboxActivity: this.#operations.sandboxActivity,
      sandboxStartAtMs: this.#operations.sandboxStartAtMs,
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

  #tellBackoffs(view: PodView): void {
    for (const container of view.containers) {
      const { spec, latest, startAtMs } = container;
      if (latest?.state.kind !== "exited" || startAtMs <= view.nowMs) continue;
      if (countedEndMs(container, view.sandbox) === undefined) continue;
      if (!isRestarted(container, this.#pod.spec.restartPolicy, latest.state.exitCode)) continue;
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
    const isEnding = view.intent.kind === "end" || hasEnded(this.#pod);
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

  #nextLookMs(view: PodView, planWakeMs: number | undefined): number {
    const { nowMs } = view;
    const periodMs = hasLiveVolumes(this.#pod) ? VOLUME_REFRESH_MS : RESYNC_MS;
    const times = [nowMs + periodMs, planWakeMs, this.#deadlineMs()];
    for (const { spec } of view.containers)
      times.push(this.#failures.changesAtMs(spec.name, nowMs));
    return Math.min(...times.filter((time) => time !== undefined && time > nowMs).map(Number));
  }
}
