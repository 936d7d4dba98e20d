/** The probers of one pod's running containers: one per container, as long as it runs. */
import type { ContainerStatus, Pod } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { ContainerId } from "../runtime/runtime.ts";
import type { HandlerDeps, HandlerTarget } from "./handler.ts";
import { Prober, type ProbeKind, type ProbeState } from "./prober.ts";

type Running = { readonly prober: Prober; readonly tasks: TaskGroup };

export type PodProbesOptions = {
  readonly onChange: () => void;
  readonly onFailure: (target: HandlerTarget, kind: ProbeKind, output: string) => void;
};

export class PodProbes {
  readonly #options: PodProbesOptions;
  readonly #deps: HandlerDeps;
  readonly #running = new Map<ContainerId, Running>();

  constructor(options: PodProbesOptions, deps: HandlerDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** The state of a running container's probes; begins them when asked for the first time. */
  stateOf(target: HandlerTarget, startedAtMs: number, context: Context): ProbeState {
    const known = this.#running.get(target.containerId);
    if (known !== undefined) return known.prober.state;
    const tasks = new TaskGroup(context.signal);
    const prober = new Prober(
      {
        target,
        startedAtMs,
        remembered: rememberedOf(target),
        onChange: this.#options.onChange,
        onFailure: (kind, output) => this.#options.onFailure(target, kind, output),
      },
      this.#deps,
    );
    this.#running.set(target.containerId, { prober, tasks });
    prober.start(tasks, context);
    return prober.state;
  }

  /** Ends the probers of all but these containers. */
  async keepOnly(ids: ReadonlySet<ContainerId>): Promise<void> {
    const ended = [...this.#running].filter(([id]) => !ids.has(id));
    for (const [id, { tasks }] of ended) {
      this.#running.delete(id);
      tasks.abort();
    }
    await Promise.all(ended.map(([, { tasks }]) => tasks.join()));
  }
}

/** What the API's status says of this very container, left there by an earlier agent. */
function rememberedOf(
  target: HandlerTarget,
): { readonly isStarted: boolean; readonly isReady: boolean } | undefined {
  const status = statusesOf(target.pod).find(
    (one) => one.containerID?.endsWith(`://${target.containerId}`) === true,
  );
  if (status?.state?.running === undefined) return undefined;
  return { isStarted: status.started === true, isReady: status.ready };
}

/** The statuses of all containers the API has of a pod. */
export function statusesOf(pod: Pod): readonly ContainerStatus[] {
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = pod.status;
  return [
    ...(initContainerStatuses ?? []),
    ...(containerStatuses ?? []),
    ...(ephemeralContainerStatuses ?? []),
  ];
}
