/**
 * How long the reader of an answer may take. An answer that has an end is read within a minute, as
 * upstream has it. A watch may be quiet for as long as it likes, but its reader may not leave lying
 * what it was sent; that of a log may, as those who page through one do. While the server closes,
 * nobody is waited for who takes nothing.
 */
import type { Timer, Timers } from "../../base/env.ts";
import type { HttpLimits } from "./http-limits.ts";

/** An answer that has an end, a watch, or bytes as they come. */
export type AnswerLength = "whole" | "events" | "stream";

/** The reader of an answer took too long; the rest of it is not sent. */
export class ReaderTooSlowError extends Error {
  override readonly name = "ReaderTooSlowError";

  constructor() {
    super("the reader of the answer took too long");
  }
}

export type PatienceDeps = {
  readonly timers: Timers;
  readonly limits: Pick<HttpLimits, "answerMsMax" | "stalledMsMax" | "closeStalledMsMax">;
  /** Called once, when there is no more of it. */
  readonly onEnd: (error: ReaderTooSlowError) => void;
};

/** The patience with one reader. */
export class Patience {
  readonly #deps: PatienceDeps;
  #deadline: Timer | undefined;
  #stall: Timer | undefined;
  /** How long the reader may take nothing. Undefined: as long as it likes. */
  #stalledMsMax: number | undefined;
  #isWaiting = false;
  #isClosing = false;
  #isOver = false;

  constructor(deps: PatienceDeps) {
    this.#deps = deps;
  }

  /** The answer begins; a later one takes the place of an earlier. */
  begin(length: AnswerLength): void {
    const { timers, limits } = this.#deps;
    this.#deadline?.cancel();
    if (length === "whole") {
      this.#deadline = timers.after(limits.answerMsMax, () => this.#end());
    }
    if (length === "events" && !this.#isClosing) this.#stalledMsMax = limits.stalledMsMax;
  }

  /** From now on the reader has something to take. */
  wait(): void {
    this.#isWaiting = true;
    this.#arm();
  }

  /** The reader took it. */
  goOn(): void {
    this.#isWaiting = false;
    this.#stall?.cancel();
  }

  /** The server closes. */
  close(): void {
    this.#isClosing = true;
    this.#stalledMsMax = this.#deps.limits.closeStalledMsMax;
    if (this.#isWaiting) this.#arm();
  }

  /** The answer is over, one way or the other. */
  stop(): void {
    this.#isOver = true;
    this.#deadline?.cancel();
    this.#stall?.cancel();
  }

  #arm(): void {
    this.#stall?.cancel();
    if (this.#stalledMsMax === undefined || this.#isOver) return;
    this.#stall = this.#deps.timers.after(this.#stalledMsMax, () => this.#end());
  }

  #end(): void {
    if (this.#isOver) return;
    this.stop();
    this.#deps.onEnd(new ReaderTooSlowError());
  }
}
