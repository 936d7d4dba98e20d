/** How urgent a key is: of two that wait, the one with the higher number goes first. */

/** Of events, and of everything that names no other. */
export const NORMAL_PRIORITY = 0;

/** Of what only has to be looked at some time: the first list, and looks where nothing happened. */
export const LOW_PRIORITY = -100;

/** Throws unless it is a whole number. */
export function requirePriority(priority: number): number {
  if (Number.isSafeInteger(priority)) return priority;
  throw new RangeError(`a priority is a whole number, not ${priority}`);
}
