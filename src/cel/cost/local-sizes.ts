/** What is known of the variables of loops and bindings while their bodies are estimated. */
import type { CostEstimate } from "../program.ts";

/** Sizes of the keys and values of a list or a map. */
export type EntrySize = {
  readonly container: "list" | "map";
  readonly key: CostEstimate;
  readonly value: CostEstimate;
};

export type LocalSize = {
  /** How the variable's value is reached from a declared variable; empty if it is not. */
  readonly path: readonly string[];
  readonly size: CostEstimate | undefined;
  readonly entry: EntrySize | undefined;
};

export class LocalSizes {
  readonly #stacks = new Map<string, LocalSize[]>();

  push(name: string, size: LocalSize): void {
    const stack = this.#stacks.get(name);
    if (stack === undefined) this.#stacks.set(name, [size]);
    else stack.push(size);
  }

  pop(name: string): void {
    this.#stacks.get(name)?.pop();
  }

  find(name: string): LocalSize | undefined {
    return this.#stacks.get(name)?.at(-1);
  }
}
