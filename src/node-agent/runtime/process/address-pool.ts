/** Addresses for pods out of a loopback range, each at most once at a time. Pure. */
import { ipv4Text, parseIPv4 } from "../../../machinery/ip-address.ts";

/** A range like `127.64.0.0/16`. Throws for what is none, or is not loopback. */
export function parseRange(range: string): { readonly first: number; readonly count: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  const [a, b, c, d, bits] = (match ?? []).slice(1).map(Number);
  const isValid = a === 127 && [b, c, d].every((part) => (part ?? 256) < 256) && bits !== undefined;
  if (!isValid || bits < 9 || bits > 30) {
    throw new RangeError(
      `podRange: "${range}" is not a range of 127.0.0.0/8 such as 127.64.0.0/16`,
    );
  }
  const address = ((a * 256 + (b ?? 0)) * 256 + (c ?? 0)) * 256 + (d ?? 0);
  const count = 2 ** (32 - bits);
  return { first: address - (address % count), count };
}

export class AddressPool {
  readonly #first: number;
  readonly #count: number;
  readonly #taken = new Set<number>();
  /** The next one to try: an address rests as long as possible before it is used again. */
  #next: number;

  /** `owner` decides where in the range it begins, so that two pools of one range rarely meet. */
  constructor(range: string, owner = "") {
    const { first, count } = parseRange(range);
    this.#first = first;
    this.#count = count;
    this.#next = 1 + (owner === "" ? 0 : hash(owner) % (count - 2));
  }

  /** An address that is free here and not among `foreign` ones; undefined if there is none. */
  take(foreign: ReadonlySet<string> = new Set()): string | undefined {
    for (let tries = 0; tries < this.#count - 2; tries += 1) {
      const offset = this.#next;
      this.#next = offset + 1 >= this.#count - 1 ? 1 : offset + 1; // neither network nor broadcast
      const address = ipv4Text(this.#first + offset);
      if (this.#taken.has(offset) || foreign.has(address)) continue;
      this.#taken.add(offset);
      return address;
    }
    return undefined;
  }

  /** Marks an address that is in use since before. One of another range is of no concern. */
  keep(address: string): void {
    const offset = this.#offset(address);
    if (offset === undefined) return;
    this.#taken.add(offset);
    this.#next = offset + 1 >= this.#count - 1 ? 1 : offset + 1;
  }

  give(address: string): void {
    const offset = this.#offset(address);
    if (offset !== undefined) this.#taken.delete(offset);
  }

  #offset(address: string): number | undefined {
    const value = parseIPv4(address);
    if (value === undefined) return undefined;
    const offset = value - this.#first;
    return offset > 0 && offset < this.#count ? offset : undefined;
  }
}

/** FNV-1a, 32 bits: spreads names over a range, no more. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** The addresses of this machine that something listens at, from the text of `/proc/net/tcp`. */
export function listeningAddresses(table: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of table.split("\n").slice(1)) {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const bytes = /^(..)(..)(..)(..):/.exec(local)?.slice(1) ?? [];
    if (state !== LISTEN || bytes.length !== 4) continue;
    // The kernel prints the four bytes as one number, which on all usual machines turns them round.
    const parts = bytes.toReversed().map((byte) => Number.parseInt(byte, 16));
    found.add(parts.join("."));
  }
  return found;
}

const LISTEN = "0A";
