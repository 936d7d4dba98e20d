/**
 * Assertions guard invariants: they stay on in production, never judge user input, and have no side
 * effects. A failing assertion is a defect in this program, so it throws something no handler maps
 * to an API answer other than an internal error.
 */

/** Thrown when an invariant of this program is broken. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Throws unless `condition` holds; `invariant` says in words what must be true. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(`broken invariant: ${invariant}`);
}

/** The end of an exhaustive switch. Compiles only while every case is handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable case: ${JSON.stringify(value)}`);
}
