/**
 * Documents that were made, by what they were made from: served again until something of it
 * changes. The shelf holds so many bytes and no more, the least used leaving first, so that a
 * cluster with hundreds of large custom resources does not keep all of them twice.
 */

/** Bytes of documents that are kept. */
export const SHELF_BYTES_MAX: number = 16 * 1024 * 1024;

type Shelved = { readonly key: string; readonly bytes: Uint8Array<ArrayBuffer> };

export class DocumentShelf {
  readonly #kept = new Map<string, Shelved>();
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #size = 0;

  /** The document `name` as of `key`; `make` is called once for all who wait. */
  async get(
    name: string,
    key: string,
    make: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#kept.get(name);
    if (kept?.key === key) {
      this.#kept.delete(name); // to the end: last to leave
      this.#kept.set(name, kept);
      return kept.bytes;
    }
    const task = `${name} ${key}`;
    const making = this.#making.get(task) ?? make();
    this.#making.set(task, making);
    try {
      const bytes = await making;
      this.#keep(name, { key, bytes });
      return bytes;
    } finally {
      this.#making.delete(task);
    }
  }

  #keep(name: string, next: Shelved): void {
    const before = this.#kept.get(name);
    if (before !== undefined) this.#size -= before.bytes.length;
    this.#kept.delete(name);
    if (next.bytes.length > SHELF_BYTES_MAX) return;
    this.#kept.set(name, next);
    this.#size += next.bytes.length;
    for (const [oldest, shelved] of this.#kept) {
      if (this.#size <= SHELF_BYTES_MAX) break;
      this.#kept.delete(oldest);
      this.#size -= shelved.bytes.length;
    }
  }
}
