/** Lets controllers look again at everything they have looked at: for who asks what they write. */
import type { ControllerSpec } from "../../controller-runtime/controller/controller-spec.ts";
import type { Enqueue, Source } from "../../controller-runtime/sources/source.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { keyText } from "../../machinery/key.ts";

type Watched = { readonly keys: Map<string, ObjectKey>; enqueue: Enqueue | undefined };

/** Of one life of a process. */
export class Again {
  readonly #controllers: Watched[] = [];

  /** The same controller, whose keys are remembered. */
  watch(spec: ControllerSpec): ControllerSpec {
    const watched: Watched = { keys: new Map(), enqueue: undefined };
    this.#controllers.push(watched);
    const source: Source = {
      name: "the simulation",
      start: (enqueue) => {
        watched.enqueue = enqueue;
      },
      waitForSync: () => Promise.resolve(),
    };
    return {
      ...spec,
      sources: [...spec.sources, source],
      reconcile: (key, context) => {
        watched.keys.set(keyText(key), key);
        return spec.reconcile(key, context);
      },
    };
  }

  /** Every key comes again, as if a resync were due. */
  look(): void {
    for (const { keys, enqueue } of this.#controllers) {
      for (const key of keys.values()) enqueue?.(key, { kind: "resync" });
    }
  }
}
