/**
 * One turn of the real event loop: promise chains that are ready run to their ends. The one thing
 * virtual time takes from the real world.
 */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
