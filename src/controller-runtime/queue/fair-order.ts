/**
 * Whose turn it is where the keys of several tenants wait: of those with keys of the highest
 * priority, the tenant with the fewest keys at work, and of equals the one whose turn is longest
 * ago. Within a tenant the earlier key goes first.
 *
 *     a a a a b c, one worker       turns: a b c a a a
 *     a a a a b b, two workers      turns: a b, then whoever has none at work
 *
 * So a tenant can neither fill the queue before others nor keep all workers with slow keys, and
 * one that is alone has all of them. Every step takes constant time, or the logarithm of the keys.
 */
import { assert } from "../../base/assert.ts";
import { Fifo } from "../../base/fifo.ts";
import { Heap } from "../../base/heap.ts";
import { PlaceHeap, type Place } from "./place-heap.ts";

/** A tenant with keys that wait or are at work. */
type Tenant = {
  readonly name: string;
  /** Keys of it that are at work. */
  active: number;
  /** By priority. */
  readonly lines: Map<number, Line>;
};

/** The keys of one tenant that wait with one priority. */
type Line = {
  readonly tenant: Tenant;
  readonly places: PlaceHeap;
  count: number;
  /** Its newest stand in the rings; older ones count no more. */
  stand: number;
};

type Stand = { readonly line: Line; readonly stand: number };

/** All lines of one priority. */
type Level = {
  /** By how many keys of its tenant are at work: whose turn it is, in order. */
  readonly rings: Fifo<Stand>[];
  lines: number;
};

/** Stands that count no more are left in a ring up to this many more than there are lines. */
const SLACK = 64;

export class FairOrder {
  readonly #tenantOf: (key: string) => string;
  readonly #isThere: (place: Place) => boolean;
  readonly #tenants = new Map<string, Tenant>();
  readonly #levels = new Map<number, Level>();
  readonly #priorities = new Heap<number>((a, b) => b - a);
  readonly #waiting = new Map<string, Tenant>(); // by key
  readonly #active = new Map<string, Tenant>(); // by key
  #stand = 0;

  /** `isThere`: whether a place that was added was not removed. */
  constructor(tenantOf: (key: string) => string, isThere: (place: Place) => boolean) {
    this.#tenantOf = tenantOf;
    this.#isThere = isThere;
  }

  add(place: Place): void {
    const tenant = this.#tenant(this.#tenantOf(place.key));
    const line = this.#line(tenant, place.priority);
    this.#waiting.set(place.key, tenant);
    line.count += 1;
    line.places.push(place, line.count);
  }

  /** The key at that place waits no more. */
  remove({ key, priority }: Place): void {
    const tenant = this.#waiting.get(key);
    const line = tenant?.lines.get(priority);
    const level = this.#levels.get(priority);
    assert(line !== undefined && level !== undefined, "a place that goes was there");
    this.#waiting.delete(key);
    line.count -= 1;
    if (line.count > 0) return;
    line.stand = -1;
    line.tenant.lines.delete(priority);
    this.#forgetIfIdle(line.tenant);
    level.lines -= 1;
    if (level.lines === 0) this.#levels.delete(priority);
  }

  /** The place whose turn it is. */
  first(): Place | undefined {
    for (let top = this.#priorities.peek(); top !== undefined; top = this.#priorities.peek()) {
      const level = this.#levels.get(top);
      if (level !== undefined) return firstLine(level)?.places.first();
      this.#priorities.pop();
    }
    return undefined;
  }

  /** The key, which waits, is about to be taken. */
  taken({ key }: Place): void {
    const tenant = this.#waiting.get(key);
    assert(tenant !== undefined, "a key that is taken has waited");
    this.#active.set(key, tenant);
    this.#works(tenant, 1);
  }

  /** The key is not at work any more. */
  done(key: string): void {
    const tenant = this.#active.get(key);
    assert(tenant !== undefined, "a key that is done was taken");
    this.#active.delete(key);
    this.#works(tenant, -1);
    this.#forgetIfIdle(tenant);
  }

  /** Nothing waits any more; what is at work still is. */
  clear(): void {
    this.#levels.clear();
    this.#waiting.clear();
    for (const tenant of this.#tenants.values()) {
      tenant.lines.clear();
      this.#forgetIfIdle(tenant);
    }
  }

  /** Its lines go behind those of others with as many keys at work. */
  #works(tenant: Tenant, more: 1 | -1): void {
    tenant.active += more;
    for (const [priority, line] of tenant.lines) {
      const level = this.#levels.get(priority);
      if (level !== undefined) this.#standBehind(line, level);
    }
  }

  #standBehind(line: Line, level: Level): void {
    this.#stand += 1;
    line.stand = this.#stand;
    const { active } = line.tenant;
    while (level.rings.length <= active) level.rings.push(new Fifo());
    const ring = level.rings[active];
    assert(ring !== undefined, "there is a ring for each number of keys at work");
    ring.push({ line, stand: this.#stand });
    if (ring.size > 2 * level.lines + SLACK) trim(ring);
  }

  #tenant(name: string): Tenant {
    const known = this.#tenants.get(name);
    if (known !== undefined) return known;
    const tenant: Tenant = { name, active: 0, lines: new Map() };
    this.#tenants.set(name, tenant);
    return tenant;
  }

  #line(tenant: Tenant, priority: number): Line {
    const known = tenant.lines.get(priority);
    if (known !== undefined) return known;
    const places = new PlaceHeap((a, b) => a.order - b.order, this.#isThere);
    const line: Line = { tenant, places, count: 0, stand: -1 };
    tenant.lines.set(priority, line);
    const level = this.#level(priority);
    level.lines += 1;
    this.#standBehind(line, level);
    return line;
  }

  #level(priority: number): Level {
    const known = this.#levels.get(priority);
    if (known !== undefined) return known;
    const level: Level = { rings: [], lines: 0 };
    this.#levels.set(priority, level);
    this.#priorities.push(priority);
    return level;
  }

  #forgetIfIdle(tenant: Tenant): void {
    if (tenant.active === 0 && tenant.lines.size === 0) this.#tenants.delete(tenant.name);
  }
}

function isStanding({ line, stand }: Stand): boolean {
  return line.stand === stand;
}

function firstLine({ rings }: Level): Line | undefined {
  for (const ring of rings) {
    for (let top = ring.peek(); top !== undefined; top = ring.peek()) {
      if (isStanding(top)) return top.line;
      ring.shift();
    }
  }
  return undefined;
}

function trim(ring: Fifo<Stand>): void {
  for (let left = ring.size; left > 0; left -= 1) {
    const stand = ring.shift();
    if (stand !== undefined && isStanding(stand)) ring.push(stand);
  }
}
