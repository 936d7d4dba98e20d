/**
 * One process's membership of a group that shares keys, and the share that follows from it.
 *
 * Every member writes into its own lease which members it works with: its view. A view claims the
 * keys that it gives to its owner (`rendezvous.ts`). The rules, of which each is one write or one
 * read of a server that answers with its latest state:
 *
 *  1. A member works on a key only while its lease is its own for sure, its view as last written
 *     claims the key, and it has seen in a list that began after that write that the view of no
 *     other claims it.
 *  2. Before a new view is written, all work on keys it does not claim has ended.
 *  3. A lease that has not changed for as long as it lasts is deleted, at the resourceVersion that
 *     was seen; its owner stopped to work before that, and finds its lease gone when it wakes up.
 *
 * So a key has one owner at most. Two cannot both come to work on it: of their two claims one was
 * written first, and whoever wrote second sees it. As all look at the same leases, all come to the
 * same view, and under one view every key has one owner.
 */
import { withSignal, type Context } from "../../base/context.ts";
import type { Env, Timer } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { orAborted } from "../../base/signals.ts";
import { withinTime } from "../within-time.ts";
import { MEMBERS_MAX, type MemberLease, type MemberLeases } from "./member-leases.ts";
import { isSameMembers, membersOf, type Members } from "./rendezvous.ts";
import type { ShardSettings } from "./shard-options.ts";
import { NOTHING, Share, type Claim } from "./share.ts";
import { SilentPeers } from "./silent-peers.ts";

/** The work that goes on with keys of a share. */
export type SharedWork = {
  /** Whether no work goes on with keys outside of the share; asked again and again until so. */
  isDrained(share: Share): boolean;
  /** Takes all keys away from the work that goes on: another may have them. */
  revokeAll(): void;
  /** The share is another one now. */
  changed(before: Share, after: Share): void;
};

/** Spread of the pauses, so that members do not march in step. */
const JITTER = 0.2;
const NOBODY: Members = membersOf([]);

/** A view that was sent, and whether it was written is not known. */
type Uncertain = { readonly resourceVersion: string; readonly view: Members };

export class Membership {
  readonly #env: Env;
  readonly #leases: MemberLeases;
  readonly #settings: ShardSettings;
  readonly #work: SharedWork;
  #silent: SilentPeers;
  /** Of this life as a member; another one after the lease was lost. */
  #id = "";
  #own: MemberLease | undefined;
  /** When the last renewal that succeeded was sent. */
  #renewedMs: number | undefined;
  /** The own view for which `#claims` were looked at. */
  #confirmed: Members | undefined;
  #claims: readonly Claim[] = [];
  #uncertain: readonly Uncertain[] = [];
  #share = NOTHING;
  #shareText = "";
  #lapse: Timer | undefined;
  #wake: (() => void) | undefined;
  #problem = "";

  constructor(
    deps: { readonly env: Env; readonly leases: MemberLeases; readonly work: SharedWork },
    settings: ShardSettings,
  ) {
    this.#env = deps.env;
    this.#leases = deps.leases;
    this.#work = deps.work;
    this.#settings = settings;
    this.#silent = new SilentPeers(settings.renewDeadlineMs);
  }

