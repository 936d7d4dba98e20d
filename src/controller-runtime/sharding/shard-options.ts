/** How processes share the objects of their controllers. */
import type { ObjectKey } from "../../machinery/key.ts";

/** The group of processes that share the work, and how fast they notice each other. */
export type ShardOptions = {
  /**
   * Names the group: processes with the same one share their keys. Every member has a Lease of its
   * own in that namespace, whose name begins with this one. It takes the right to get, list,
   * create, update and delete leases there.
   */
  readonly lease: ObjectKey;
  /** Who holds it, for people, e.g. the name of the pod. Default: a random one. */
  readonly identity?: string;
  /** How long the others wait for a member that is silent (default 15 s). */
  readonly leaseDurationMs?: number;
  /** How long a member works without having renewed its lease (default 10 s). */
  readonly renewDeadlineMs?: number;
  /** The pause between renewals, and between looks at the others (default 2 s). */
  readonly retryPeriodMs?: number;
  /**
   * How long a reconcile may go on with a key that is to be handed over (default 30 s): after that
   * its signal aborts and its writes are refused.
   */
  readonly drainMsMax?: number;
};

export type ShardSettings = Required<Omit<ShardOptions, "identity">> & {
  readonly identity: string | undefined;
};

/** Throws a `TypeError` for durations that cannot work together. */
export function shardSettings(options: ShardOptions): ShardSettings {
  const settings: ShardSettings = {
    lease: options.lease,
    identity: options.identity,
    leaseDurationMs: options.leaseDurationMs ?? 15_000,
    renewDeadlineMs: options.renewDeadlineMs ?? 10_000,
    retryPeriodMs: options.retryPeriodMs ?? 2_000,
    drainMsMax: options.drainMsMax ?? 30_000,
  };
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs, drainMsMax, lease } = settings;
  if (lease.namespace === "") throw new TypeError("shards.lease.namespace: must not be empty");
  if (lease.name === "") throw new TypeError("shards.lease.name: must not be empty");
  if (!(retryPeriodMs > 0)) throw new TypeError("shards.retryPeriodMs: must be greater than 0");
  if (!(drainMsMax >= 0)) throw new TypeError("shards.drainMsMax: must be 0 or more");
  if (!(leaseDurationMs >= 1_000)) {
    throw new TypeError("shards.leaseDurationMs: must be at least 1 s");
  }
  if (!(leaseDurationMs > renewDeadlineMs)) {
    throw new TypeError("shards.leaseDurationMs: must be greater than renewDeadlineMs");
  }
  if (!(renewDeadlineMs > 2 * retryPeriodMs)) {
    throw new TypeError("shards.renewDeadlineMs: must be greater than 2 times retryPeriodMs");
  }
  return settings;
}
