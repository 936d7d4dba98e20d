/** A reconcile that did nothing but what is said, for tests. */
import type { ReconcileRecord } from "../reconcile-record.ts";

export function aReconcile(parts: Partial<ReconcileRecord> = {}): ReconcileRecord {
  return {
    controller: "web",
    key: "default/p",
    id: "r-1",
    causes: [],
    reads: [],
    readsDropped: 0,
    writes: [],
    writesDropped: 0,
    result: "success",
    endMs: 0,
    durationMs: 2,
    ...parts,
  };
}
