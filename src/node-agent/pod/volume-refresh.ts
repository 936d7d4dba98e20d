/** Keeps the volumes of a running pod up to date with the objects they are made of. */
import type { Context } from "../../base/context.ts";
import type { TaskGroup } from "../../base/task-group.ts";
import { hasLiveVolumes, volumeContents } from "../volume/volume-content.ts";
import { envDepsOf } from "./container-config.ts";
import type { PodDeps } from "./pod-deps.ts";
import { isRunning, type PodView } from "./pod-view.ts";

/** ConfigMaps and Secrets in volumes are looked at this often. */
export const VOLUME_REFRESH_MS = 15_000;

export class VolumeRefresh {
  readonly #uid: string;
  readonly #deps: PodDeps;
  #atMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #isReleased = false;

  constructor(uid: string, deps: PodDeps) {
    this.#uid = uid;
    this.#deps = deps;
  }

  /** Begins a refresh if one is due and the volumes are in use. */
  beginIfDue(view: PodView, tasks: TaskGroup, context: Context): void {
    const isDue = view.nowMs - this.#atMs >= VOLUME_REFRESH_MS;
    if (!isDue || !hasLiveVolumes(view.pod) || !view.containers.some(isRunning)) return;
    this.#atMs = view.nowMs;
    tasks.spawn(() => {
      this.#running = this.#refresh(view, context);
      return this.#running;
    });
  }

  /** Removes the volumes of a pod that has ended and stays. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    await this.#running;
    await this.#deps.volumes.remove(this.#uid);
    this.#isReleased = true;
  }

  async #refresh(view: PodView, context: Context): Promise<void> {
    try {
      const envDeps = envDepsOf(view.sandbox?.ip ?? "", this.#deps);
      const contents = await volumeContents(view.pod, envDeps, context);
      await this.#deps.volumes.prepare(this.#uid, contents);
    } catch (error) {
      if (context.signal.aborted) return;
      // Running containers keep the last content; the next refresh tries again.
      context.log.warn("volumes could not be refreshed", { error });
    }
  }
}
