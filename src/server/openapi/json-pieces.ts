/** A large JSON text, made of members that are encoded one by one. */

const encoder = new TextEncoder();

export class JsonPieces {
  readonly #pieces: Uint8Array[] = [];
  readonly #kept = new Map<string, Uint8Array>();
  #size = 0;
  #isFirst = true;

  /** Raw text; a member after it is the first of its object. */
  text(text: string): this {
    this.#push(encoder.encode(text));
    this.#isFirst = true;
    return this;
  }

  /** A member of the object that is open. */
  member(name: string, value: object): this {
    this.#member(name, encoder.encode(JSON.stringify(value)));
    return this;
  }

  /** A member of an object that will be opened later. */
  keep(name: string, value: object): void {
    this.#kept.set(name, encoder.encode(JSON.stringify(value)));
  }

  hasKept(): boolean {
    return this.#kept.size > 0;
  }

  /** The members that were kept, by name. */
  members(): this {
    for (const [name, value] of [...this.#kept].sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.#member(name, value);
    }
    this.#kept.clear();
    return this;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const joined = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  #member(name: string, value: Uint8Array): void {
    const comma = this.#isFirst ? "" : ",";
    this.#push(encoder.encode(`${comma}${JSON.stringify(name)}:`));
    this.#push(value);
    this.#isFirst = false;
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
  }
}
