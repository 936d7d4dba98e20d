/**
 * How much memory objects take: an estimate, made only when somebody asks. All objects of a small
 * view are measured; of a large one a sample, spread evenly, that stands for the rest. So the
 * figure costs about a millisecond, however large the view is.
 */

/** What a view keeps. */
export type MemoryFigure = {
  readonly objects: number;
  /** Of the heap, for these objects alone: an estimate, that of a large view from a sample. */
  readonly bytes: number;
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
    const weight = weigh(at(Math.floor((spread(turn, sampleSize) * count) / sampleSize)));
    bytes += weight.bytes;
    values += weight.values;
    measured += 1;
  }
  return { objects: count, bytes: measured === 0 ? 0 : Math.round((bytes / measured) * count) };
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

/** Names of fields are shared and count nothing. */
function weigh(root: unknown): { readonly bytes: number; readonly values: number } {
  const pending: unknown[] = [root];
  let bytes = 0;
  let values = 0;
  while (pending.length > 0) {
    const value = pending.pop();
    values += 1;
    if (typeof value === "string") bytes += stringBytes(value);
    else if (typeof value === "number" && !Number.isInteger(value)) bytes += DOUBLE_BYTES;
    else if (typeof value === "bigint") bytes += DOUBLE_BYTES;
    else if (typeof value === "object" && value !== null) {
      const members: readonly unknown[] = Object.values(value);
      bytes += (Array.isArray(value) ? ARRAY_BYTES : OBJECT_BYTES) + members.length * SLOT_BYTES;
      for (const member of members) pending.push(member);
    }
  }
  return { bytes, values };
}
