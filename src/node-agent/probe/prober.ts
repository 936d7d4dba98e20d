/**
 * Probes of one running container. Every probe has its own rhythm; the startup probe holds the
 * others back until it has succeeded. Results are kept here and read by the lifecycle engine; a
 * change calls `onChange`.
 *
 * A container without a probe counts as started, alive and ready. Before the first result it is
 * alive but neither started (if it has a startup probe) nor ready (if it has a readiness probe),
 * unless the API remembers otherwise from before a restart of the agent.
 *
 * One thing is kinder than upstream: a program needs a moment before it listens, so in the first
 * two seconds of a container a network probe that fails is tried again soon, told to nobody and not
 * counted. Containers get ready sooner, and their events tell of real trouble only.
 */
import type { Probe } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { TaskGroup } from "../../base/task-group.ts";
import {
  callHandler,
  type HandlerDeps,
  type HandlerOutcome,
  type HandlerTarget,
} from "./handler.ts";

export type ProbeKind = "startup" | "liveness" | "readiness";

/** What the probes have found. */
export type ProbeState = {
  readonly isStarted: boolean;
  readonly isReady: boolean;
  /** The liveness or startup probe has failed for good: the container must go. */
  readonly condemnedBy: "startup" | "liveness" | undefined;
};

export type ProberOptions = {
  readonly target: HandlerTarget;
  readonly startedAtMs: number;
  /** What the API's status says of this very container, if it does. */
  readonly remembered: { readonly isStarted: boolean; readonly isReady: boolean } | undefined;
  readonly onChange: () => void;
  /** A probe failed once; `kind` and output are for an event. */
  readonly onFailure: (kind: ProbeKind, output: string) => void;
};

/** How long a container may not be listening yet, and how often it is asked meanwhile. */
export const STARTING_MS = 2_000;
const STARTING_PERIOD_MS = 200;

/** Upstream's defaults, for objects that came without them. */
const DEFAULTS = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };

export class Prober {
  readonly #options: ProberOptions;
  readonly #deps: HandlerDeps;
  #state: ProbeState;

  constructor(options: ProberOptions, deps: HandlerDeps) {
    const { container } = options.target;
    this.#options = options;
    this.#deps = deps;
    const isStarted =
      container.startupProbe === undefined || (options.remembered?.isStarted ?? false);
    this.#state = {
      isStarted,
      isReady:
        isStarted &&
        (container.readinessProbe === undefined || (options.remembered?.isReady ?? false)),
      condemnedBy: undefined,
    };
  }

  get state(): ProbeState {
    return this.#state;
  }

  /** Starts the probes; they end with the group. */
  start(tasks: TaskGroup, context: Context): void {
    const { container } = this.#options.target;
    tasks.spawn(async (signal) => {
      const own = { ...context, signal };
      if (container.startupProbe !== undefined && !this.#state.isStarted) {
        await this.#untilStarted(container.startupProbe, own);
        if (this.#state.condemnedBy !== undefined) return;
      }
      const { livenessProbe, readinessProbe } = container;
      const loops: Promise<void>[] = [];
      if (livenessProbe !== undefined) loops.push(this.#watch("liveness", livenessProbe, own));
      if (readinessProbe !== undefined) loops.push(this.#watch("readiness", readinessProbe, own));
      await Promise.all(loops);
    });
  }

  async #untilStarted(probe: Probe, context: Context): Promise<void> {
    await this.#watch("startup", probe, context);
    const hasReadiness = this.#options.target.container.readinessProbe !== undefined;
    if (this.#state.isStarted && !hasReadiness) this.#set({ isReady: true });
  }

  /** Probes in rhythm until the container is condemned or, for a startup probe, has started. */
  async #watch(kind: ProbeKind, probe: Probe, context: Context): Promise<void> {
    const periodMs = secondsOf(probe.periodSeconds, DEFAULTS.periodSeconds) * 1000;
    const counter = new ResultCounter();
    await this.#waitInitialDelay(probe, context);
    for (;;) {
      const outcome = await this.#probe(probe, context);
      if (outcome.kind === "failure" && this.#isStarting(probe, counter)) {
        await this.#deps.env.timers.sleep(STARTING_PERIOD_MS, context.signal);
        continue;
      }
      if (outcome.kind === "failure") this.#options.onFailure(kind, outcome.output);
      const verdict = counter.count(outcome.kind, probe);
      if (verdict !== undefined) this.#apply(kind, verdict);
      if (this.#state.condemnedBy !== undefined) return;
      if (kind === "startup" && this.#state.isStarted) return;
      await this.#deps.env.timers.sleep(periodMs, context.signal);
    }
  }

  async #waitInitialDelay(probe: Probe, context: Context): Promise<void> {
    const { clock, timers } = this.#deps.env;
    const dueMs = this.#options.startedAtMs + (probe.initialDelaySeconds ?? 0) * 1000;
    const delayMs = Math.min(dueMs - clock.now(), (probe.initialDelaySeconds ?? 0) * 1000);
    if (delayMs > 0) await timers.sleep(delayMs, context.signal);
  }

  /** Whether a first failure may only mean that the program does not listen yet. */
  #isStarting(probe: Probe, counter: ResultCounter): boolean {
    const isNetwork = probe.httpGet !== undefined || probe.tcpSocket !== undefined;
    const ageMs = this.#deps.env.clock.now() - this.#options.startedAtMs;
    return isNetwork && !counter.hasCounted && ageMs < STARTING_MS;
  }

  #probe(probe: Probe, context: Context): Promise<HandlerOutcome> {
    const timeoutMs = secondsOf(probe.timeoutSeconds, DEFAULTS.timeoutSeconds) * 1000;
    return callHandler(probe, this.#options.target, timeoutMs, this.#deps, context);
  }

  #apply(kind: ProbeKind, verdict: HandlerOutcome["kind"]): void {
    const isGood = verdict === "success";
    if (kind === "readiness") this.#set({ isReady: isGood });
    else if (!isGood) this.#set({ condemnedBy: kind, isReady: false });
    else if (kind === "startup") this.#set({ isStarted: true });
  }

  #set(change: Partial<ProbeState>): void {
    const next = { ...this.#state, ...change };
    const isSame =
      next.isStarted === this.#state.isStarted &&
      next.isReady === this.#state.isReady &&
      next.condemnedBy === this.#state.condemnedBy;
    this.#state = next;
    if (!isSame) this.#options.onChange();
  }
}

/** Counts results in a row, and tells when a threshold is reached. */
class ResultCounter {
  #last: HandlerOutcome["kind"] | undefined;
  #run = 0;

  get hasCounted(): boolean {
    return this.#last !== undefined;
  }

  count(kind: HandlerOutcome["kind"], probe: Probe): HandlerOutcome["kind"] | undefined {
    this.#run = kind === this.#last ? this.#run + 1 : 1;
    this.#last = kind;
    const threshold =
      kind === "success"
        ? secondsOf(probe.successThreshold, DEFAULTS.successThreshold)
        : secondsOf(probe.failureThreshold, DEFAULTS.failureThreshold);
    return this.#run >= threshold ? kind : undefined;
  }
}

/** A field that must be at least 1, or its default. */
function secondsOf(given: number | undefined, otherwise: number): number {
  return given === undefined || given < 1 ? otherwise : given;
}
