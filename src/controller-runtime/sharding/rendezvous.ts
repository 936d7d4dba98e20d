/**
 * Which of several members a key belongs to, by rendezvous hashing: every member has a score for
 * every key, and the highest one has it. All who know the same members come to the same answer, and
 * a member that comes or goes moves only its own share of the keys, 1/n of them.
 *
 * The numbers are a promise between processes, which may run different versions of this program:
 * they must never change. `rendezvous.test.ts` holds some of them.
 */
import { compareText } from "../../machinery/key.ts";

/** A set of members, each with its seed. */
export type Members = {
  /** In order, each once. */
  readonly ids: readonly string[];
  readonly seeds: readonly number[];
};

export function membersOf(ids: Iterable<string>): Members {
  const sorted = [...new Set(ids)].sort(compareText);
  return { ids: sorted, seeds: sorted.map(keyHash) };
}

export function isSameMembers(a: Members, b: Members): boolean {
  return a.ids.length === b.ids.length && a.ids.every((id, index) => id === b.ids[index]);
}

/** FNV-1a over the UTF-16 code units of `text`, then mixed: 32 bits. */
export function keyHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mixed(hash);
}

/** The member that the key of this hash belongs to; undefined if there is none. */
export function ownerOf({ ids, seeds }: Members, hash: number): string | undefined {
  let best = -1;
  let owner: string | undefined;
  for (const [index, seed] of seeds.entries()) {
    const score = mixed(seed ^ hash);
    if (score <= best) continue; // of equal scores, which equal seeds have, the first id counts
    best = score;
    owner = ids[index];
  }
  return owner;
}

/** The last steps of MurmurHash3: every bit of the answer depends on every bit given. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
