/**
 * A run as data: what was done and what was not calm, by names that survive unrelated edits. It is
 * a JSON file, or written out in a test.
 */
import type { Files } from "../../base/files.ts";
import type { Recording } from "../shrink/shrink.ts";
import type { System } from "../world/run.ts";

/** @public What a run is made from again. */
export type Tape = {
  readonly seed: number;
  /** Names of the operations that are done; the others of the scenario are left out. */
  readonly operations: readonly string[];
  /** Decisions that are not calm: by name, what is taken. */
  readonly taken: Readonly<Record<string, string>>;
  /** Whether the order of what is due at once is a decision as well (default false). */
  readonly ordersEvents?: boolean;
};

/** A tape with what is known of the run it was made from. */
export type TapeFile = Tape & {
  readonly format: 1;
  /** Names of processes and operations: what it belongs to. */
  readonly system: string;
  readonly invariant: string;
  /** Of all events: another one means that the code has changed since. */
  readonly hash: string;
};

/** The tape of a recording of the system. */
export function tapeOf(system: System, recording: Recording): Tape {
  const { seed, taken, skipped, ordersEvents } = recording;
  return {
    seed,
    operations: operationNames(system).filter((_, place) => !skipped.has(place)),
    taken: Object.fromEntries(taken),
    ...(ordersEvents ? { ordersEvents } : {}),
  };
}

/** The recording a tape stands for. Operations that the scenario no longer has are left out. */
export function recordingOf(system: System, tape: Tape): Recording {
  const kept = new Set(tape.operations);
  const places = operationNames(system).flatMap((name, place) => (kept.has(name) ? [] : [place]));
  return {
    seed: tape.seed,
    taken: new Map(Object.entries(tape.taken)),
    skipped: new Set(places),
    ordersEvents: tape.ordersEvents ?? false,
  };
}

/** Throws `TypeError` for an operation that the scenario does not have (any more). */
export function checkOperations(system: System, { operations }: Tape): void {
  const names = operationNames(system);
  const unknown = operations.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const known = names.map((name) => `"${name}"`).join(", ");
  throw new TypeError(`tape: the scenario has no operation "${unknown}"; it has ${known}`);
}

/** Names of the operations, each its own: the second `delete Site web` is `delete Site web#2`. */
function operationNames({ operations }: System): readonly string[] {
  const counts = new Map<string, number>();
  return operations.map(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** What a tape belongs to: the same processes doing the same scenario. */
export function systemName({ processes, operations }: System): string {
  return [...processes, ...operations].map(({ name }) => name).join("; ");
}

/** Reads a file. Throws `TypeError`, naming the file, for what is no tape. */
export async function readTape(files: Files, path: string): Promise<TapeFile> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw new TypeError(`${path}: there is no such tape`);
  const tape: unknown = parsed(path, new TextDecoder().decode(bytes));
  if (isTapeFile(tape)) return tape;
  throw new TypeError(`${path} is no tape of format 1`);
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(`${path} is no tape: it is not JSON`);
  }
}

function isTapeFile(value: unknown): value is TapeFile {
  if (!isRecord(value)) return false;
  const { format, seed, operations, taken, system, ordersEvents = false } = value;
  const isDone = Array.isArray(operations) && operations.every((name) => typeof name === "string");
  const isTaken =
    isRecord(taken) && Object.values(taken).every((option) => typeof option === "string");
  const isBegun = Number.isSafeInteger(seed) && typeof ordersEvents === "boolean";
  return format === 1 && isBegun && isDone && isTaken && typeof system === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
