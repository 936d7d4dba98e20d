/**
 * One active replica of several, by a Lease.
 *
 * Promises: while every replica's clock runs at about the same rate, at most one leads; a leader
 * that cannot renew stops to lead before another can begin. Clocks may differ in what time it is:
 * a holder is judged by how long its record has not changed, measured here.
 * Non-promises: a process that is paused (a suspended machine) may still have requests under way
 * when another leads already. `holdsLease()`, asked before each write, narrows that window; only a
 * precondition at the server would close it.
 */
import { type CallCause, withSignal, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { errorText } from "../base/error-text.ts";
import type { Metrics } from "../base/metrics.ts";
import { childSignal } from "../base/signals.ts";
import type { ObjectKey } from "../machinery/key.ts";
import { keyText } from "../machinery/key.ts";
import { apiMicroTime } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { Lease } from "./builtin.ts";
import type { Client } from "./client.ts";

/**
 * The Lease that decides who leads, and how long things may take. `renewDeadlineMs` must be below
 * `leaseDurationMs`, and above 1.2 times `retryPeriodMs`.
 */
export type LeaderElectionOptions = {
  /** The Lease that the replicas share. */
  readonly lease: ObjectKey;
  /** Unique among the replicas, e.g. the host name and a random suffix. */
  readonly identity: string;
  /** How long the others wait for a leader that is silent (default 15 s). */
  readonly leaseDurationMs?: number;
  /** How long a leader tries to renew before it stops to lead (default 10 s). */
  readonly renewDeadlineMs?: number;
  /** The pause between tries (default 2 s). */
  readonly retryPeriodMs?: number;
  /** Whether a leader that stops lets go at once, so that nobody waits (default true). */
  readonly isReleasedOnCancel?: boolean;
};

/** Leading ended against the leader's will: what it did under its lease must end, too. */
export class LeadershipLostError extends Error {
  override readonly name = "LeadershipLostError";
}

type Settings = Required<LeaderElectionOptions>;
type Spec = Lease["spec"];

/** Upstream's spread of the pause between tries, so that replicas do not march in step. */
const JITTER_FACTOR = 1.2;

/** What a `LeaderElector` works with. */
export type LeaderElectorDeps = {
  readonly client: Client;
  readonly env: Env;
  /** Where renewals that took a read before the write are counted (default: nowhere). */
  readonly metrics?: Metrics;
};

/**
 * Leads while it holds a Lease: of all processes that share it, one at a time. A manager does this
 * by itself with `leaderElection`; this is for programs without one.
 */
export class LeaderElector {
  readonly #deps: LeaderElectorDeps;
  readonly #slowPath: () => void;
  readonly #settings: Settings;
  /** The record as last seen, and when it was first seen to be so. */
  #observed: { readonly lease: Lease; readonly atMs: number } | undefined;
  /** When the last renewal that succeeded was sent; undefined while this one does not lead. */
  #renewedMs: number | undefined;
  #problem: string | undefined;

  /** Throws a `TypeError` for durations that cannot work together. */
  constructor(deps: LeaderElectorDeps, options: LeaderElectionOptions) {
    this.#deps = deps;
    this.#settings = withDefaults(options);
    this.#slowPath = slowPathCounter(deps.metrics, options.lease.name);
  }

  /** Whether this one leads for sure: nobody else can have taken over yet. */
  holdsLease(): boolean {
    if (this.#renewedMs === undefined) return false;
    return this.#nowMs() - this.#renewedMs < this.#settings.renewDeadlineMs;
  }

  /** Who leads, as last seen; "" if nobody does. */
  get holder(): string {
    return this.#observed?.lease.spec.holderIdentity ?? "";
  }

  /** Why the lease could not be read or written at the last try; undefined: it could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Waits to lead, then runs `lead` until it ends or the signal aborts. Throws
   * `LeadershipLostError`, after `lead` has ended, if the lease could not be kept.
   */
  async run(lead: (context: Context) => Promise<void>, context: Context): Promise<void> {
    const log = context.log.with({ lease: keyText(this.#settings.lease) });
    try {
      await this.#acquire({ ...context, log });
    } catch (error) {
      if (context.signal.aborted) return;
      throw error;
    }
    log.info("this replica leads", { identity: this.#settings.identity });
    await this.#leadUntilLost(lead, { ...context, log });
  }

  async #acquire(context: Context): Promise<void> {
    let told = "";
    while (!(await this.#tryOnce(context))) {
      const { retryPeriodMs } = this.#settings;
      const { holder } = this;
      if (holder !== "" && holder !== told) {
        context.log.info("this replica stands by, while another one leads", { holder });
        told = holder;
      }
      const spread = 1 + JITTER_FACTOR * this.#deps.env.random.next();
      await this.#deps.env.timers.sleep(retryPeriodMs * spread, context.signal);
    }
  }

  async #leadUntilLost(lead: (context: Context) => Promise<void>, context: Context): Promise<void> {
    const leading = childSignal(context.signal);
    const renewing = childSignal(context.signal);
    const renewal = this.#renew(withSignal(context, renewing.signal)).then((isLost) => {
      if (isLost) leading.abort(new LeadershipLostError("the lease could not be renewed in time"));
      return isLost;
    });
    try {
      await lead(withSignal(context, leading.signal));
    } catch (error) {
      if (!leading.signal.aborted) throw error;
    } finally {
      renewing.abort();
      renewing.release();
      leading.release();
      if (!(await renewal) && this.#settings.isReleasedOnCancel) await this.#release(context);
      this.#renewedMs = undefined;
    }
    if (await renewal) {
      throw new LeadershipLostError(`the lease ${keyText(this.#settings.lease)} was lost`);
    }
  }

  /** Renews until the signal aborts (false) or the lease is lost (true). */
  async #renew(context: Context): Promise<boolean> {
    while (!context.signal.aborted) {
      try {
        const pauseMs = Math.min(this.#settings.retryPeriodMs, this.#leftMs());
        await this.#deps.env.timers.sleep(pauseMs, context.signal);
        if (!(await this.#tryOnce(context)) && this.#isTaken()) return true;
      } catch (error) {
        if (!context.signal.aborted) throw error;
        return false;
      }
      if (!this.holdsLease()) return true;
    }
    return false;
  }

  /** Whether the lease is certainly another's. */
  #isTaken(): boolean {
    const { holder } = this;
    return holder !== "" && holder !== this.#settings.identity;
  }

  /** One try to get or renew the lease. Errors are no success; only the signal's is thrown. */
  async #tryOnce(context: Context): Promise<boolean> {
    const request = childSignal(context.signal);
    const isLeading = this.#renewedMs !== undefined;
    const patienceMs = this.#requestTimeoutMs();
    const timeoutMs = isLeading ? Math.min(patienceMs, this.#leftMs()) : patienceMs;
    const timer = this.#deps.env.timers.after(timeoutMs, () => {
      request.abort(new Error("the server did not answer in time"));
    });
    const startMs = this.#nowMs();
    try {
      const cause: CallCause = { ...context.cause, roots: ["timer"] };
      const isHeld = await this.#claim({ ...context, cause, signal: request.signal });
      if (isHeld) this.#renewedMs = startMs;
      this.#problem = undefined;
      return isHeld;
    } catch (error) {
      context.signal.throwIfAborted();
      this.#problem = `the lease could not be read or written: ${errorText(error)}`;
      context.log.warn("the lease could not be read or written; it is tried again", { error });
      return false;
    } finally {
      timer.cancel();
      request.release();
    }
  }

  async #claim(context: Context): Promise<boolean> {
    if (this.holdsLease() && this.#observed !== undefined) {
      const isRenewed = await this.#put(this.#observed.lease, context);
      if (isRenewed) return true; // no read needed while nobody interferes
    }
    const lease = await this.#read(context);
    if (lease === undefined) return this.#create(context);
    this.#observe(lease);
    const isOwn = lease.spec.holderIdentity === this.#settings.identity;
    if (!isOwn && this.#isValid()) return false;
    if (isOwn) this.#slowPath();
    return this.#put(lease, context);
  }

  async #read(context: Context): Promise<Lease | undefined> {
    try {
      return await this.#deps.client.get(Lease, this.#settings.lease, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #create(context: Context): Promise<boolean> {
    const { name, namespace } = this.#settings.lease;
    const now = apiMicroTime(this.#deps.env.clock.now());
    const spec = { ...this.#claimSpec(now), acquireTime: now, leaseTransitions: 0 };
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace },
      spec,
    };
    try {
      this.#observe(await this.#deps.client.create(Lease, lease, context));
      return true;
    } catch (error) {
      if (isStatus(error, "AlreadyExists")) return false; // another was quicker
      throw error;
    }
  }

  /** Writes this one into the lease as it was read: false if it has changed since. */
  async #put(lease: Lease, context: Context): Promise<boolean> {
    const now = apiMicroTime(this.#deps.env.clock.now());
    const isOwn = lease.spec.holderIdentity === this.#settings.identity;
    const transitions = lease.spec.leaseTransitions ?? 0;
    const spec: Spec = {
      ...lease.spec,
      ...this.#claimSpec(now),
      ...(isOwn ? {} : { acquireTime: now, leaseTransitions: transitions + 1 }),
    };
    try {
      this.#observe(await this.#deps.client.update(Lease, { ...lease, spec }, context));
      return true;
    } catch (error) {
      if (isStatus(error, "Conflict") || isStatus(error, "NotFound")) return false;
      throw error;
    }
  }

  #claimSpec(now: string): Spec {
    const { identity, leaseDurationMs } = this.#settings;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1_000),
      renewTime: now,
    };
  }

  /**
   * Lets go, so that another can lead at once. Best effort: else they wait for the lease to end.
   */
  async #release(context: Context): Promise<void> {
    if (this.#observed === undefined) return;
    const { lease } = this.#observed;
    const now = apiMicroTime(this.#deps.env.clock.now());
    const { holderIdentity: _holder, ...rest } = lease.spec;
    const spec: Spec = { ...rest, leaseDurationSeconds: 1, renewTime: now, acquireTime: now };
    const last = new AbortController(); // the caller's signal has aborted by now
    const timer = this.#deps.env.timers.after(this.#requestTimeoutMs(), () => last.abort());
    try {
      await this.#deps.client.update(Lease, { ...lease, spec }, withSignal(context, last.signal));
      context.log.info("this replica has let go of the lease");
    } catch (error) {
      context.log.warn("the lease could not be let go of; it ends by itself", { error });
    } finally {
      timer.cancel();
    }
  }

  #observe(lease: Lease): void {
    const { resourceVersion } = lease.metadata;
    const isSame = this.#observed?.lease.metadata.resourceVersion === resourceVersion;
    if (!isSame || resourceVersion === undefined) this.#observed = { lease, atMs: this.#nowMs() };
  }

  /** Whether the observed holder, whoever that is, still has time. */
  #isValid(): boolean {
    if (this.#observed === undefined || this.holder === "") return false;
    const { lease, atMs } = this.#observed;
    const durationMs = (lease.spec.leaseDurationSeconds ?? 0) * 1_000;
    return this.#nowMs() < atMs + durationMs;
  }

  /** Until this one must stop to lead, unless it renews. */
  #leftMs(): number {
    const { renewDeadlineMs } = this.#settings;
    return Math.max(0, (this.#renewedMs ?? 0) + renewDeadlineMs - this.#nowMs());
  }

  #requestTimeoutMs(): number {
    return this.#settings.renewDeadlineMs / 2;
  }

  #nowMs(): number {
    return this.#deps.env.clock.monotonic();
  }
}

function slowPathCounter(metrics: Metrics | undefined, name: string): () => void {
  const total = metrics?.counter(
    "leader_election_slowpath_total",
    "Renewals of the lease that took a read before the write",
  );
  total?.add({ name }, 0);
  return () => total?.add({ name });
}

function withDefaults(options: LeaderElectionOptions): Settings {
  const settings: Settings = {
    lease: options.lease,
    identity: options.identity,
    leaseDurationMs: options.leaseDurationMs ?? 15_000,
    renewDeadlineMs: options.renewDeadlineMs ?? 10_000,
    retryPeriodMs: options.retryPeriodMs ?? 2_000,
    isReleasedOnCancel: options.isReleasedOnCancel ?? true,
  };
  const { identity, leaseDurationMs, renewDeadlineMs, retryPeriodMs } = settings;
  if (identity === "") throw new TypeError("identity: must not be empty");
  if (leaseDurationMs < 1_000) throw new TypeError("leaseDurationMs: must be at least 1 s");
  if (retryPeriodMs <= 0) throw new TypeError("retryPeriodMs: must be greater than 0");
  if (leaseDurationMs <= renewDeadlineMs) {
    throw new TypeError("leaseDurationMs: must be greater than renewDeadlineMs");
  }
  if (renewDeadlineMs <= JITTER_FACTOR * retryPeriodMs) {
    throw new TypeError("renewDeadlineMs: must be greater than 1.2 times retryPeriodMs");
  }
  return settings;
}
