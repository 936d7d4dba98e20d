/** Chance with a memory that can be copied. */
export type SeededRandom = {
  /** A number in [0, 1). */
  next(): number;
  /** The seed of what is still to come. */
  state(): number;
};

/** splitmix32: 32 bits of state are plenty for a test, and the stream is the same everywhere. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
  return { next, state: () => state };
}
