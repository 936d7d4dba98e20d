/** Conditions of a status: one per type, with a transition time that moves only on a change. */

export type Condition = {
  /** What it is about, e.g. `Ready`. There is one of each type. */
  readonly type: string;
  readonly status: string; // True, False, Unknown
  /** One CamelCase word, for programs. */
  readonly reason?: string;
  /** A sentence, for people. */
  readonly message?: string;
  /** When the status became what it is; RFC 3339. */
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly lastHeartbeatTime?: string;
  readonly lastProbeTime?: string | null;
  /** The generation of the spec that it speaks of. */
  readonly observedGeneration?: number;
};

/** The condition of this type, if there is one. */
export function findCondition<C extends { readonly type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition is there and "True". */
export function isConditionTrue(
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
  type: string,
): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/**
 * `conditions` with `next` in the place of the one with its type, or at the end. Keeps the old
 * `lastTransitionTime` while the status is the same; otherwise it is `now`. Returns the very same
 * array when nothing changes.
 */
export function setCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  next: C,
  now: string,
): readonly C[] {
  const list = conditions ?? [];
  const old = findCondition(list, next.type);
  if (old === undefined) return [...list, { ...next, lastTransitionTime: now }];
  const kept = old.status === next.status ? old.lastTransitionTime : now;
  const transition = kept === undefined ? {} : { lastTransitionTime: kept };
  const merged: C = { ...old, ...next, ...transition };
  const isSame =
    old.status === merged.status &&
    old.reason === merged.reason &&
    old.message === merged.message &&
    old.observedGeneration === merged.observedGeneration;
  if (isSame) return list;
  return list.map((condition) => (condition === old ? merged : condition));
}
