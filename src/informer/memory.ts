/**
 * How much memory objects take: an estimate, made only when somebody asks. All objects of a small
 * view are measured; of a large one a sample, spread evenly, that stands for the rest. So the
 * figure costs about a millisecond, however large the view is. What an object shares with the one
 * before it (`shared-parts.ts`) is counted once.
 */

/** What a view keeps. */
export type MemoryFigure = {
  readonly objects: number;
  /** Of the heap, for these objects alone: an estimate, that of a large view from a sample. */
  readonly bytes: number;
  /** Of the objects, those kept as compressed bytes, for they are too many; absent: none. */
  readonly packedObjects?: number;
};

/** Objects that are measured for one figure. */
export const SAMPLE_OBJECTS_MAX = 64;
/** Values after which no further object is measured for one figure. */
export const SAMPLE_VALUES_MAX = 5_000;

/** As V8 lays them out with pointers of 8 bytes: header of a string, object, array; one slot. */
const STRING_BYTES = 16;
const OBJECT_BYTES = 24;
const ARRAY_BYTES = 48;
const SLOT_BYTES = 8;
const DOUBLE_BYTES = 16;

/** The figure of `count` objects, the i-th of which is `at(i)`. */
export function memoryOf(count: number, at: (index: number) => unknown): MemoryFigure {
  const sampleSize = Math.min(count, SAMPLE_OBJECTS_MAX);
  let bytes = 0;
  let values = 0;
  let measured = 0;
  for (let turn = 0; turn < sampleSize && values < SAMPLE_VALUES_MAX; turn += 1) {
    const place = Math.floor((spread(turn, sampleSize) * count) / sampleSize);
    const weight = weigh(at(place), partsOf(place === 0 ? undefined : at(place - 1)));
    bytes += weight.bytes;
    values += weight.values;
    measured += 1;
  }
  return { objects: count, bytes: measured === 0 ? 0 : Math.round((bytes / measured) * count) };
}

/** An object and the one before it, with which it shares parts. */
export type Sample = { readonly object: unknown; readonly like: unknown };

/** What one object of those in `samples` takes in the mean; 0 if there are none. */
export function meanBytes(samples: readonly Sample[]): number {
  let bytes = 0;
  for (const { object, like } of samples) bytes += weigh(object, partsOf(like)).bytes;
  return samples.length === 0 ? 0 : bytes / samples.length;
}

/** All turns in an order that is even over all of them wherever it stops; each once. */
function spread(turn: number, size: number): number {
  const stride = STRIDES.find((candidate) => size % candidate !== 0) ?? 1;
  return (turn * stride) % size;
}

/** Primes, so that one of them shares no factor with any size up to `SAMPLE_OBJECTS_MAX`. */
const STRIDES: readonly number[] = [37, 41];

/** The parser of JSON keeps strings up to this length once for all objects. */
const SHARED_STRING_MAX = 10;

/** A byte a character, for most text is Latin. */
function stringBytes({ length }: string): number {
  return length <= SHARED_STRING_MAX ? 0 : STRING_BYTES + Math.ceil(length / 8) * 8;
}

/** What a value takes without its members. Names of fields are shared and count nothing. */
export function weightOf(value: unknown): number {
  if (typeof value === "string") return stringBytes(value);
  if (typeof value === "number") return Number.isInteger(value) ? 0 : DOUBLE_BYTES;
  if (typeof value === "bigint") return DOUBLE_BYTES;
  if (typeof value !== "object" || value === null) return 0;
  return Array.isArray(value)
    ? ARRAY_BYTES + value.length * SLOT_BYTES
    : OBJECT_BYTES + Object.keys(value).length * SLOT_BYTES;
}

/** All objects and arrays that `root` has; itself is one of them. */
function partsOf(root: unknown): ReadonlySet<unknown> {
  const parts = new Set<unknown>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null || parts.has(value)) continue;
    parts.add(value);
    for (const member of Object.values(value)) pending.push(member);
  }
  return parts;
}

const NOTHING: ReadonlySet<unknown> = new Set();

/** What a value takes with all its members that are not `shared`, and how many those are. */
function weigh(
  root: unknown,
  shared: ReadonlySet<unknown> = NOTHING,
): { readonly bytes: number; readonly values: number } {
  const pending: unknown[] = [root];
  let bytes = 0;
  let values = 0;
  while (pending.length > 0) {
    const value = pending.pop();
    values += 1;
    if (shared.has(value)) continue;
    bytes += weightOf(value);
    if (typeof value === "object" && value !== null) {
      for (const member of Object.values(value)) pending.push(member);
    }
  }
  return { bytes, values };
}
