/** Providers whose clusters are objects of the hub. */
import { assert } from "../../../base/assert.ts";
import type { Context } from "../../../base/context.ts";
import { TaskGroup } from "../../../base/task-group.ts";
import type { ResourceType } from "../../../client/resource-type.ts";
import { createInformers } from "../../../informer/informers.ts";
import type { Scope } from "../../../informer/lister-watcher.ts";
import { keyOf, keyText } from "../../../machinery/key.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Client } from "../../../client/client.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";

export type TellingViewOptions<T extends ApiObject> = {
  readonly name: string;
  readonly type: ResourceType<T>;
  readonly scope: Scope;
  /** What an object says; undefined: it is none. Throws if it cannot be understood. */
  readonly clusterOf: (
    object: T,
    hub: Client,
  ) => Promise<Cluster | undefined> | Cluster | undefined;
};

type Known = {
  readonly resourceVersion: string | undefined;
  readonly cluster: Cluster | undefined;
};

/**
 * A cluster for each object of a view. One that has become nonsense stays the cluster that it was,
 * as long as the object is there.
 */
export function tellingViews<T extends ApiObject>(options: TellingViewOptions<T>): ClusterProvider {
  const { name, type, scope, clusterOf } = options;
  return {
    name,
    needsHub: true,
    run: async (tell, { hub, env }, context) => {
      assert(hub !== undefined, "a provider that needs a hub has one");
      const informers = createInformers({ client: hub, env }, { scopeOf: () => scope });
      const informer = informers.for(type);
      const group = new TaskGroup(context.signal);
      const bell = new Bell();
      const registration = informer.addListener(() => bell.ring());
      group.spawn((signal) => informers.run({ ...context, signal }));
      group.spawn(async (signal) => {
        await informer.waitForSync(signal);
        let known = new Map<string, Known>();
        while (!signal.aborted) {
          known = await readAll(informer.lister.list(), known, {
            context,
            clusterOf: (object: T) => clusterOf(object, hub),
          });
          tell([...known.values()].flatMap(({ cluster }) => cluster ?? []));
          await bell.rung(signal);
        }
      });
      try {
        await group.join();
      } finally {
        registration.remove();
      }
    },
  };
}

async function readAll<T extends ApiObject>(
  objects: readonly T[],
  before: ReadonlyMap<string, Known>,
  deps: {
    readonly context: Context;
    readonly clusterOf: (object: T) => Promise<Cluster | undefined> | Cluster | undefined;
  },
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  for (const object of objects) {
    const key = keyText(keyOf(object));
    const { resourceVersion } = object.metadata;
    const last = before.get(key);
    if (last !== undefined && last.resourceVersion === resourceVersion) {
      known.set(key, last);
      continue;
    }
    try {
      known.set(key, { resourceVersion, cluster: await deps.clusterOf(object) });
    } catch (error) {
      const message = "an object does not say how its cluster is reached; what it said holds";
      deps.context.log.warn(message, { object: key, error });
      known.set(key, { resourceVersion, cluster: last?.cluster });
    }
  }
  return known;
}

/** Wakes one who waits; rung while nobody waits, it wakes the next at once. */
class Bell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async rung(signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    this.#wake = undefined;
    this.#isRung = false;
  }
}
