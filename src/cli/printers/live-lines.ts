import type { Terminal } from "../terminal.ts";

/** A line of a live view: `key` names it, `text` is what it says now. */
export type LiveLine = { readonly key: string; readonly text: string };

/**
 * Shows a changing set of lines: on a terminal they are updated in place, elsewhere each change is
 * a line of its own, so that a log of it reads well.
 */
export class LiveLines {
  readonly #terminal: Terminal;
  #shown = 0;
  readonly #last = new Map<string, string>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(lines: readonly LiveLine[]): void {
    if (this.#terminal.isInteractive) this.#redraw(lines);
    else this.#append(lines);
  }

  #redraw(lines: readonly LiveLine[]): void {
    const up = this.#shown === 0 ? "" : `\u001b[${this.#shown}A`;
    const width = this.#terminal.columns;
    const text = lines.map((line) => `\u001b[2K${line.text.slice(0, width)}\n`).join("");
    this.#terminal.write(`${up}${text}\u001b[0J`);
    this.#shown = lines.length;
  }

  #append(lines: readonly LiveLine[]): void {
    for (const line of lines) {
      if (this.#last.get(line.key) === line.text) continue;
      this.#last.set(line.key, line.text);
      this.#terminal.write(`${line.text}\n`);
    }
  }
}
