/**
 * Mail addresses as Go's net/mail reads them (RFC 5322): `a@b`, or `Some Name <a@b>`. Groups of
 * addresses are not taken.
 */

const ADDRESS_LENGTH_MAX = 10_000;

/** Reads text from the left; each step is one pass. */
class AddressReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isDone(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  /** `local@domain` */
  address(): boolean {
    this.#skipSpace();
    if (!(this.#peek() === '"' ? this.#quotedString() : this.#dotAtom())) return false;
    if (!this.#take("@")) return false;
    return this.#peek() === "[" ? this.#literal() : this.#dotAtom();
  }

  /** `Name <local@domain>`; the name may be absent. */
  namedAddress(): boolean {
    this.#skipSpace();
    while (this.#at < this.#text.length && this.#peek() !== "<") {
      if (!(this.#peek() === '"' ? this.#quotedString() : this.#word())) return false;
      this.#skipSpace();
    }
    return this.#take("<") && this.address() && this.#take(">");
  }

  #dotAtom(): boolean {
    const atom = this.#run();
    return atom !== "" && !atom.startsWith(".") && !atom.endsWith(".") && !atom.includes("..");
  }

  #word(): boolean {
    return this.#run() !== "";
  }

  #quotedString(): boolean {
    this.#at += 1;
    let length = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#peek();
      if (char === '"') {
        this.#at += 1;
        return length > 0;
      }
      if (char === "\\") this.#at += 1;
      if (!isQuotable(this.#peek())) return false;
      length += 1;
    }
    return false;
  }

  #literal(): boolean {
    const end = this.#text.indexOf("]", this.#at);
    if (end < 0) return false;
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return /^[!-Z^-~]+$/.test(inside);
  }

  #run(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && isAtomChar(this.#peek())) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#peek())) this.#at += 1;
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }
}

/** Whether the text is one mail address. */
export function isEmail(text: string): boolean {
  if (text.length > ADDRESS_LENGTH_MAX) return false;
  const plain = new AddressReader(text);
  if (plain.address() && plain.isDone) return true;
  const named = new AddressReader(text);
  return named.namedAddress() && named.isDone;
}

function isAtomChar(char: string): boolean {
  return (char >= "!" && char <= "~" && !'()<>[]:;@\\,"'.includes(char)) || char >= "\u0080";
}

function isQuotable(char: string): boolean {
  return (char >= " " && char !== "\u007f") || char === "\t";
}