  /** Whether this process is a member for sure: nobody can have ended its lease. */
  holds(): boolean {
    if (this.#renewedMs === undefined) return false;
    return this.#nowMs() - this.#renewedMs < this.#settings.renewDeadlineMs;
  }

  owns(key: string): boolean {
    return this.holds() && this.#share.owns(key);
  }

  /** Members of the view in force; 0 while this process is none. */
  get size(): number {
    return this.holds() ? (this.#confirmed?.ids.length ?? 0) : 0;
  }

  /** In words, for people. */
  get state(): string {
    if (this.holds()) return `${this.#id} is one of ${this.size} members`;
    return this.#problem === "" ? "not a member yet" : `not a member: ${this.#problem}`;
  }

  /** Something that a hand-over waits for has happened. */
  wake(): void {
    this.#wake?.();
  }

  /** Joins, and stays a member until the signal aborts; then leaves. No error ends it. */
  async run(context: Context): Promise<void> {
    this.#begin();
    try {
      while (!context.signal.aborted) {
        if ((await this.#tryTurn(context)) === "pause") await this.#pause(context.signal);
      }
    } finally {
      this.#setShare(NOTHING, ""); // before the lease goes: from then on others may begin
      await this.#leave(context);
      this.#lapse?.cancel();
    }
  }

  async #tryTurn(context: Context): Promise<"again" | "pause"> {
    try {
      const next = await this.#turn(context);
      this.#problem = "";
      return next;
    } catch (error) {
      if (context.signal.aborted) return "pause";
      this.#problem = errorText(error);
      context.log.warn("the leases of the shards could not be read or written", { error });
      return "pause";
    }
  }

  async #turn(context: Context): Promise<"again" | "pause"> {
    const leases = await this.#ask((inner) => this.#leases.list(inner), context);
    const own = leases.find(({ id }) => id === this.#id);
    const peers = leases.filter(({ id }) => id !== this.#id);
    const silent = this.#silent.see(peers, this.#nowMs());
    if (own === undefined && this.#own !== undefined) {
      this.#lose(context);
      return "pause";
    }
    const view = membersOf([this.#id, ...peers.map(({ id }) => id)]);
    if (own === undefined) return this.#join(view, context);
    this.#see(own, peers);
    const next = await this.#renew(own, view, context);
    return (await this.#endAll(silent, context)) ? "again" : next;
  }

  async #join(view: Members, context: Context): Promise<"again" | "pause"> {
    if (view.ids.length > MEMBERS_MAX) {
      throw new Error(`a group has ${MEMBERS_MAX} members at most`);
    }
    const sentMs = this.#nowMs();
    const written = await this.#ask((inner) => this.#leases.create(this.#id, view, inner), context);
    if (written.kind !== "done") return "pause";
    this.#renewed(written.lease, sentMs);
    context.log.info("this process joins those that share keys", { member: this.#id });
    return "again";
  }

  /** What a list says of the own view and of those of others. */
  #see(own: MemberLease, peers: readonly MemberLease[]): void {
    this.#own = own;
    const { resourceVersion } = own.lease.metadata;
    this.#uncertain = this.#uncertain.filter((sent) => sent.resourceVersion === resourceVersion);
    const view = viewOf(own);
    const against = peers.filter(({ members }) => {
      return members === "all" || !isSameMembers(members, view);
    });
    const isKnown = this.#confirmed !== undefined && isSameMembers(this.#confirmed, view);
    // Once seen not to claim a key of this view, another cannot begin with it (rule 1).
    const old = this.#claims;
    this.#claims = isKnown ? against.filter((one) => old.some(({ id }) => id === one.id)) : against;
    this.#confirmed = view;
  }

  /** Renews the lease; with the view that is wanted, if nothing goes on that it does not claim. */
  async #renew(own: MemberLease, wanted: Members, context: Context): Promise<"again" | "pause"> {
    const view = viewOf(own);
    const isStable = isSameMembers(view, wanted);
    const share = this.#shareOf(isStable ? [view] : [view, wanted]);
    const next = isStable || !this.#work.isDrained(share) ? view : wanted;
    const { resourceVersion = "" } = own.lease.metadata;
    if (next !== view) this.#uncertain = [...this.#uncertain, { resourceVersion, view: next }];
    const sentMs = this.#nowMs();
    const written = await this.#ask((inner) => this.#leases.renew(own, next, inner), context);
    if (written.kind === "gone") this.#lose(context);
    if (written.kind !== "done") return "pause";
    this.#renewed(written.lease, sentMs);
    return next !== view || this.#share === NOTHING ? "again" : "pause";
  }

  /** The keys that these views give to this process, none of which another may work on. */
  #shareOf(views: readonly Members[]): Share {
    if (!this.holds()) {
      this.#setShare(NOTHING, "");
      return NOTHING;
    }
    const all = [...views, ...this.#uncertain.map(({ view }) => view)];
    const claims = this.#claims.map(({ id, members }) => ({
      id,
      members: members === "all" ? members : members.ids,
    }));
    const text = JSON.stringify([this.#id, all.map(({ ids }) => ids), claims]);
    if (text !== this.#shareText) this.#setShare(new Share(this.#id, all, this.#claims), text);
    return this.#share;
  }

  #setShare(share: Share, text: string): void {
    const before = this.#share;
    if (before === share) return;
    this.#share = share;
    this.#shareText = text;
    this.#work.changed(before, share);
  }

  #renewed(own: MemberLease, sentMs: number): void {
    // Keys were turned away meanwhile: they have to be gained anew, for that is when all are told.
    if (!this.holds()) this.#stopWork();
    this.#own = own;
    this.#uncertain = [];
    this.#renewedMs = sentMs;
    this.#lapse?.cancel();
    const leftMs = sentMs + this.#settings.renewDeadlineMs - this.#nowMs();
    this.#lapse = this.#env.timers.after(leftMs, () => {
      if (!this.holds()) this.#stopWork();
    });
  }

  /** Ends the leases of those that are silent. Whether there were any. */
  async #endAll(silent: readonly MemberLease[], context: Context): Promise<boolean> {
    let hasEnded = false;
    for (const peer of silent) {
      if (!(await this.#ask((inner) => this.#leases.end(peer, inner), context))) continue;
      context.log.info("a member that was silent is a member no more", { member: peer.id });
      hasEnded = true;
    }
    return hasEnded;
  }

  /** The lease is gone: others may have all keys by now. */
  #lose(context: Context): void {
    context.log.warn("this process was silent for too long; it joins anew", { member: this.#id });
    this.#begin();
    this.#stopWork();
  }

  /** Makes this process a new member, which has nothing yet. */
  #begin(): void {
    this.#id = this.#env.ids.uuid();
    this.#own = undefined;
    this.#renewedMs = undefined;
    this.#confirmed = undefined;
    this.#claims = [];
    this.#uncertain = [];
    this.#silent = new SilentPeers(this.#settings.renewDeadlineMs);
  }

  #stopWork(): void {
    this.#setShare(NOTHING, "");
    this.#work.revokeAll();
  }

  /** Lets go of the lease, so that nobody waits for it to end; best effort. */
  async #leave(context: Context): Promise<void> {
    const own = this.#own;
    if (own === undefined || !this.#work.isDrained(NOTHING)) return;
    const last = withSignal(context, new AbortController().signal); // the caller's has aborted
    try {
      await this.#ask((inner) => this.#leases.end(own, inner), last);
    } catch (error) {
      context.log.warn("the lease could not be let go of; it ends by itself", { error });
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const spread = 1 + JITTER * (2 * this.#env.random.next() - 1);
    const timer = this.#env.timers.after(this.#settings.retryPeriodMs * spread, resolve);
    this.#wake = resolve;
    try {
      await orAborted(promise, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      timer.cancel();
      this.#wake = undefined;
    }
  }

  #ask<R>(call: (context: Context) => Promise<R>, context: Context): Promise<R> {
    const limitMs = this.#settings.renewDeadlineMs / 2;
    const late = (): Error => new Error(`the server did not answer within ${limitMs} ms`);
    return withinTime(call, context, { limitMs, late, env: this.#env });
  }

  #nowMs(): number {
    return this.#env.clock.monotonic();
  }
}

/** What someone else has made of it claims nothing that can be worked on. */
function viewOf({ members }: MemberLease): Members {
  return members === "all" ? NOBODY : members;
}
