/** Who has nothing to do writes nothing. */
import type { Invariant } from "./invariants.ts";

/** Signs of life, and what is told to people. */
const NOISE: readonly string[] = ["leases", "events"];

/**
 * @public At rest every controller reconciles once more all that it has reconciled, and writes
 * nothing. It needs controllers that `simulate()` runs by itself (`controllers`); those of
 * `processes` are asked where their program hands `again` on.
 *
 *     await simulate({ controllers: [sites], scenario, invariants: [idempotent()] });
 */
export function idempotent(): Invariant {
  const name = "idempotent";
  return {
    name,
    make: () => ({
      name,
      looksAgain: true,
      onWrite: ({ actor, verb, resource, key, cause }, { phase }) => {
        if (phase !== "stable" || NOISE.includes(resource)) return undefined;
        const isLook = cause.roots?.includes("resync") === true && cause.triggers.length === 0;
        if (!isLook) return undefined;
        const who = `${actor} (${cause.actor})`;
        return `${who} looks once more at what is settled, and makes a ${verb} of ${key}`;
      },
    }),
  };
}
