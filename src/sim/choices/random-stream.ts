import { seededRandom } from "../../base/virtual/seeded-random.ts";

/** Chance from a seed and a purpose: one more draw for one purpose does not shift the others. */
export type RandomStream = {
  /** A number in [0, 1). */
  next(): number;
};

/** The stream of a purpose: that of the seed mixed with the purpose's hash. */
export function randomStream(seed: number, purpose: string): RandomStream {
  return seededRandom((seed ^ hash32(purpose)) >>> 0);
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
