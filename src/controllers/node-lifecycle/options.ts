/** How patient the control plane is with nodes. */

export type NodeLifecycleOptions = {
  /** How often each node is looked at, in milliseconds (default 5 s). */
  readonly monitorPeriodMs?: number;
  /** Silence after which a node counts as unreachable, in milliseconds (default 50 s). */
  readonly monitorGraceMs?: number;
  /** The same for a node that has not reported yet, in milliseconds (default 60 s). */
  readonly startupGraceMs?: number;
  /** Nodes that may begin to lose their pods, per second (default 0.1). */
  readonly evictionsPerSecond?: number;
  /** The same while most nodes are in trouble and there are many (default 0.01). */
  readonly troubledEvictionsPerSecond?: number;
};

export type QualifiedNodeLifecycleOptions = Required<NodeLifecycleOptions>;

/** Refuses durations and rates that are not positive, naming the option. */
export function withDefaults(options: NodeLifecycleOptions): QualifiedNodeLifecycleOptions {
  const qualified: QualifiedNodeLifecycleOptions = {
    monitorPeriodMs: options.monitorPeriodMs ?? 5_000,
    monitorGraceMs: options.monitorGraceMs ?? 50_000,
    startupGraceMs: options.startupGraceMs ?? 60_000,
    evictionsPerSecond: options.evictionsPerSecond ?? 0.1,
    troubledEvictionsPerSecond: options.troubledEvictionsPerSecond ?? 0.01,
  };
  for (const [name, value] of Object.entries(qualified)) {
    if (!(value > 0)) {
      throw new RangeError(`node lifecycle: ${name} must be positive, not ${value}`);
    }
  }
  return qualified;
}
