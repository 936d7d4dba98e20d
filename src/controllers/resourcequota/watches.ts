/**
 * What wakes a quota: itself; what goes from its namespace; pods, services and claims that count
 * for something else than before; a kind it limits that can be counted from now on; and the clock.
 * What comes is charged by the server when it comes.
 */
import { ResourceQuota } from "../../client/builtin.ts";
import { usageOf } from "../../apis/core/v1/quota/usage.ts";
import type { Env } from "../../base/env.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { kindsSource } from "../../controller-runtime/sources/kinds-source.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, periodicSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { equalAmounts, limitsKind } from "./plan.ts";

/** As upstream. */
export const COUNT_AGAIN_MS: number = 5 * 60_000;

/** Kinds of the core group whose objects count for more than being there. */
const MEASURED: ReadonlySet<string> = new Set(["persistentvolumeclaims", "pods", "services"]);

export function quotaSources(deps: {
  readonly informers: Informers;
  readonly kinds: KindInformers;
  readonly env: Pick<Env, "timers" | "clock">;
}): readonly Source[] {
  const quotas = deps.informers.for(ResourceQuota);
  const nowMs = (): number => deps.env.clock.now();
  return [
    ownSource(quotas),
    kindsSource(deps.kinds, ({ metadata }, event, type) => {
      const { namespace = "" } = metadata;
      if (namespace === "") return [];
      const there = quotas.lister.list({ namespace });
      const limiting = there.filter((quota) => limitsKind(quota, type));
      return limiting.length > 0 && givesBack(event, type, nowMs()) ? limiting.map(keyOf) : [];
    }),
    newKindsSource(deps.kinds, (type) => {
      const limiting = quotas.lister.list().filter((quota) => limitsKind(quota, type));
      return limiting.map(keyOf);
    }),
    periodicSource({
      name: "quotas, again and again",
      periodMs: COUNT_AGAIN_MS,
      keys: () => quotas.lister.list().map(keyOf),
      env: deps.env,
    }),
  ];
}

/** The keys of a kind when it can be counted for the first time. */
function newKindsSource(
  kinds: KindInformers,
  keysOf: (type: ResourceType) => readonly ObjectKey[],
): Source {
  return {
    name: "kinds that can be counted",
    start: (enqueue, context) => {
      const { signal } = context;
      const wake = (type: ResourceType): void => {
        for (const key of keysOf(type)) enqueue(key, { kind: "initial" });
      };
      const end = kinds.listen({
        followed: ({ type, informer }) => {
          informer.waitForSync(signal).then(
            () => wake(type),
            () => undefined, // the controller has ended
          );
        },
      });
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    },
    waitForSync: () => Promise.resolve(),
  };
}

function givesBack(event: InformerEvent<ApiObject>, type: ResourceType, nowMs: number): boolean {
  if (event.kind !== "update") return event.kind === "delete";
  if (event.old.metadata.uid !== event.object.metadata.uid) return true;
  if (type.group !== "" || !MEASURED.has(type.resource)) return false;
  return !equalAmounts(usageOf(event.old, type, nowMs), usageOf(event.object, type, nowMs));
}
