/**
 * What one key has written of late, and the two signs that it goes round in circles:
 *
 *     own writes     nothing but its own writes has woken it, and it writes the same objects again
 *     field fight    it sets a field to what it has set it to before: somebody has changed it back
 *
 * Neither is one if something new came from outside, or if a write is the first of its object: that
 * is progress, however fast.
 */
import type { Informers } from "../../informer/informers.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Trigger } from "../sources/source.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Turn } from "../queue/work-queue.ts";
import { changedFields, type ChangedField } from "./changed-fields.ts";
import { objectText, type OwnEvents } from "./own-events.ts";
import type { Write } from "./write-witness.ts";

/** Objects that a key is known to write; beyond, it starts anew. */
export const WRITTEN_OBJECTS_MAX = 256;

/** Turns with writes within the window before the writes are looked into. */
export const SUSPECT_TURNS = 5;

export type LoopKind = "own-writes" | "field-fight";

/** An object that a key writes in circles. */
export type Flapping = {
  readonly write: Write;
  readonly times: number;
  readonly fields: ReadonlyMap<string, { readonly field: ChangedField; readonly times: number }>;
};

/** What woke a turn. */
export type Waking = {
  /**
   * news: something from outside; echo: only what it wrote itself, and what others made of that;
   * nothing: a timer or a retry.
   */
  readonly kind: "news" | "echo" | "nothing";
  /** Objects written by it that others have written, too. */
  readonly contested: ReadonlySet<string>;
};

type Written = {
  readonly write: Write;
  /** The newest state that was looked at. */
  state: ApiObject | undefined;
  /** Last value of each field that it has set; of "" whether the object is there. */
  readonly values: Map<string, string>;
};

const WHOLE: ChangedField = { path: [], text: "", value: "present" };

export class KeyHistory {
  readonly strikes: Readonly<Record<LoopKind, number[]>> = { "own-writes": [], "field-fight": [] };
  readonly #flapping: Readonly<Record<LoopKind, Map<string, Flapping>>> = {
    "own-writes": new Map(),
    "field-fight": new Map(),
  };
  #writeTimes: readonly number[] = [];
  #isSuspect = false;
  #lastTriggers: ReadonlySet<string> = new Set();
  /** By object. */
  #written = new Map<string, Written>();
  /** Objects written since the last news. */
  #sinceNews = new Set<string>();

  /** Whether there are so many writes that they are looked into. Stays so until all are old. */
  get isSuspect(): boolean {
    return this.#isSuspect;
  }

  /** Looks at what others did since the last call. */
  waking(turn: Turn, own: OwnEvents, informers: Informers): Waking {
    const fresh = turn.triggers.filter((one) => !this.#lastTriggers.has(triggerText(one)));
    const foreign = fresh.filter((one) => isFromOutside(one) && !own.has(one));
    const contested = new Set<string>();
    let hasNews = false;
    for (const trigger of foreign) {
      const name = trigger.kind === "event" ? trigger.object : "";
      const written = this.#written.get(name);
      if (written === undefined || isNews(written, informers)) hasNews = true;
      if (written !== undefined) contested.add(name);
    }
    const isEcho = fresh.some(isFromOutside);
    return { kind: hasNews ? "news" : isEcho ? "echo" : "nothing", contested };
  }

  /** Counts a turn. Answers whether it went round in a circle. */
  ended(turn: Turn, waking: Waking, writes: readonly Write[], nowMs: number): boolean {
    this.#lastTriggers = new Set(turn.triggers.map(triggerText));
    if (waking.kind === "news") {
      this.strikes["own-writes"].length = 0;
      this.#flapping["own-writes"].clear();
      this.#sinceNews.clear();
    }
    if (writes.length === 0) return false;
    this.#writeTimes = [...this.#writeTimes, nowMs].slice(-SUSPECT_TURNS);
    if (this.#writeTimes.length >= SUSPECT_TURNS) this.#isSuspect = true;
    if (!this.#isSuspect) return false;
    if (this.#written.size > WRITTEN_OBJECTS_MAX) this.#written.clear();
    const isRepeat = writes.every((write) => this.#sinceNews.has(objectText(write)));
    const changes = writes.map((write) => ({ write, fields: changesOf(write) }));
    const isFight = changes.filter((change) => this.#isReverted(change)).length > 0;
    const isLoop = waking.kind === "echo" && isRepeat;
    if (isFight) this.strikes["field-fight"].push(nowMs);
    if (isLoop) {
      this.strikes["own-writes"].push(nowMs);
      for (const { write, fields } of changes) this.#flaps("own-writes", write, fields);
    }
    for (const write of writes) this.#sinceNews.add(objectText(write));
    return isFight || isLoop;
  }

  /** Forgets what is older. */
  forgetBefore(ms: number): void {
    this.#writeTimes = this.#writeTimes.filter((time) => time >= ms);
    if (this.#writeTimes.length === 0) this.#isSuspect = false;
    for (const times of Object.values(this.strikes)) {
      const late = times.findIndex((time) => time >= ms);
      times.splice(0, late < 0 ? times.length : late);
    }
  }

  /** The object that flaps most. */
  worst(kind: LoopKind): Flapping | undefined {
    return [...this.#flapping[kind].values()].toSorted((a, b) => b.times - a.times)[0];
  }

  /** Whether the fight is about one of these objects. */
  isFoughtOver(objects: ReadonlySet<string>): boolean {
    return [...objects].some((name) => this.#flapping["field-fight"].has(name));
  }

  /** Notes the change, and whether it repeats the last one of the same field. */
  #isReverted({ write, fields }: { readonly write: Write; readonly fields: Fields }): boolean {
    const name = objectText(write);
    const known = this.#written.get(name);
    const isSame = known?.state?.metadata.uid === write.after?.metadata.uid;
    const values = new Map(isSame ? known?.values : []);
    const presence = known?.values.get("");
    const reverted = fields.filter(({ text, value }) => {
      return value === (text === "" ? presence : values.get(text));
    });
    if (presence !== undefined) values.set("", presence);
    for (const { text, value } of fields) values.set(text, value);
    this.#written.set(name, { write, state: write.after, values });
    if (reverted.length > 0) this.#flaps("field-fight", write, reverted);
    return reverted.length > 0;
  }

  #flaps(kind: LoopKind, write: Write, changed: Fields): void {
    const flapping = this.#flapping[kind];
    const name = objectText(write);
    const known = flapping.get(name);
    const fields = new Map(known?.fields);
    for (const field of changed) {
      fields.set(field.text, { field, times: (fields.get(field.text)?.times ?? 0) + 1 });
    }
    flapping.set(name, { write, fields, times: (known?.times ?? 0) + 1 });
  }
}

type Fields = readonly ChangedField[];

function changesOf({ kind, before, after }: Write): Fields {
  if (kind === "create") return [WHOLE];
  if (kind === "delete") return [{ ...WHOLE, value: "absent" }];
  if (after === undefined) return [];
  return before === undefined ? [] : changedFields(before, after);
}

function isFromOutside({ kind }: Trigger): boolean {
  return kind === "event" || kind === "initial";
}

/** Whether others have made of the object more than an answer to what was written to it. */
function isNews(written: Written, informers: Informers): boolean {
  const { write, state } = written;
  const present = informers.peek(write.type)?.lister.get(write.key);
  written.state = present;
  if (present === undefined) return false; // it was deleted: one side of a fight
  if (state === undefined) return true;
  const fields = changedFields(state, present);
  return fields.some(({ path, text }) => path[0] !== "status" && !written.values.has(text));
}
