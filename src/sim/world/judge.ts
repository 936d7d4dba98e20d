/** Asks all oracles at the right moments, and keeps the first thing that any of them finds. */
import { errorText } from "../../base/error-text.ts";
import type { Oracle, Scene, Violation, Write } from "../oracles/oracle.ts";

export class Judge {
  readonly #oracles: readonly Oracle[];
  readonly #scene: Omit<Scene, "phase">;
  #phase: Scene["phase"] = "faults";
  #violation: Violation | undefined;

  constructor(oracles: readonly Oracle[], scene: Omit<Scene, "phase">) {
    this.#oracles = oracles;
    this.#scene = scene;
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  onWrite(write: Write): void {
    this.#ask((oracle, scene) => oracle.onWrite?.(write, scene), write.revision);
  }

  /** All is mended. */
  healed(): void {
    this.#phase = "healed";
  }

  atRest(): void {
    this.#ask((oracle, scene) => oracle.atRest?.(scene));
    this.#phase = "stable";
  }

  atEnd(): void {
    this.#ask((oracle, scene) => oracle.atEnd?.(scene));
  }

  onRestless(withinMs: number): void {
    this.#ask((oracle, scene) => oracle.onRestless?.(scene));
    const minutes = withinMs / 60_000;
    this.blame("rest", `all is mended, and ${minutes} minutes later it still writes and writes`);
  }

  /** `revision`: of the write that is wrong, where it is one. */
  blame(oracle: string, message: string, revision?: number): void {
    const atMs = this.#scene.kernel.nowMs;
    const write = revision === undefined ? {} : { revision };
    this.#violation ??= { oracle, message, atMs, ...write };
  }

  #ask(question: (oracle: Oracle, scene: Scene) => string | undefined, revision?: number): void {
    if (this.#violation !== undefined) return;
    const scene: Scene = { ...this.#scene, phase: this.#phase };
    for (const oracle of this.#oracles) {
      const message = asked(oracle, () => question(oracle, scene));
      if (message === undefined) continue;
      this.blame(oracle.name, message, revision);
      return;
    }
  }
}

/** An invariant that throws has found something, too. */
function asked(oracle: Oracle, question: () => string | undefined): string | undefined {
  try {
    return question();
  } catch (error) {
    return `${oracle.name} threw ${errorText(error)}`;
  }
}
