/**
 * The keys one process may work on at a moment, as a value. A change of members makes a new share;
 * what one has that another lacks is gained or lost.
 */
import { keyHash, ownerOf, type Members } from "./rendezvous.ts";

/** What another member says it works on. "all": it could not be understood. */
export type Claim = { readonly id: string; readonly members: Members | "all" };

export class Share {
  readonly #id: string;
  readonly #views: readonly Members[];
  readonly #claims: readonly Claim[];

  /**
   * The keys that all `views` give to the member `id`, without those that `claims` give to others.
   * Without a view: nothing.
   */
  constructor(id: string, views: readonly Members[], claims: readonly Claim[] = []) {
    this.#id = id;
    this.#views = views;
    this.#claims = claims;
  }

  owns(key: string): boolean {
    const hash = keyHash(key);
    if (this.#views.length === 0) return false;
    if (!this.#views.every((view) => ownerOf(view, hash) === this.#id)) return false;
    return !this.#claims.some((claim) => isClaimed(claim, hash));
  }

  /** Keys this has and `before` had not. */
  gainedSince(before: Share): (key: string) => boolean {
    return (key) => this.owns(key) && !before.owns(key);
  }
}

/** No key at all. */
export const NOTHING: Share = new Share("", []);

function isClaimed({ id, members }: Claim, hash: number): boolean {
  return members === "all" || ownerOf(members, hash) === id;
}
