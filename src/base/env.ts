/**
 * The one door to the world outside the program: time, timers, chance, identity and the log.
 *
 * Production passes `realEnv()` (base/real), unit tests and the simulator a virtual one; the code
 * in between is the same. Files, sockets and processes are reached through seams of the rooms that
 * own them (`Engine`, `Transport`, `Runtime`, `Files`), never directly.
 */

/** Wall and monotonic time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May jump in either direction. */
  now(): number;
  /** Milliseconds from an arbitrary origin. Never goes back; use it for durations. */
  monotonic(): number;
}

/** A pending timer. */
export interface Timer {
  /** Stops it; a no-op after it fired. */
  cancel(): void;
}

/** Waiting. */
export interface Timers {
  /** Calls `fire` once after `delayMs` (0 or less: on the next turn), never synchronously. */
  after(delayMs: number, fire: () => void): Timer;
  /**
   * Resolves after `delayMs`. Rejects with the signal's reason as soon as it aborts, and leaves no
   * listener behind either way.
   */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  /** Lets everything that is ready run first: one turn of the event loop. */
  yield(): Promise<void>;
}

/** Chance. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` random bytes fit for keys and tokens in production. */
  bytes(length: number): Uint8Array;
}

/** Identity. */
export interface Ids {
  /** A fresh UUID (version 4 form). */
  uuid(): string;
}

/** Fields of a log line, besides time, level and message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log. A message is a constant sentence; what varies is in the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log with `fields` on every line. */
  with(fields: LogFields): Log;
}

/** Everything the program may ask of the world without owning a seam. */
export type Env = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
};
