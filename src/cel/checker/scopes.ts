/** The variables of loops and bindings, the innermost first. */
import type { CelType } from "../types.ts";

export class Scopes {
  readonly #scopes: (readonly (readonly [string, CelType])[])[] = [];

  push(variables: readonly (readonly [string, CelType])[]): void {
    this.#scopes.push(variables);
  }

  pop(): void {
    this.#scopes.pop();
  }

  /** The type of a variable; undefined if there is none of that name. */
  find(name: string): CelType | undefined {
    for (let level = this.#scopes.length - 1; level >= 0; level -= 1) {
      const found = this.#scopes[level]?.find(([variable]) => variable === name);
      if (found !== undefined) return found[1];
    }
    return undefined;
  }
}
