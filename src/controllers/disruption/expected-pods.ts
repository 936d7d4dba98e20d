/**
 * How many pods there should be, as those who make them say: each maker counts once, with the
 * replicas it wants, however many of its pods there are now.
 */
import type { Context } from "../../base/context.ts";
import { Deployment, ReplicaSet, type Pod } from "../../client/builtin.ts";
import type { ReadScale } from "../../client/scales.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Lister } from "../../informer/lister.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { OwnerReference, Uid } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";

/** A maker of pods and how many it wants. */
export type Maker = { readonly uid: Uid; readonly replicas: number };

export type ExpectedPods = {
  readonly count: number;
  /** Names of pods nobody makes: they are not counted. */
  readonly unmanaged: readonly string[];
};

/** The makers of a pod cannot be asked; the message is for people. */
export class UnknownScaleError extends Error {
  override readonly name = "UnknownScaleError";
}

export class Makers {
  readonly #sets: Lister<ReplicaSet>;
  readonly #deployments: Lister<Deployment>;
  readonly #readScale: ReadScale;

  constructor(informers: Informers, readScale: ReadScale) {
    this.#sets = informers.for(ReplicaSet).lister;
    this.#deployments = informers.for(Deployment).lister;
    this.#readScale = readScale;
  }

  /** Throws when a maker cannot be found or asked. */
  async expected(pods: readonly Pod[], context: Context): Promise<ExpectedPods> {
    const replicas = new Map<Uid, number>();
    const asked = new Set<Uid>();
    const unmanaged: string[] = [];
    for (const pod of pods) {
      const { namespace = "", name = "" } = pod.metadata;
      const reference = controllerOf(pod);
      if (reference === undefined) unmanaged.push(name);
      if (reference === undefined || asked.has(reference.uid)) continue;
      asked.add(reference.uid);
      const maker = await this.#makerOf(reference, namespace, context);
      if (maker === undefined) {
        throw new UnknownScaleError(`found no controllers for pod ${JSON.stringify(name)}`);
      }
      replicas.set(maker.uid, maker.replicas);
    }
    return { count: [...replicas.values()].reduce((sum, each) => sum + each, 0), unmanaged };
  }

  #makerOf(
    reference: OwnerReference,
    namespace: string,
    context: Context,
  ): Promise<Maker | undefined> | Maker | undefined {
    if (isOfKind(reference, ReplicaSet)) return this.#ofSet(reference, namespace);
    return this.#readScale(reference, namespace, context);
  }

  /** The Deployment above a set counts in its place: during a rollout it has several. */
  #ofSet({ name, uid }: OwnerReference, namespace: string): Maker | undefined {
    const set = this.#sets.get({ namespace, name });
    if (set === undefined || set.metadata.uid !== uid) return undefined;
    const above = controllerOf(set);
    if (above === undefined || !isOfKind(above, Deployment)) {
      return { uid, replicas: set.spec.replicas ?? 1 };
    }
    const deployment = this.#deployments.get({ namespace, name: above.name });
    if (deployment?.metadata.uid !== above.uid) return undefined;
    return { uid: above.uid, replicas: deployment.spec.replicas ?? 1 };
  }
}

function isOfKind(
  { apiVersion, kind }: OwnerReference,
  type: { readonly group: string; readonly kind: string },
): boolean {
  return kind === type.kind && parseApiVersion(apiVersion)?.group === type.group;
}
