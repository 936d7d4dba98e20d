/** Counts what is in the namespace of a quota, and says it in its status. */
import type { Env } from "../../base/env.ts";
import { PersistentVolumeClaim, Pod, ResourceQuota, Service } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import {
  DONE,
  requeueAfter,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import type { Informers } from "../../informer/informers.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { limitsKind, planQuota } from "./plan.ts";

/**
 * A write may have been charged whose object was not to be seen yet: what was changed is counted
 * once more.
 */
const CHECK_MS = 2_000;

export function quotaReconciler(deps: {
  readonly client: Client;
  readonly informers: Informers;
  readonly kinds: KindInformers;
  readonly env: Pick<Env, "clock">;
}): Reconciler {
  const { client, informers, kinds, env } = deps;
  const quotas = informers.for(ResourceQuota).lister;
  // Of these the whole object counts; whoever follows every kind shares these informers.
  informers.for(Pod);
  informers.for(Service);
  informers.for(PersistentVolumeClaim);
  return async (key, context) => {
    const quota = quotas.get(key);
    if (quota === undefined || isTerminating(quota)) return DONE;
    const { namespace } = key;
    const counted = kinds.kinds
      .filter(({ type, informer }) => limitsKind(quota, type) && informer.hasSynced())
      .map(({ type, informer }) => ({ kind: type, objects: informer.lister.list({ namespace }) }));
    const status = planQuota(quota, counted, env.clock.now());
    if (status === quota.status) return DONE;
    try {
      await client.updateStatus(ResourceQuota, { ...quota, status }, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return DONE;
      throw error;
    }
    return requeueAfter(CHECK_MS);
  };
}
