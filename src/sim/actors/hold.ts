/** What is in reach of one life of a process from outside: its end, its manager, its keys. */
import type { Manager } from "../../controller-runtime/manager/manager.ts";
import { Again } from "./again.ts";

/** What a manager shows of itself. */
export type Shown = Pick<Manager, "debug" | "metrics">;

export class Hold {
  readonly again: Again = new Again();
  readonly #stop = new AbortController();
  #manager: Shown | undefined;
  #hasEnded = false;
  #countsFromStart = false;

  /** Aborts when the process is asked to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Undefined: the program has none, or has not made it yet. */
  get manager(): Shown | undefined {
    return this.#manager;
  }

  /** Whether its metrics are its own: some programs go on counting where their last life ended. */
  get countsFromStart(): boolean {
    return this.#countsFromStart;
  }

  get isAskedToEnd(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Whether its program has come to its end. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What the program has made. */
  takes(made: object): void {
    if (!isManager(made)) return;
    this.#manager = made;
    this.#countsFromStart = !counted.has(made.metrics);
    counted.add(made.metrics);
  }

  asksToEnd(): void {
    this.#stop.abort(new Error("the simulated process is asked to end"));
  }

  ended(): void {
    this.#hasEnded = true;
  }
}

/** What some life has counted with. */
const counted = new WeakSet<object>();

function isManager(made: object): made is Shown {
  return "metrics" in made && "debug" in made && typeof made.debug === "function";
}
