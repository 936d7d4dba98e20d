/** All clusters of a fleet at once: each told one lives, each that is told of no more ends. */
import { Backoff } from "../../base/backoff.ts";
import { causeId, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { childSignal, orAborted, type ChildSignal } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Client } from "../../client/client.ts";
import type { Informers } from "../../informer/informers.ts";
import { compareText } from "../../machinery/key.ts";
import { matchesLabels } from "../../machinery/labels.ts";
import type { HealthCheck } from "../manager/health.ts";
import type { Passage } from "../sharding/key-gate.ts";
import type { Shards } from "../sharding/shards.ts";
import type { Cluster, ClusterProvider } from "./cluster.ts";
import { ClusterRun, type ClusterRunParts } from "./cluster-run.ts";
import type { Clusters, ClustersListener } from "./clusters.ts";

const RETRY = { initialMs: 1_000, maxMs: 60_000, factor: 2, jitter: 0.5, resetMs: 300_000 };

export type MembersParts = Omit<ClusterRunParts, "changed" | "connected"> & {
  readonly provider: ClusterProvider;
  readonly hub: Client | undefined;
  readonly env: Env;
  /** Divides the clusters, by their names, among processes; absent: all are this one's. */
  readonly shards?: Shards;
};

type Member = { readonly run: ClusterRun; readonly life: ChildSignal };
type Connection = { readonly informers: Informers; readonly life: AbortSignal };

export class Members implements Clusters {
  readonly #parts: MembersParts;
  readonly #members = new Map<string, Member>();
  readonly #connections = new Map<ClusterRun, Connection>();
  /** Lives that end, or have ended just now: the next of that name waits for them. */
  readonly #ending = new Map<string, Promise<void>>();
  readonly #listeners = new Set<ClustersListener>();
  #known: ReadonlyMap<string, Cluster> = new Map();
  #told = Promise.withResolvers<void>();
  #isTold = false;
  #problem = "";

  constructor(parts: MembersParts) {
    this.#parts = parts;
  }

  get(name: string): ClusterRun | undefined {
    return this.#members.get(name)?.run;
  }

