/**
 * Stopping a container: preStop hook, polite signal, and the end when the grace is over. The hook
 * counts in the grace. The deadline can be brought forward while it goes on.
 */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import { withSignal, type Context } from "../../base/context.ts";
import { childSignal, type ChildSignal } from "../../base/signals.ts";
import { callHandler, type HandlerTarget } from "../probe/handler.ts";
import { RuntimeError, type ContainerId } from "../runtime/runtime.ts";
import { POD_GVK, type PodDeps } from "./pod-deps.ts";

/** What a container still gets after a preStop hook that used up the grace. */
export const GRACE_AFTER_HOOK_MS_MIN = 2_000;

/** Before a failed stop is tried again. */
const STOP_RETRY_MS = 1_000;

export type StopRequest = {
  readonly pod: Pod;
  readonly container: Container;
  readonly id: ContainerId;
  readonly podIp: string;
  readonly deadlineMs: number;
};

export class ContainerStop {
  readonly #request: StopRequest;
  readonly #deps: PodDeps;
  #deadlineMs: number;
  #hurry: ChildSignal | undefined;

  constructor(request: StopRequest, deps: PodDeps) {
    this.#request = request;
    this.#deps = deps;
    this.#deadlineMs = request.deadlineMs;
  }

  /** Ends it by `deadlineMs` if it was to last longer. */
  shorten(deadlineMs: number): void {
    if (deadlineMs >= this.#deadlineMs) return;
    this.#deadlineMs = deadlineMs;
    this.#hurry?.abort(new Error("the grace was shortened"));
  }

  /** Resolves when the container has ended. */
  async run(context: Context): Promise<void> {
    const hasHook = await this.#preStop(context);
    if (hasHook) {
      const leastMs = this.#deps.env.clock.now() + GRACE_AFTER_HOOK_MS_MIN;
      this.#deadlineMs = Math.max(this.#deadlineMs, leastMs);
    }
    for (;;) {
      try {
        if (await this.#stop(context)) return;
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof RuntimeError)) throw error;
        if (error.kind === "not-found") return;
        const { pod, container } = this.#request;
        const text = `error killing container ${container.name}: ${error.message}`;
        this.#deps.recorder.warning(pod, POD_GVK, "FailedKillPod", text);
        await this.#deps.env.timers.sleep(STOP_RETRY_MS, context.signal);
      }
    }
  }

  /** Whether the container ended; false when the deadline moved meanwhile. */
  async #stop(context: Context): Promise<boolean> {
    const graceMs = this.#graceMs();
    return this.#hurried(context, (limited) =>
      this.#deps.runtime.stopContainer(this.#request.id, graceMs, limited),
    );
  }

  /** Whether there was a hook to run. */
  async #preStop(context: Context): Promise<boolean> {
    const { pod, container, id, podIp } = this.#request;
    const hook = container.lifecycle?.preStop;
    const graceMs = this.#graceMs();
    if (hook === undefined || graceMs === 0) return false;
    const target: HandlerTarget = { pod, container, containerId: id, podIp };
    await this.#hurried(context, async (limited) => {
      const { env } = this.#deps;
      const timer = env.timers.after(graceMs, () => this.#hurry?.abort(new Error("no grace left")));
      try {
        const outcome = await callHandler(hook, target, graceMs, this.#deps, limited);
        if (outcome.kind === "success") return;
        const text = `PreStopHook failed: ${outcome.output}`;
        this.#deps.recorder.warning(pod, POD_GVK, "FailedPreStopHook", text);
      } finally {
        timer.cancel();
      }
    });
    return true;
  }

  async #hurried(context: Context, work: (limited: Context) => Promise<void>): Promise<boolean> {
    const hurry = childSignal(context.signal);
    this.#hurry = hurry;
    try {
      await work(withSignal(context, hurry.signal));
      return true;
    } catch (error) {
      if (context.signal.aborted || !hurry.signal.aborted) throw error;
      return false;
    } finally {
      this.#hurry = undefined;
      hurry.release();
    }
  }

  #graceMs(): number {
    return Math.max(0, this.#deadlineMs - this.#deps.env.clock.now());
  }
}
