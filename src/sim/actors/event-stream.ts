/**
 * The way of watch events from the server to one view: each is under way for a time, in order, and
 * the stream may be cut between two of them. What is never done: an event out of order, twice, or
 * left out of a stream that goes on.
 */
import type { ApiObject } from "../../machinery/object.ts";
import { expired, type StatusError } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { TransportError } from "../../client/transport.ts";
import type { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { StreamWatch } from "./call-watch.ts";
import { EVENT_OPTIONS, LAG_OPTIONS, LAGS, PAUSES, type EventFate } from "./delays.ts";

export type StreamEnd = { readonly expired: boolean };

export type EventStreamDeps = {
  readonly kernel: Kernel;
  /** Who reads. */
  readonly reader: Actor;
  /** `web-controller's pods`: in names of decisions and in the log. */
  readonly name: string;
  /** How an object is called in them. */
  readonly nameOf: (object: ApiObject) => string;
  /** Objects that have arrived. */
  readonly onSeen: (object: ApiObject) => void;
  /** The stream is over for the server. */
  readonly onCut: (end: StreamEnd) => void;
  readonly watch?: StreamWatch | undefined;
};

type Item =
  | { readonly kind: "events"; readonly events: readonly WatchEvent[] }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: unknown };

/** Reads `source` at once, as a server writes to a socket, and hands it out when it arrives. */
export class EventStream implements AsyncIterable<readonly WatchEvent[]> {
  readonly #deps: EventStreamDeps;
  readonly #lagMs: number;
  readonly #arrived: Item[] = [];
  #waiting: ((item: Item) => void) | undefined;
  /** When the last of what is under way arrives. */
  #lastMs = 0;
  #isCut = false;
  /** The reader's end is gone, too: what is under way arrives nowhere. */
  #isGone = false;

  constructor(source: AsyncIterable<readonly WatchEvent[]>, deps: EventStreamDeps) {
    this.#deps = deps;
    const { choices } = deps.kernel;
    this.#lagMs = LAGS[choices.choose("lag", deps.name, LAG_OPTIONS)];
    void this.#pump(source);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly WatchEvent[], void, undefined> {
    for (;;) {
      const item = this.#arrived.shift() ?? (await this.#next());
      if (item.kind === "end") return;
      if (item.kind === "error") throw item.error;
      yield item.events;
    }
  }

  /** The connection is gone: what was under way is lost. */
  cut(): void {
    if (this.#isCut) return;
    this.#end({ expired: false });
  }

  async #pump(source: AsyncIterable<readonly WatchEvent[]>): Promise<void> {
    try {
      for await (const events of source) {
        if (this.#isCut) return;
        this.#send(events);
        if (this.#isCut) return;
      }
      this.#deps.watch?.ends();
      if (!this.#isCut) this.#post("the stream ends", { kind: "end" });
    } catch (error) {
      this.#deps.watch?.ends();
      if (!this.#isCut) this.#post("the stream fails", { kind: "error", error });
    }
  }

  /** Each event goes by itself; those of the beginning of a stream go together. */
  #send(events: readonly WatchEvent[]): void {
    for (const event of events) {
      if (event.kind === "BOOKMARK" || event.kind === "ERROR") {
        this.#post("", { kind: "events", events: [event] });
        continue;
      }
      const what = `${event.kind.toLowerCase()} ${this.#deps.nameOf(event.object.value)}`;
      const about = `${this.#deps.name} sees ${what}`;
      const fate = this.#deps.kernel.choices.choose("event", about, EVENT_OPTIONS);
      if (fate === "cut" || fate === "expired") {
        this.#cutAfterLast(fate);
        return;
      }
      this.#post(about, { kind: "events", events: [event] }, PAUSES[fate]);
    }
  }

  #cutAfterLast(fate: EventFate): void {
    this.#isCut = true;
    this.#deps.watch?.ends();
    this.#deliver(`${this.#deps.name} is cut`, { kind: "error", error: RESET });
    this.#deps.onCut({ expired: fate === "expired" });
  }

  #end(end: StreamEnd): void {
    this.#isCut = true;
    this.#deps.watch?.ends();
    this.#isGone = true;
    // Nothing of a reader that has died goes on, not even to fail.
    if (this.#deps.reader.isAlive) this.#take({ kind: "error", error: RESET });
    this.#deps.onCut(end);
  }

  #post(what: string, item: Item, pauseMs = 0): void {
    const { kernel } = this.#deps;
    const lagMs = kernel.choices.isHealed ? 0 : this.#lagMs;
    this.#lastMs = Math.max(this.#lastMs, kernel.nowMs + lagMs) + pauseMs;
    this.#deliver(what, item);
  }

  #deliver(what: string, item: Item): void {
    const { kernel, reader } = this.#deps;
    kernel.post(reader, what, this.#lastMs - kernel.nowMs, () => {
      if (this.#isGone) return;
      if (item.kind === "events") for (const event of item.events) this.#note(event);
      this.#take(item);
    });
  }

  #note(event: WatchEvent): void {
    this.#deps.watch?.arrived(event);
    if (event.kind !== "BOOKMARK" && event.kind !== "ERROR") this.#deps.onSeen(event.object.value);
  }

  #take(item: Item): void {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#arrived.push(item);
      return;
    }
    this.#waiting = undefined;
    waiting(item);
  }

  #next(): Promise<Item> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

/** One for all: most of them nobody reads. */
const RESET = new TransportError("the simulated connection was reset", { isRefused: false });

/** What a view is told that asks for a revision which is no longer known. */
export const TOO_OLD: StatusError = expired("too old resource version (simulated)");
