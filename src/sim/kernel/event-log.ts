/** What happened in a run, in order, and one number that stands for all of it. */

/** One thing that happened. */
export type LoggedEvent = {
  readonly atMs: number;
  /** Whose event it is: a process, `server`, `user`, `world`. */
  readonly actor: string;
  readonly what: string;
};

/** Keeps the events where they are wanted; the hash is always kept. */
export class EventLog {
  readonly #events: LoggedEvent[] | undefined;
  readonly #onKept: ((count: number) => void) | undefined;
  #high = 0x811c9dc5;
  #low = 0x01000193;
  #count = 0;

  /** `onKept` is told how many are kept by now, before what the newest one is about is done. */
  constructor(options: {
    readonly keepsEvents: boolean;
    readonly onKept?: ((count: number) => void) | undefined;
  }) {
    this.#events = options.keepsEvents ? [] : undefined;
    this.#onKept = options.onKept;
  }

  get events(): readonly LoggedEvent[] {
    return this.#events ?? [];
  }

  get count(): number {
    return this.#count;
  }

  /** Without words (a timer) it counts, and is not worth keeping. */
  add(atMs: number, actor: string, what: string): void {
    this.#count += 1;
    this.#mix(`${atMs}|${actor}|${what}`);
    if (what === "" || this.#events === undefined) return;
    this.#events.push({ atMs, actor, what });
    this.#onKept?.(this.#events.length);
  }

  /** 64 bits in hexadecimal: equal for equal runs, on every machine. */
  get hash(): string {
    return hex(this.#high) + hex(this.#low);
  }

  /** Two FNV-1a lanes with other starts; the second also turns. Fit to compare, not to guard. */
  #mix(text: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(((low << 5) | (low >>> 27)) ^ code, 0x9e3779b1);
    }
    this.#high = high >>> 0;
    this.#low = low >>> 0;
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
