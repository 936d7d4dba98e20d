/** Owners that were found missing: a uid never comes back, so asking once is enough. */

/** Owners remembered; beyond, the one that was asked for longest ago is forgotten. */
export const ABSENT_OWNERS_MAX = 500;

export class AbsentOwners {
  readonly #texts = new Set<string>(); // in the order of their last use

  has(text: string): boolean {
    if (!this.#texts.delete(text)) return false;
    this.#texts.add(text);
    return true;
  }

  add(text: string): void {
    this.#texts.delete(text);
    this.#texts.add(text);
    if (this.#texts.size <= ABSENT_OWNERS_MAX) return;
    for (const oldest of this.#texts) {
      this.#texts.delete(oldest);
      return;
    }
  }
}
