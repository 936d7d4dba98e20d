/** The cause row: why a revision exists, kept by the store in the same commit as the object. */
import { ROOTS, type CauseId, type Root } from "../base/context.ts";

/** One per revision. Empty or absent means unknown or none. */
export type CauseRow = {
  /** The authenticated user that wrote. */
  readonly user: string;
  /** What the writer calls itself: field manager, controller name or user agent. */
  readonly actor: string;
  /** API verb, e.g. `create`, `update`, `patch`, `delete`; subresources as `update/status`. */
  readonly verb: string;
  /** The reconcile or request the write belongs to. */
  readonly id: CauseId;
  /** Revisions whose events led to the write, ascending, at most `TRIGGERS_MAX`. */
  readonly triggers: readonly number[];
  /** W3C trace context of the request. */
  readonly traceparent: string;
  /** Wall clock of the commit, milliseconds since the epoch. */
  readonly timeMs: number;
  /** What led to the write besides those triggers, in the order of `ROOTS`. */
  readonly roots?: readonly Root[];
  /**
   * What changed the object between its writer and the store, in that order: `defaults`, admission
   * plug-ins by their names, `webhook NAME`, `policy NAME`; `others` stands for those that there
   * was no room for.
   */
  readonly edits?: readonly string[];
};

/** More triggers than this are dropped, oldest first. */
export const TRIGGERS_MAX = 32;

/** The form roots are kept in; undefined: there are none. */
export function normalRoots(roots: Iterable<Root>): readonly Root[] | undefined {
  const given = new Set(roots);
  return given.size === 0 ? undefined : ROOTS.filter((root) => given.has(root));
}

/**
 * The form triggers are kept in: ascending, each once, valid revisions only, the newest if many.
 */
export function normalTriggers(revisions: Iterable<number>): readonly number[] {
  const valid = new Set<number>();
  for (const revision of revisions) {
    if (Number.isSafeInteger(revision) && revision > 0) valid.add(revision);
  }
  return [...valid].sort((a, b) => a - b).slice(-TRIGGERS_MAX);
}
