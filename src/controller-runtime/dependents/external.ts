/** A dependent that is none of Kubernetes: a record at a provider, an account, a bucket. */
import type { ApiObject } from "../../machinery/object.ts";
import { milliseconds, type Duration } from "../declared/duration.ts";
import type { ReconcileContext } from "../declared/reconcile-context.ts";
import {
  placeOf,
  type Deletion,
  type Dependent,
  type DependentCall,
  type OrderOptions,
  type Reached,
} from "./dependent.ts";
import { GONE_POLL_MS } from "./kubernetes-dependent.ts";

/** `Found`: what a read answers. The owner's deletion waits until it is gone. */
export type ExternalOptions<Owner extends ApiObject, Found> = OrderOptions<Owner> & {
  /** What there is now, or undefined. Must find what an earlier, interrupted `create` made. */
  readonly read: (owner: Owner, context: ReconcileContext<Owner>) => Promise<Found | undefined>;
  readonly create: (owner: Owner, context: ReconcileContext<Owner>) => Promise<Found>;
  /** Default: once made it stays as it is. Goes with `isCurrent`. */
  readonly update?: (
    owner: Owner,
    found: Found,
    context: ReconcileContext<Owner>,
  ) => Promise<Found>;
  /** Whether what is there is as the owner wants it. Goes with `update`. */
  readonly isCurrent?: (found: Found, owner: Owner) => boolean;
  /** That it is gone already is as good. */
  readonly delete: (owner: Owner, found: Found, context: ReconcileContext<Owner>) => Promise<void>;
  /** Default: as soon as it is there. While it is not, it is looked at every `pollEvery`. */
  readonly isReady?: (found: Found, owner: Owner) => boolean;
  /**
   * Read again this often, so that changes from outside are found; in between it is taken to be as
   * it was. Default: read in each run, and nothing wakes the owner but its own changes.
   */
  readonly pollEvery?: Duration;
};

/** When it is not ready, or not gone, and no other time was said. */
export const EXTERNAL_POLL_MS: number = GONE_POLL_MS;

/**
 * Something outside of Kubernetes that a controller keeps for each of its objects. Never left
 * behind: a finalizer holds the owner until it is deleted.
 *
 *     const record = external("dns", {
 *       read: (site: Site) => dns.find(site.spec.host),
 *       create: (site) => dns.create(site.spec.host),
 *       delete: (_, found) => dns.delete(found.id),
 *       pollEvery: "5m",
 *     });
 */
export function external<Owner extends ApiObject, Found>(
  name: string,
  options: ExternalOptions<Owner, Found>,
): Dependent<Owner, Found> {
  if ((options.update === undefined) !== (options.isCurrent === undefined)) {
    throw new TypeError(`external ${name}: \`update\` and \`isCurrent\` go together`);
  }
  const thing = new ExternalDependent(name, options);
  const deletion: Deletion = "in-order";
  return {
    name,
    type: undefined,
    ownership: "label",
    deletion,
    ...placeOf(options),
    apply: (call) => thing.apply(call),
    remove: (call) => thing.remove(call),
    foundFor: (token) => thing.foundFor(token),
  };
}

/** What was found, and when it was read. */
type Kept<Found> = { readonly found: Found; readonly readMs: number };

class ExternalDependent<Owner extends ApiObject, Found> {
  readonly #name: string;
  readonly #options: ExternalOptions<Owner, Found>;
  readonly #pollMs: number | undefined;
  readonly #kept = new WeakMap<object, Kept<Found>>();

  constructor(name: string, options: ExternalOptions<Owner, Found>) {
    this.#name = name;
    this.#options = options;
    this.#pollMs = options.pollEvery === undefined ? undefined : milliseconds(options.pollEvery);
  }

  foundFor(token: object): Found | undefined {
    return this.#kept.get(token)?.found;
  }

  async apply(call: DependentCall<Owner>): Promise<Reached<Found>> {
    const { isReady = () => true } = this.#options;
    if (call.context.planning) return this.#plan(call);
    const found: Found = await this.#made(call);
    if (!isReady(found, call.owner)) {
      // To be read again in the next run.
      this.#kept.set(call.token, { found, readMs: Number.NEGATIVE_INFINITY });
      return {
        kind: "unready",
        why: "is not ready",
        found,
        pollMs: this.#pollMs ?? EXTERNAL_POLL_MS,
      };
    }
    const leftMs = this.#leftMs(call);
    return { kind: "ready", found, ...(leftMs === undefined ? {} : { pollMs: leftMs }) };
  }

  async remove({ owner, context, token }: DependentCall<Owner>): Promise<Reached<Found>> {
    this.#kept.delete(token);
    const found = await this.#options.read(owner, context);
    if (found === undefined) return { kind: "gone" };
    if (context.planning) {
      context.wouldDo(`delete the external ${this.#name}`);
      return { kind: "going", why: "would be deleted" };
    }
    await this.#options.delete(owner, found, context);
    const left = await this.#options.read(owner, context);
    if (left === undefined) return { kind: "gone" };
    return { kind: "going", why: "is being deleted", pollMs: this.#pollMs ?? EXTERNAL_POLL_MS };
  }

  /** Reads only: the plan is told what would be made or changed. */
  async #plan(call: DependentCall<Owner>): Promise<Reached<Found>> {
    const { isReady = () => true, isCurrent } = this.#options;
    const { owner, context } = call;
    const found: Found | undefined = await this.#look(call);
    if (found !== undefined && isCurrent?.(found, owner) !== false) {
      if (isReady(found, owner)) return { kind: "ready", found };
      return { kind: "unready", why: "is not ready", found };
    }
    context.wouldDo(`${found === undefined ? "create" : "update"} the external ${this.#name}`);
    return { kind: "unready", why: "would be made or changed" };
  }

  /** What is there, made or changed where that is needed. */
  async #made(call: DependentCall<Owner>): Promise<Found> {
    const { owner, context, token } = call;
    const { create, update, isCurrent } = this.#options;
    const found: Found | undefined = await this.#look(call);
    if (found !== undefined && isCurrent?.(found, owner) !== false) return found;
    this.#kept.delete(token); // if it fails nobody knows what is there
    const made: Found =
      found === undefined || update === undefined
        ? await create(owner, context)
        : await update(owner, found, context);
    this.#kept.set(token, { found: made, readMs: context.now() });
    return made;
  }

  async #look(call: DependentCall<Owner>): Promise<Found | undefined> {
    const { owner, context, token } = call;
    const kept = this.#kept.get(token);
    if (kept !== undefined && (this.#leftMs(call) ?? 0) > 0) return kept.found;
    this.#kept.delete(token);
    const found: Found | undefined = await this.#options.read(owner, context);
    if (found !== undefined) this.#kept.set(token, { found, readMs: context.now() });
    return found;
  }

  /** How long what is kept still counts. */
  #leftMs({ token, context }: DependentCall<Owner>): number | undefined {
    const kept = this.#kept.get(token);
    if (this.#pollMs === undefined || kept === undefined) return undefined;
    const ageMs = context.now() - kept.readMs;
    // A clock that was set back must not make the next read wait for longer than a period.
    return ageMs < 0 ? 0 : Math.max(0, this.#pollMs - ageMs);
  }
}