  list({ labels }: Parameters<Clusters["list"]>[0] = {}): readonly ClusterRun[] {
    const all = [...this.#members.values()].map(({ run }) => run);
    const chosen =
      labels === undefined ? all : all.filter((one) => matchesLabels(labels, one.labels));
    return chosen.sort((a, b) => compareText(a.name, b.name));
  }

  follow(listener: ClustersListener): () => void {
    this.#listeners.add(listener);
    if (listener.connected !== undefined) {
      for (const [run, connection] of this.#connections) this.#tellLate(listener, run, connection);
    }
    return () => this.#listeners.delete(listener);
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return orAborted(this.#told.promise, signal);
  }

  /** The provider, which counts until it has told; and each cluster, which does not. */
  checks(): { readonly counting: readonly HealthCheck[]; readonly named: readonly HealthCheck[] } {
    const state =
      this.#problem || (this.#isTold ? `${this.#members.size} clusters` : "not told yet");
    const provider = { name: this.#parts.provider.name, isOk: this.#isTold, state };
    const shards = this.#parts.shards === undefined ? [] : [this.#parts.shards.check()];
    return { counting: [provider, ...shards], named: this.list().map((run) => run.check()) };
  }

  /** Lives until the signal aborts and all clusters have ended. */
  async run(context: Context): Promise<void> {
    const group = new TaskGroup(context.signal);
    group.spawn((signal) => this.#provide(group, { ...context, signal }));
    const { shards } = this.#parts;
    const end = shards?.onGain(() => this.#adjust(group, context));
    const sharing = new AbortController(); // the clusters are handed over when their work has ended
    const shared = shards?.run({ ...context, signal: sharing.signal });
    try {
      await group.join();
    } finally {
      end?.();
      sharing.abort();
      await shared;
      for (const name of this.#members.keys()) this.#drop(name);
      this.#told = Promise.withResolvers<void>();
      this.#isTold = false;
    }
  }

  async #provide(group: TaskGroup, context: Context): Promise<void> {
    const { provider, hub, env } = this.#parts;
    const backoff = new Backoff(RETRY, env);
    const log = context.log.with({ provider: provider.name });
    while (!context.signal.aborted) {
      try {
        const tell = (clusters: readonly Cluster[]): void => {
          if (context.signal.aborted) return;
          this.#problem = "";
          this.#tell(clusters, group, { ...context, log });
        };
        await provider.run(tell, { hub, env }, { ...context, log });
        this.#problem = "the provider has ended";
      } catch (error) {
        if (context.signal.aborted) return;
        this.#problem = errorText(error);
        log.warn("the clusters could not be looked for; it is tried again", { error });
      }
      await env.timers.sleep(backoff.next(), context.signal).catch(() => undefined);
    }
  }

  #tell(clusters: readonly Cluster[], group: TaskGroup, context: Context): void {
    const wanted = new Map<string, Cluster>();
    for (const cluster of clusters) {
      if (cluster.name === "" || wanted.has(cluster.name)) {
        const problem = "a cluster has no name, or one that another has; it is left out";
        context.log.error(problem, { cluster: cluster.name });
      } else wanted.set(cluster.name, cluster);
    }
    this.#known = wanted;
    this.#adjust(group, context);
    this.#isTold = true;
    this.#told.resolve();
  }

  /** Lets those live that are known and this process's, and no others. */
  #adjust(group: TaskGroup, context: Context): void {
    if (group.signal.aborted) return;
    const isOurs = (name: string): boolean => this.#parts.shards?.owns(name) ?? true;
    for (const name of this.#members.keys()) {
      if (!this.#known.has(name) || !isOurs(name)) this.#drop(name);
    }
    for (const [name, cluster] of this.#known) {
      const member = this.#members.get(name);
      if (member !== undefined) member.run.tell(cluster);
      else if (isOurs(name)) this.#join(cluster, group, context);
    }
  }

  #join(cluster: Cluster, group: TaskGroup, context: Context): void {
    const { name } = cluster;
    let passage: Passage | undefined;
    const run: ClusterRun = new ClusterRun(cluster, {
      ...this.#parts,
      holds: () => this.#parts.holds() && (passage?.holds() ?? true),
      changed: () => this.#changed(name),
      connected: (informers, life) => this.#connected(run, informers, life),
    });
    const life = childSignal(group.signal);
    this.#members.set(name, { run, life });
    context.log.info("a cluster joins the fleet", { cluster: name });
    const before = this.#ending.get(name);
    group.spawn(async () => {
      const running = (before ?? Promise.resolve())
        .then(() => {
          const { shards, env } = this.#parts;
          passage = shards?.enter(name, causeId(env.ids.uuid()), life.signal);
          if (shards !== undefined && passage === undefined) return this.#drop(name, run);
          return run.run({ ...context, signal: passage?.signal ?? life.signal });
        })
        .finally(() => {
          passage?.leave();
          life.release();
          if (this.#ending.get(name) === running) this.#ending.delete(name);
        });
      this.#ending.set(name, running);
      await running;
    });
    this.#changed(name);
  }

  /** `run`: only if it is that one. */
  #drop(name: string, run = this.#members.get(name)?.run): void {
    const member = this.#members.get(name);
    if (member === undefined || member.run !== run) return;
    member.life.abort();
    this.#members.delete(name);
    this.#changed(name);
  }

  #connected(run: ClusterRun, informers: Informers, life: AbortSignal): void {
    if (life.aborted) return;
    this.#connections.set(run, { informers, life });
    const end = (): void => void this.#connections.delete(run);
    life.addEventListener("abort", end, { once: true });
    for (const listener of this.#listeners) listener.connected?.(run, informers, life);
  }

  /** What a late listener asks the views for is not there at once: all hear when it is. */
  #tellLate(listener: ClustersListener, run: ClusterRun, { informers, life }: Connection): void {
    listener.connected?.(run, informers, life);
    void informers.waitForSync(life).then(
      () => this.#changed(run.name),
      () => undefined, // the connection has ended
    );
  }

  #changed(name: string): void {
    for (const listener of this.#listeners) listener.changed?.(name);
  }
}
