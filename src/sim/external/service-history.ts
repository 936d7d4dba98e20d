/** What a service outside of the cluster holds, and what it has held: readers may be behind. */

/** @public Something that the service keeps, by the id that it gave. */
export type ExternalItem<T> = { readonly id: string; readonly value: T };

type Change<T> = { readonly atMs: number; readonly id: string; readonly value: T | undefined };

export class ServiceHistory<T> {
  readonly #changes: Change<T>[] = [];
  readonly #now = new Map<string, T>();
  /** Ids that were given, by the caller's own token. */
  readonly #byToken = new Map<string, string>();
  #given = 0;

  /** The id: the one of before for a token that was used before. */
  create(name: string, value: T, token: string | undefined, atMs: number): string {
    const known = token === undefined ? undefined : this.#byToken.get(token);
    if (known !== undefined) return known;
    this.#given += 1;
    const id = `${name}-${this.#given}`;
    if (token !== undefined) this.#byToken.set(token, id);
    this.#put(id, value, atMs);
    return id;
  }

  /** False: there is no such thing. */
  update(id: string, value: T, atMs: number): boolean {
    if (!this.#now.has(id)) return false;
    this.#put(id, value, atMs);
    return true;
  }

  /** False: there is no such thing. */
  delete(id: string, atMs: number): boolean {
    if (!this.#now.delete(id)) return false;
    this.#changes.push({ atMs, id, value: undefined });
    return true;
  }

  /** What there was then, in the order in which it was made. */
  at(atMs: number): readonly ExternalItem<T>[] {
    const items = new Map<string, T>();
    for (const change of this.#changes) {
      if (change.atMs > atMs) break;
      if (change.value === undefined) items.delete(change.id);
      else items.set(change.id, change.value);
    }
    return [...items].map(([id, value]) => ({ id, value }));
  }

  get now(): readonly ExternalItem<T>[] {
    return [...this.#now].map(([id, value]) => ({ id, value }));
  }

  #put(id: string, value: T, atMs: number): void {
    this.#now.set(id, value);
    this.#changes.push({ atMs, id, value });
  }
}
