/** More keys than this are looked up by hash; fewer by comparing, which is cheaper to set up. */
const COMPARED_MAX = 12;

/** The keys seen in one object. Most objects have few, so a real set is made only when it pays. */
export class KeySet {
  readonly #few: string[] = [];
  #many: Set<string> | undefined;

  /** Whether the key is new. */
  add(key: string): boolean {
    if (this.#many !== undefined) {
      const size = this.#many.size;
      return this.#many.add(key).size > size;
    }
    if (this.#few.includes(key)) return false;
    this.#few.push(key);
    if (this.#few.length > COMPARED_MAX) this.#many = new Set(this.#few);
    return true;
  }
}
