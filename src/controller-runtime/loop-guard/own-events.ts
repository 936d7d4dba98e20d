/** The events that a controller's own writes make, as far back as an event may still come. */
import { keyText } from "../../machinery/key.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Trigger } from "../sources/source.ts";
import type { Write } from "./write-witness.ts";

/** Of the writes remembered, at least this many are the newest. */
export const OWN_EVENTS_MIN = 2_048;

export class OwnEvents {
  // Two generations: the older is dropped when the newer is full.
  #newer = new Set<string>();
  #older = new Set<string>();

  wrote(write: Write): void {
    const revision = write.after?.metadata.resourceVersion;
    if (revision === undefined) return; // the answer to a deletion does not tell it
    this.#newer.add(`${objectText(write)} @${revision}`);
    if (this.#newer.size < OWN_EVENTS_MIN) return;
    this.#older = this.#newer;
    this.#newer = new Set();
  }

  has(trigger: Trigger): boolean {
    if (trigger.kind !== "event") return false;
    const text = triggerText(trigger);
    return this.#newer.has(text) || this.#older.has(text);
  }
}

/** As events name it: `Pod default/web-1`. */
export function objectText({ type, key }: Pick<Write, "type" | "key">): string {
  return `${type.kind} ${keyText(key)}`;
}
