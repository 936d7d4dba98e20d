/** IP addresses and ranges as Go reads and writes them, errors included. */
import { quoted } from "../../machinery/go-quote.ts";

/** An address: its bits, of which there are 32 or 128. */
export type Address = {
  readonly version: 4 | 6;
  readonly bits: bigint;
  /** Of an IPv6 address, behind the percent sign. */
  readonly zone: string;
};

/** Addresses that begin with the same bits; `address` may have more bits set. */
export type Range = { readonly address: Address; readonly length: number };

export type Parsed<T> =
  { readonly kind: "ok"; readonly value: T } | { readonly kind: "error"; readonly message: string };

/** Stops parsing; the message becomes the result. */
class AddressProblem extends Error {
  override readonly name = "AddressProblem";
}

export function parseAddress(text: string): Parsed<Address> {
  try {
    return { kind: "ok", value: addressOf(text) };
  } catch (error) {
    if (!(error instanceof AddressProblem)) throw error;
    return { kind: "error", message: `ParseAddr(${quoted(text)}): ${error.message}` };
  }
}

export function parseRange(text: string): Parsed<Range> {
  const failed = (message: string): Parsed<Range> => ({
    kind: "error",
    message: `netip.ParsePrefix(${quoted(text)}): ${message}`,
  });
  const slash = text.lastIndexOf("/");
  if (slash < 0) return failed("no '/'");
  const address = parseAddress(text.slice(0, slash));
  if (address.kind === "error") return failed(address.message);
  if (address.value.zone !== "") return failed("IPv6 zones cannot be present in a prefix");
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length)) {
    return failed(`bad bits after slash: ${quoted(length)}`);
  }
  if (Number(length) > sizeOf(address.value)) return failed("prefix length out of range");
  return { kind: "ok", value: { address: address.value, length: Number(length) } };
}

/** How many bits the address has. */
export function sizeOf({ version }: Address): number {
  return version === 4 ? 32 : 128;
}

/** The range with no bits set behind its length. */
export function masked({ address, length }: Range): Range {
  const shift = BigInt(sizeOf(address) - length);
  return { address: { ...address, bits: (address.bits >> shift) << shift }, length };
}

/** Whether the address begins with the bits of the range. */
export function isInRange({ address, length }: Range, other: Address): boolean {
  if (address.version !== other.version) return false;
  const shift = BigInt(sizeOf(address) - length);
  return address.bits >> shift === other.bits >> shift;
}

/** Whether the address is an IPv4 address written as an IPv6 one. */
export function isMapped({ version, bits }: Address): boolean {
  return version === 6 && bits >> 32n === 0xffffn;
}

/** The canonical form. */
export function addressText({ version, bits, zone }: Address): string {
  if (version === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join(".");
  }
  const groups = Array.from(
    { length: 8 },
    (_, index) => (bits >> BigInt(16 * (7 - index))) & 0xffffn,
  );
  const { start, length } = longestZeros(groups);
  const text = (part: readonly bigint[]): string =>
    part.map((group) => group.toString(16)).join(":");
  const shown =
    length < 2
      ? text(groups)
      : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
  return zone === "" ? shown : `${shown}%${zone}`;
}

function longestZeros(groups: readonly bigint[]): {
  readonly start: number;
  readonly length: number;
} {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0n) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}

function addressOf(text: string): Address {
  const kind = /[.:%]/.exec(text)?.[0];
  if (kind === ".") return { version: 4, bits: ipv4Bits(text), zone: "" };
  if (kind === ":") return ipv6Of(text);
  throw new AddressProblem(kind === "%" ? "missing IPv6 address" : "unable to parse IP");
}

function at(text: string): string {
  return ` (at ${quoted(text)})`;
}

function ipv4Bits(text: string): bigint {
  const fields: number[] = [];
  let digits = "";
  for (const [index, character] of Array.from(text).entries()) {
    if (/[0-9]/.test(character)) {
      if (digits === "0") throw new AddressProblem("IPv4 field has octet with leading zero");
      digits += character;
      if (Number(digits) > 255) throw new AddressProblem("IPv4 field has value >255");
    } else if (character === ".") {
      if (digits === "" || index === text.length - 1) {
        const rest = at(text.slice(index));
        throw new AddressProblem(`IPv4 field must have at least one digit${rest}`);
      }
      if (fields.length === 3) throw new AddressProblem("IPv4 address too long");
      fields.push(Number(digits));
      digits = "";
    } else throw new AddressProblem(`unexpected character${at(text.slice(index))}`);
  }
  if (fields.length < 3) throw new AddressProblem("IPv4 address too short");
  return [...fields, Number(digits)].reduce((bits, field) => (bits << 8n) | BigInt(field), 0n);
}

function ipv6Of(whole: string): Address {
  const percent = whole.indexOf("%");
  const zone = percent < 0 ? "" : whole.slice(percent + 1);
  if (percent >= 0 && zone === "") throw new AddressProblem("zone must be a non-empty string");
  const text = percent < 0 ? whole : whole.slice(0, percent);
  return { version: 6, bits: ipv6Bits(text), zone };
}

function ipv6Bits(text: string): bigint {
  const groups: bigint[] = [];
  let gap = text.startsWith("::") ? 0 : -1;
  let rest = gap === 0 ? text.slice(2) : text;
  if (gap === 0 && rest === "") return 0n;
  while (groups.length < 8) {
    const field = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? "";
    if (field.length > 4) {
      const what = "each group must have 4 or less digits";
      throw new AddressProblem(`${what}${at(rest)}`);
    }
    if (field === "") {
      const what = "each colon-separated field must have at least one digit";
      throw new AddressProblem(`${what}${at(rest)}`);
    }
    if (rest.startsWith(".", field.length)) {
      appendIpv4(rest, groups, gap);
      rest = "";
      break;
    }
    groups.push(BigInt(`0x${field}`));
    rest = rest.slice(field.length);
    if (rest === "") break;
    if (!rest.startsWith(":")) {
      throw new AddressProblem(`unexpected character, want colon${at(rest)}`);
    }
    if (rest === ":")
      throw new AddressProblem(`colon must be followed by more characters${at(rest)}`);
    rest = rest.slice(1);
    if (!rest.startsWith(":")) continue;
    if (gap >= 0) throw new AddressProblem(`multiple :: in address${at(rest)}`);
    gap = groups.length;
    rest = rest.slice(1);
    if (rest === "") break;
  }
  if (rest !== "") throw new AddressProblem(`trailing garbage after address${at(rest)}`);
  return joined(groups, gap);
}

function appendIpv4(rest: string, groups: bigint[], gap: number): void {
  if (gap < 0 && groups.length !== 6) {
    const what = "embedded IPv4 address must replace the final 2 fields of the address";
    throw new AddressProblem(`${what}${at(rest)}`);
  }
  if (groups.length > 6) {
    const what = "too many hex fields to fit an embedded IPv4 at the end of the address";
    throw new AddressProblem(`${what}${at(rest)}`);
  }
  const bits = ipv4Bits(rest);
  groups.push(bits >> 16n, bits & 0xffffn);
}

function joined(groups: readonly bigint[], gap: number): bigint {
  if (groups.length < 8 && gap < 0) throw new AddressProblem("address string too short");
  if (groups.length === 8 && gap >= 0) {
    throw new AddressProblem("the :: must expand to at least one field of zeros");
  }
  const zeros = Array.from({ length: 8 - groups.length }, () => 0n);
  const all = gap < 0 ? groups : [...groups.slice(0, gap), ...zeros, ...groups.slice(gap)];
  return all.reduce((bits, group) => (bits << 16n) | group, 0n);
}
