/**
 * A provider that behaves as real ones do: it limits calls and records, is slow, answers lists from
 * the past, forgets to answer, and remembers idempotency keys.
 */
import type { Env } from "setpoint/client";
import {
  DnsApiError,
  LIST_LAG_MS,
  type DnsApi,
  type DnsEntry,
  type RecordContent,
  type RecordQuery,
} from "./dns-api.ts";

type Time = Pick<Env, "clock" | "timers">;
type Change = { readonly atMs: number; readonly id: string; readonly entry: DnsEntry | undefined };

/** `unavailable`: refused. `lost`: done, and nobody is told. */
export type Fault = "unavailable" | "lost";

export class FakeDns implements DnsApi {
  /** Beyond: 429. */
  callsPerSecond = 20;
  /** Beyond: 403. */
  recordsMax = 1_000;
  /** How long a call takes. */
  delayMs = 0;
  listLagMs: number = LIST_LAG_MS;
  /** What becomes of the next calls of a verb, one each. */
  readonly faults: (readonly [verb: string, fault: Fault])[] = [];
  /** While it is down every call fails. */
  isDown = false;
  /** Calls that were answered, refused or not: `create`, `create 429`, … */
  readonly calls: string[] = [];
  #time: Time;
  readonly #entries = new Map<string, DnsEntry>();
  readonly #keys = new Map<string, DnsEntry>();
  readonly #changes: Change[] = [];
  #windowMs = 0;
  #callsInWindow = 0;
  #lastId = 0;

  constructor(time: Time) {
    this.#time = time;
  }

  /** For tests: another world goes on with the provider. */
  useTime(time: Time): void {
    this.#time = time;
  }

  /** As it is now, for whoever stands beside it. */
  get entries(): readonly DnsEntry[] {
    return [...this.#entries.values()];
  }

  get(id: string, signal: AbortSignal): Promise<DnsEntry | undefined> {
    return this.#call("get", signal, () => this.#entries.get(id));
  }

  list(query: RecordQuery, signal: AbortSignal): Promise<readonly DnsEntry[]> {
    return this.#call("list", signal, () => {
      const shownMs = this.#time.clock.now() - this.listLagMs;
      const shown = new Map<string, DnsEntry>();
      for (const { atMs, id, entry } of this.#changes) {
        if (atMs > shownMs) break;
        if (entry === undefined) shown.delete(id);
        else shown.set(id, entry);
      }
      return [...shown.values()].filter((entry) => isAskedFor(entry, query));
    });
  }

  create(content: RecordContent, idempotencyKey: string, signal: AbortSignal): Promise<DnsEntry> {
    return this.#call("create", signal, () => {
      const before = this.#keys.get(idempotencyKey);
      if (before !== undefined) return before;
      if (this.#entries.size >= this.recordsMax) {
        throw new DnsApiError(403, `your plan has ${this.recordsMax} records`);
      }
      this.#lastId += 1;
      const made = { id: `r-${this.#lastId}`, ...content };
      this.#keys.set(idempotencyKey, made);
      return this.#write(made);
    });
  }

  update(id: string, content: RecordContent, signal: AbortSignal): Promise<DnsEntry | undefined> {
    return this.#call("update", signal, () =>
      this.#entries.has(id) ? this.#write({ ...content, id }) : undefined,
    );
  }

  delete(id: string, signal: AbortSignal): Promise<void> {
    return this.#call("delete", signal, () => {
      if (!this.#entries.delete(id)) return;
      this.#changes.push({ atMs: this.#time.clock.now(), id, entry: undefined });
    });
  }

  #write(entry: DnsEntry): DnsEntry {
    this.#entries.set(entry.id, entry);
    this.#changes.push({ atMs: this.#time.clock.now(), id: entry.id, entry });
    return entry;
  }

  async #call<R>(verb: string, signal: AbortSignal, act: () => R): Promise<R> {
    const { clock, timers } = this.#time;
    const second = Math.floor(clock.now() / 1_000);
    if (second !== this.#windowMs) this.#callsInWindow = 0;
    this.#windowMs = second;
    this.#callsInWindow += 1;
    if (this.#callsInWindow > this.callsPerSecond) {
      this.calls.push(`${verb} 429`);
      throw new DnsApiError(429, "too many calls", 1_000);
    }
    this.calls.push(verb);
    const fault = this.isDown ? "unavailable" : this.#faultOf(verb);
    if (fault === "unavailable") throw new DnsApiError(503, "down for maintenance");
    const result = act();
    // Slow after it is done: who does not wait for the answer does not know.
    if (this.delayMs > 0) await timers.sleep(this.delayMs, signal);
    if (fault === "lost") throw new DnsApiError(0, "connection reset");
    return result;
  }

  #faultOf(verb: string): Fault | undefined {
    const at = this.faults.findIndex(([of]) => of === verb);
    return at < 0 ? undefined : this.faults.splice(at, 1)[0]?.[1];
  }
}

function isAskedFor(entry: DnsEntry, query: RecordQuery): boolean {
  if ("owner" in query) return entry.owner === query.owner;
  return entry.name === query.domain || entry.name.endsWith(`.${query.domain}`);
}
