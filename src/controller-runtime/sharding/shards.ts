/**
 * The keys of a process that shares them with others: what a manager puts between its controllers'
 * queues and workers, and around the client they write with.
 */
import type { CauseId, Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Counter, Metrics } from "../../base/metrics.ts";
import { childSignal, type ChildSignal } from "../../base/signals.ts";
import type { Client } from "../../client/client.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import { keyText } from "../../machinery/key.ts";
import type { HealthCheck } from "../manager/health.ts";
import type { Runnable } from "../manager/runnable.ts";
import type { KeyGate, Passage } from "./key-gate.ts";
import { MemberLeases } from "./member-leases.ts";
import { Membership } from "./membership.ts";
import { shardSettings, type ShardOptions, type ShardSettings } from "./shard-options.ts";
import type { Share } from "./share.ts";

/** A write was not sent, as another process may have the key. */
export class ShardLostError extends Error {
  override readonly name = "ShardLostError";
}

/** A reconcile under way. */
type Turn = {
  readonly key: string;
  readonly signal: ChildSignal;
  /** When its end was first waited for. */
  awaitedMs: number | undefined;
  isRevoked: boolean;
  /** Sent, and not answered yet. */
  writes: number;
};

export class Shards implements KeyGate, Runnable {
  readonly name: string;
  readonly #env: Env;
  readonly #settings: ShardSettings;
  readonly #membership: Membership;
  readonly #turns = new Map<CauseId, Turn>();
  readonly #listeners = new Set<(isGained: (key: string) => boolean) => void>();
  readonly #counts: ShardCounts;
  /** Whether the membership waits for turns to end. */
  #isAwaited = false;

  /** Throws a `TypeError` for options that make no sense. `client` writes without a fence. */
  constructor(
    options: ShardOptions,
    deps: { readonly client: Client; readonly env: Env; readonly metrics: Metrics },
  ) {
    const settings = shardSettings(options);
    this.name = `shards of ${keyText(settings.lease)}`;
    this.#env = deps.env;
    this.#settings = settings;
    const { identity = deps.env.ids.uuid(), leaseDurationMs: durationMs, lease: group } = settings;
    const leases = new MemberLeases(deps, { group, identity, durationMs });
    const work = {
      isDrained: (share: Share) => this.#isDrained(share),
      revokeAll: () => this.#revokeAll(),
      changed: (before: Share, after: Share) => this.#changed(before, after),
    };
    this.#membership = new Membership({ env: deps.env, leases, work }, settings);
    this.#counts = shardCounts(deps.metrics, keyText(group), () => this.#membership.size);
  }

  /** Takes part until the signal aborts; controllers have to end before that. */
  run(context: Context): Promise<void> {
    return this.#membership.run(context);
  }

  owns(key: string): boolean {
    return this.#membership.owns(key);
  }

  enter(key: string, id: CauseId, signal: AbortSignal): Passage | undefined {
    if (!this.owns(key)) return undefined;
    const child = childSignal(signal);
    const turn: Turn = { key, signal: child, awaitedMs: undefined, isRevoked: false, writes: 0 };
    this.#turns.set(id, turn);
    return {
      signal: child.signal,
      holds: () => this.#membership.holds() && !turn.isRevoked,
      leave: () => {
        child.release();
        this.#turns.delete(id);
        this.#settled();
      },
    };
  }

  onGain(listener: (isGained: (key: string) => boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For readiness. */
  check(): HealthCheck {
    return { name: "shards", isOk: this.#membership.holds(), state: this.#membership.state };
  }

  /**
   * `client`, whose writes are refused with `ShardLostError` when this process is no member for
   * sure, or when the reconcile that makes them has lost its key.
   */
  fence(client: Client): Client {
    return interceptedClient(client, async ({ isWrite, context }, send) => {
      if (!isWrite) return send();
      const turn = this.#turns.get(context.cause.id);
      const mayRepeat = (): void => {
        if (this.#membership.holds() && turn?.isRevoked !== true) return;
        this.#counts.refused.add(this.#counts.labels);
        throw new ShardLostError("another process may have this key by now: nothing was written");
      };
      mayRepeat();
      const fenced = { ...context, mayRepeat };
      if (turn === undefined) return send(fenced);
      turn.writes += 1;
      try {
        return await send(fenced);
      } finally {
        turn.writes -= 1;
        this.#settled();
      }
    });
  }

  #isDrained(share: Share): boolean {
    const nowMs = this.#env.clock.monotonic();
    let isDrained = true;
    for (const turn of this.#turns.values()) {
      if (share.owns(turn.key)) continue;
      turn.awaitedMs ??= nowMs;
      if (nowMs - turn.awaitedMs >= this.#settings.drainMsMax) this.#revoke(turn);
      if (!turn.isRevoked || turn.writes > 0) isDrained = false;
    }
    this.#isAwaited = !isDrained;
    return isDrained;
  }

  #revokeAll(): void {
    for (const turn of this.#turns.values()) this.#revoke(turn);
  }

  #revoke(turn: Turn): void {
    if (turn.isRevoked) return;
    turn.isRevoked = true;
    this.#counts.revoked.add(this.#counts.labels);
    turn.signal.abort(new ShardLostError("another process gets this key"));
  }

  #settled(): void {
    if (this.#isAwaited) this.#membership.wake();
  }

  #changed(before: Share, after: Share): void {
    this.#counts.changes.add(this.#counts.labels);
    for (const listener of this.#listeners) listener(after.gainedSince(before));
  }
}

type ShardCounts = {
  readonly labels: { readonly group: string };
  readonly changes: Counter;
  readonly revoked: Counter;
  readonly refused: Counter;
};

function shardCounts(metrics: Metrics, group: string, members: () => number): ShardCounts {
  const labels = { group };
  const counter = (name: string, help: string): Counter => {
    const made = metrics.counter(name, help);
    made.add(labels, 0);
    return made;
  };
  const help = "Members of the group as this process sees it; 0 while it is none";
  metrics.gauge("setpoint_shard_members", help).read(labels, members);
  return {
    labels,
    changes: counter("setpoint_shard_changes_total", "Changes of the keys this process has"),
    revoked: counter("setpoint_shard_revoked_total", "Reconciles whose key was taken away"),
    refused: counter("setpoint_shard_refused_writes_total", "Writes that were not sent"),
  };
}
