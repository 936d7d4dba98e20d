/** What users say must hold, as oracles. */
import type { MakeOracle } from "./oracle.ts";
import type { State } from "../world/state.ts";

/**
 * @public What must hold of a system. Made by `always`, `never`, `eventually`, and of the order of
 * things by `neverAfter`, `stable`, `onWrites`; `sometimes` is the mark of a place to be reached.
 */
export type Invariant = {
  readonly name: string;
  readonly make: MakeOracle;
  /** Whether it compares with a run without faults. */
  readonly needsReference?: boolean;
  /** Of a mark: whether a state has reached it. One state of all runs is enough. */
  readonly reached?: (state: State) => boolean;
};

/**
 * What a predicate answers: true or undefined is well, false or a text is not; the text says what
 * is wrong.
 */
export type Verdict = boolean | string | undefined;

/** Holds after every write, whatever fails. */
export function always(name: string, holds: (state: State) => Verdict): Invariant {
  return {
    name,
    make: () => ({
      name,
      onWrite: (_write, { state }) => problem(holds(state), "does not hold"),
    }),
  };
}

/** Is never so, whatever fails. */
export function never(name: string, happens: (state: State) => boolean): Invariant {
  return always(name, (state) => (happens(state) ? "it is so" : true));
}

/** Holds when all faults are over and the system has come to rest, and stays so. */
export function eventually(name: string, holds: (state: State) => Verdict): Invariant {
  return {
    name,
    make: () => ({
      name,
      atRest: ({ state }) => problem(holds(state), "does not hold at rest"),
      atEnd: ({ state }) => problem(holds(state), "no longer holds after rest"),
    }),
  };
}

/** What a verdict says is wrong; undefined: nothing. */
export function problem(verdict: Verdict, otherwise: string): string | undefined {
  if (verdict === true || verdict === undefined) return undefined;
  return verdict === false ? otherwise : verdict;
}
