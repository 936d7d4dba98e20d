/** Asks all oracles at the right moments, and keeps the first thing that any of them finds. */
import { errorText } from "../../base/error-text.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { CallWatch, SentCall, StreamWatch } from "../actors/call-watch.ts";
import type { OnAnswer, OnEvents, Oracle, Scene, Violation, Write } from "../oracles/oracle.ts";
import { Past } from "../oracles/past.ts";

export class Judge implements CallWatch {
  readonly #oracles: readonly Oracle[];
  readonly #callers: readonly Oracle[];
  readonly #readers: readonly Oracle[];
  readonly #past: Past;
  readonly #scene: Omit<Scene, "phase">;
  #phase: Scene["phase"] = "faults";
  #violation: Violation | undefined;

  constructor(oracles: readonly Oracle[], scene: Omit<Scene, "phase" | "past">) {
    this.#oracles = oracles;
    this.#callers = oracles.filter((oracle) => oracle.onCall !== undefined);
    this.#readers = oracles.filter((oracle) => oracle.onStream !== undefined);
    this.#past = new Past(scene.state);
    this.#scene = { ...scene, past: this.#past };
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  onWrite(write: Write): void {
    this.#past.take(write);
    this.#ask((oracle, scene) => oracle.onWrite?.(write, scene), this.#oracles, write.revision);
  }

  sent(call: SentCall): ((response: ApiResponse) => void) | undefined {
    const checks: (readonly [Oracle, OnAnswer])[] = [];
    this.#ask((oracle, scene) => {
      const check = oracle.onCall?.(call, scene);
      if (check !== undefined) checks.push([oracle, check]);
      return undefined;
    }, this.#callers);
    if (checks.length === 0) return undefined;
    return (response) => {
      for (const [oracle, check] of checks) this.#judge(oracle, () => check(response));
    };
  }

  opened(call: SentCall): StreamWatch | undefined {
    const checks: (readonly [Oracle, OnEvents])[] = [];
    this.#ask((oracle, scene) => {
      const check = oracle.onStream?.(call, scene);
      if (check !== undefined) checks.push([oracle, check]);
      return undefined;
    }, this.#readers);
    if (checks.length === 0) return undefined;
    return {
      arrived: (event) => {
        for (const [oracle, check] of checks) this.#judge(oracle, () => check.arrived(event));
      },
      ends: () => {
        for (const [, check] of checks) check.ends();
      },
    };
  }

  /** Whether controllers are to look once more at everything. */
  get looksAgain(): boolean {
    return this.#oracles.some(({ looksAgain }) => looksAgain === true);
  }

  /** Whether anybody looks at what is left of processes that have ended. */
  get stops(): boolean {
    return this.#oracles.some((oracle) => oracle.afterStop !== undefined);
  }

  uncaught(actor: string, error: unknown): void {
    this.#ask((oracle) => oracle.onUncaught?.(actor, error));
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

  afterStop(): void {
    this.#ask((oracle, scene) => oracle.afterStop?.(scene));
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

  #ask(
    question: (oracle: Oracle, scene: Scene) => string | undefined,
    oracles = this.#oracles,
    revision?: number,
  ): void {
    if (this.#violation !== undefined) return;
    const scene: Scene = { ...this.#scene, phase: this.#phase };
    for (const oracle of oracles) {
      this.#judge(oracle, () => question(oracle, scene), revision);
      if (this.#violation !== undefined) return;
    }
  }

  #judge(oracle: Oracle, question: () => string | undefined, revision?: number): void {
    if (this.#violation !== undefined) return;
    const message = asked(oracle, question);
    if (message !== undefined) this.blame(oracle.name, message, revision);
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
