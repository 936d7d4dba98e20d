/** Keys from the objects of all kinds that are followed, as the kinds come and go. */
import { childSignal, type ChildSignal } from "../../base/signals.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Source } from "./source.ts";
import { watchSource } from "./sources.ts";

/** As `watchSource`, of every kind; `map` is told the kind as well. */
export function kindsSource(
  kinds: KindInformers,
  map: (
    object: ApiObject,
    event: InformerEvent<ApiObject>,
    type: ResourceType,
  ) => readonly ObjectKey[],
  name = "all kinds",
): Source {
  return {
    name,
    start: (enqueue, context) => {
      const lives = new Map<ResourceType, ChildSignal>();
      const end = kinds.listen({
        followed: ({ type, informer }) => {
          const life = childSignal(context.signal);
          lives.set(type, life);
          const source = watchSource(informer, (object, event) => map(object, event, type));
          source.start(enqueue, { ...context, signal: life.signal });
        },
        dropped: ({ type }) => {
          lives.get(type)?.abort();
          lives.get(type)?.release();
          lives.delete(type);
        },
      });
      if (context.signal.aborted) end();
      else context.signal.addEventListener("abort", end, { once: true });
    },
    waitForSync: (signal) => kinds.waitForSync(signal),
  };
}
