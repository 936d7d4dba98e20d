/**
 * Objects with an owner of a kind that nobody knows: nothing can be said about them until kinds
 * come or go. They are remembered by key, so that they are looked at again then.
 */
import type { Source } from "../../controller-runtime/sources/source.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { keyText, parseKey, type ObjectKey } from "../../machinery/key.ts";

export class UnknownOwners {
  readonly #keys = new Set<string>(); // no more than there are objects

  /** What the last look at the object of this key has shown. */
  note(work: ObjectKey, hasUnknownOwner: boolean): void {
    if (hasUnknownOwner) this.#keys.add(keyText(work));
    else this.#keys.delete(keyText(work));
  }

  /** Wakes them when a kind is followed that was not before. */
  source(kinds: KindInformers): Source {
    return {
      name: "objects with owners of unknown kinds",
      start: (enqueue, context) => {
        const followed = (): void => {
          for (const text of this.#keys) enqueue(parseKey(text), { kind: "external" });
        };
        const end = kinds.listen({ followed });
        if (context.signal.aborted) end();
        else context.signal.addEventListener("abort", end, { once: true });
      },
      waitForSync: () => Promise.resolve(),
    };
  }
}
