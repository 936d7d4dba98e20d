/** What a controller asks before it works on a key that other processes may work on as well. */
import type { CauseId } from "../../base/context.ts";

export interface KeyGate {
  /** Whether the key is this process's now. */
  owns(key: string): boolean;
  /**
   * Lets a reconcile of the key begin; undefined: it is another process's. No other process gets
   * the key before `leave()`, or before the reconcile's signal has aborted and its writes are
   * refused.
   */
  enter(key: string, id: CauseId, signal: AbortSignal): Passage | undefined;
  /** Tells when the keys are others, and which of them are new. Answers what ends that. */
  onGain(listener: (isGained: (key: string) => boolean) => void): () => void;
}

export type Passage = {
  /** Aborts with the one that was given, or when the key is taken away. */
  readonly signal: AbortSignal;
  /** Whether writes for the key may still be sent. */
  holds(): boolean;
  leave(): void;
};
