/** Causes, bytes and changes in the short form tests write them in. */
import { causeId } from "../../base/context.ts";
import type { CauseRow } from "../../trace/cause.ts";
import type { Change } from "../store.ts";

/** A cause row for tests. */
export function aCause(parts: Partial<CauseRow> = {}): CauseRow {
  return {
    user: "system:admin",
    actor: "test",
    verb: "update",
    id: causeId("r-1"),
    triggers: [],
    traceparent: "",
    timeMs: 1_767_225_600_000,
    ...parts,
  };
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A change, short: `+key=value@revision<previous` or `-key@revision<previous`. */
export function brief(change: Change): string {
  const previous = change.previous === undefined ? "" : `<${change.previous.revision}`;
  return change.kind === "put"
    ? `+${change.entry.key}=${text(change.entry.value)}@${change.entry.revision}${previous}`
    : `-${change.key}@${change.revision}${previous}`;
}

/** The text of bytes. */
export function text(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
