/**
 * Whatever happens on the way, all runs with the same operations end in the same state. Each run is
 * compared with the one without faults: that is enough, as who equals it equals the others, and of
 * two runs that differ one is then without any decision. The story tells those of the other.
 */
import type { Invariant } from "./invariants.ts";
import type { Scene } from "./oracle.ts";
import { canonicalState, difference, wholeOf } from "./reference.ts";

/**
 * @public All runs with the same operations end in the same state, whatever fails and in whatever
 * order things happen: the same objects with the same contents, annotations and status; times,
 * identities, addresses, messages and counts of writes aside. Stricter than `sameAsWithoutFaults`.
 *
 *     await simulate({ controllers: [sites], scenario, invariants: [sameEndState()] });
 */
export function sameEndState(): Invariant {
  const name = "the same end state";
  const compare = ({ state, reference }: Scene): string | undefined => {
    if (reference === undefined) return undefined;
    return difference(reference.whole, canonicalState(state, wholeOf));
  };
  return {
    name,
    needsReference: true,
    make: () => ({ name, atRest: compare, atEnd: compare }),
  };
}
