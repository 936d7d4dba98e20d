/**
 * Things of which a server hands out each one only once, such as service addresses. A claim is made
 * before the object that holds it is stored and undone when the store refuses it, so that no two
 * writes under way can hold the same thing.
 */
import { withSignal, type Context } from "../../base/context.ts";
import { gvrKey } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Resource } from "./resource.ts";

export type Claim = {
  /** The object with what was claimed for it. */
  readonly object: ApiObject;
  /** Gives back what this claim took, and nothing else. */
  readonly undo: () => void;
};

/** One pool, for one resource. */
export interface ClaimPool {
  /** Throws Invalid if the object asks for something that is taken or impossible. */
  claim(next: ApiObject, old: ApiObject | undefined, context: Context): Promise<Claim>;
  /** What `object` held and `kept` does not is free; undefined: the object is gone. */
  release(object: ApiObject, kept: ApiObject | undefined): void;
  /** Writes down what `next` has and `old` has not; before `next` is stored. */
  enter?(next: ApiObject, old: ApiObject | undefined, context: Context): Promise<void>;
  /** Strikes out what `object` has and `kept` has not; before it is released. */
  leave?(object: ApiObject, kept: ApiObject | undefined, context: Context): Promise<void>;
}

/** The pools of a server, by resource. */
export class Claims {
  readonly #pools: ReadonlyMap<string, readonly ClaimPool[]>;

  constructor(pools: readonly (readonly [resourceKey: string, pool: ClaimPool])[]) {
    const byResource = new Map<string, readonly ClaimPool[]>();
    for (const [key, pool] of pools) byResource.set(key, [...(byResource.get(key) ?? []), pool]);
    this.#pools = byResource;
  }

  async claim(
    resource: Resource,
    next: ApiObject,
    old: ApiObject | undefined,
    context: Context,
  ): Promise<Claim> {
    let object = next;
    const made: Claim[] = [];
    const undo = (): void => made.forEach((claim) => claim.undo());
    try {
      for (const pool of this.#poolsOf(resource)) {
        const claim = await pool.claim(object, old, context);
        made.push(claim);
        object = claim.object;
      }
    } catch (error) {
      undo();
      throw error;
    }
    return { object, undo };
  }

  release(resource: Resource, object: ApiObject, kept: ApiObject | undefined): void {
    for (const pool of this.#poolsOf(resource)) pool.release(object, kept);
  }

  /** After a claim, and before what it is for is stored. Throws if it cannot be written. */
  async enter(
    resource: Resource,
    next: ApiObject,
    old: ApiObject | undefined,
    context: Context,
  ): Promise<void> {
    for (const pool of this.#poolsOf(resource)) await pool.enter?.(next, old, context);
  }

  /** Before what `object` held is released or its claim is undone. */
  async leave(
    resource: Resource,
    object: ApiObject,
    kept: ApiObject | undefined,
    context: Context,
  ): Promise<void> {
    // What is stored already must not stay written down otherwise because who asked for it left.
    const lasting = withSignal(context, new AbortController().signal);
    for (const pool of this.#poolsOf(resource)) await pool.leave?.(object, kept, lasting);
  }

  #poolsOf(resource: Resource): readonly ClaimPool[] {
    return this.#pools.get(gvrKey(resource)) ?? [];
  }
}
