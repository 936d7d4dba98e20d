/**
 * The controllers of a cluster that let claims and volumes go, as a part of the environment: the
 * server gives each of them a finalizer, which is taken away when it is deleted and nobody uses it.
 */
import { type Context, rootContext } from "../../base/context.ts";
import { PersistentVolume, PersistentVolumeClaim, Pod } from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { RestClient } from "../../client/rest-client.ts";
import { usesClaim } from "../../controllers/storage-protection/plan.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Write } from "../oracles/oracle.ts";
import type { CollectorDeps } from "./collector.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";
const CONCERNED: readonly string[] = ["persistentvolumeclaims", "persistentvolumes", "pods"];
const DELAY_MS = 1_000;

export class SimVolumeProtection {
  readonly #deps: CollectorDeps;
  readonly #client: RestClient;
  readonly #context: Context;
  #isDue = false;

  constructor(deps: CollectorDeps) {
    const { env, transport, actor } = deps;
    this.#deps = deps;
    this.#client = new RestClient({ transport, env }, { fieldManager: actor.name });
    this.#context = rootContext(env, new AbortController().signal);
  }

  /** A write; it looks a moment later whether something may go, if that concerns it. */
  see({ resource }: Pick<Write, "resource">): void {
    if (CONCERNED.includes(resource) && this.#free.length > 0) this.#look();
  }

  #look(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { kernel, actor } = this.#deps;
    kernel.post(actor, "", DELAY_MS, () => {
      this.#isDue = false;
      void this.#release();
    });
  }

  /** What is deleted, held by this finalizer, and used by nobody. */
  get #free(): readonly Held[] {
    const { state } = this.#deps;
    const claims = state.list(PersistentVolumeClaim).filter((claim) => {
      if (!isHeld(claim, CLAIM_FINALIZER)) return false;
      return !state.list(Pod, claim.metadata.namespace).some((pod) => usesClaim(pod, claim));
    });
    const volumes = state.list(PersistentVolume).filter((volume) => {
      return isHeld(volume, VOLUME_FINALIZER) && volume.status?.phase !== "Bound";
    });
    return [
      ...claims.map((object) => {
        return { type: PersistentVolumeClaim, object, finalizer: CLAIM_FINALIZER };
      }),
      ...volumes.map((object) => {
        return { type: PersistentVolume, object, finalizer: VOLUME_FINALIZER };
      }),
    ];
  }

  async #release(): Promise<void> {
    for (const { type, object, finalizer } of this.#free) {
      const { resourceVersion, finalizers = [] } = object.metadata;
      const left = finalizers.filter((each) => each !== finalizer);
      const patch = { metadata: { resourceVersion, finalizers: left } };
      try {
        await this.#client.patch(type, keyOf(object), { kind: "merge", patch }, this.#context);
      } catch (error) {
        if (isStatus(error, "NotFound")) continue;
        if (isStatus(error, "Conflict")) this.#look();
        else this.#deps.env.log.error("the simulated protection of volumes has failed", { error });
      }
    }
  }
}

type Held = {
  readonly type: ResourceType;
  readonly object: ApiObject;
  readonly finalizer: string;
};

function isHeld({ metadata }: ApiObject, finalizer: string): boolean {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  return isDeleted && (metadata.finalizers ?? []).includes(finalizer);
}
