/** Names made from a prefix (`generateName`). */
import type { Random } from "../../base/env.ts";

/** No vowels and no digits that look like letters, so that no words come out. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH = 5;
const NAME_LENGTH_MAX = 63;

/** Names tried before a create with generateName gives up. */
export const GENERATED_NAME_TRIES_MAX = 8;

/** `prefix` cut to fit, and five random letters. */
export function generateName(prefix: string, random: Random): string {
  const base = prefix.slice(0, NAME_LENGTH_MAX - SUFFIX_LENGTH);
  const letters = Array.from(
    { length: SUFFIX_LENGTH },
    () => ALPHABET[Math.floor(random.next() * ALPHABET.length)],
  );
  return base + letters.join("");
}
