/** Chance from a seed and a purpose: one more draw for one purpose does not shift the others. */
export type RandomStream = {
  /** A number in [0, 1). */
  next(): number;
};

/** The stream of a purpose. splitmix32 over the seed mixed with the purpose's hash. */
export function randomStream(seed: number, purpose: string): RandomStream {
  let state = (seed ^ hash32(purpose)) >>> 0;
  return {
    next: () => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      mixed ^= mixed >>> 15;
      return (mixed >>> 0) / 2 ** 32;
    },
  };
}

/** FNV-1a over UTF-16 code units, finished as murmur3 does so that near texts are far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
