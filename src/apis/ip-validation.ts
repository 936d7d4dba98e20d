/**
 * IP addresses and ranges in fields of objects, judged as strictly as new fields are: one spelling
 * for every address, so that two objects mean the same one exactly if their texts are equal.
 */
import { isIPv4, isIPv6, ipv4Text, parseIPv4 } from "../machinery/ip-address.ts";
import type { FieldError } from "../machinery/status.ts";
import { invalid } from "./field-errors.ts";

const NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const NOT_A_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const NOT_AN_INTERFACE =
  "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";

/** An address as its bits. */
export type IpAddress = { readonly family: "IPv4" | "IPv6"; readonly bits: bigint };

/** An address, and how many of its first bits name the network. */
export type IpRange = IpAddress & { readonly prefixLength: number };

/** The bits of an address; undefined if the text is none. */
export function parseIp(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { family: "IPv4", bits: BigInt(parseIPv4(text) ?? 0) };
  return isIPv6(text) ? { family: "IPv6", bits: ipv6Bits(text) } : undefined;
}

/** An address with a prefix length, host bits and all; undefined if the text is none. */
export function parseCidr(text: string): IpRange | undefined {
  const slash = text.indexOf("/");
  const length = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const address = parseIp(text.slice(0, slash));
  if (address === undefined || Number(length) > width(address)) return undefined;
  return { ...address, prefixLength: Number(length) };
}

/** Whether all addresses of `inner` are in `outer`, and not all of `outer` in `inner`. */
export function isStrictlyWithin(inner: IpRange, outer: IpRange): boolean {
  const isSmaller = inner.prefixLength > outer.prefixLength;
  return isSmaller && inner.family === outer.family && sharesPrefix(inner, outer);
}

/** What is wrong with the text of an address; undefined if nothing. */
export function ipProblem(text: string): string | undefined {
  const address = parseIp(text);
  if (address === undefined) return mistake(text, NOT_AN_ADDRESS, "must not have leading 0s");
  if (isMapped(address)) return "must not be an IPv4-mapped IPv6 address";
  return spellingProblem(text, ipText(address));
}

/** What is wrong with the text of a range of addresses. */
export function cidrErrors(field: string, text: string): readonly FieldError[] {
  const problem = cidrProblem(text);
  return problem === undefined ? [] : [invalid(field, text, problem)];
}

/** What is wrong with the address of an interface, which names its network too. */
export function interfaceAddressErrors(field: string, text: string): readonly FieldError[] {
  const range = parseCidr(text);
  const problem = range === undefined ? NOT_AN_INTERFACE : spellingProblem(text, rangeText(range));
  return problem === undefined ? [] : [invalid(field, text, problem)];
}

function cidrProblem(text: string): string | undefined {
  const range = parseCidr(text);
  if (range === undefined) {
    return mistake(text, NOT_A_RANGE, "must not have leading 0s in IP or prefix length");
  }
  if (isMapped(range)) return "must not have an IPv4-mapped IPv6 address";
  const hostBits = BigInt(width(range) - range.prefixLength);
  if ((range.bits >> hostBits) << hostBits !== range.bits) {
    return "must not have bits set beyond the prefix length";
  }
  return spellingProblem(text, rangeText(range));
}

/** Numbers with zeros before them were read as decimal or as octal, depending on the reader. */
function mistake(text: string, otherwise: string, leadingZeros: string): string {
  const plain = text.replace(/(^|[./])0+(?=[0-9])/g, "$1");
  const isRead = text.includes("/") ? parseCidr(plain) : parseIp(plain);
  return plain !== text && isRead !== undefined ? leadingZeros : otherwise;
}

function spellingProblem(text: string, canonical: string): string | undefined {
  return text === canonical
    ? undefined
    : `must be in canonical form (${JSON.stringify(canonical)})`;
}

function width(address: IpAddress): number {
  return address.family === "IPv4" ? 32 : 128;
}

function sharesPrefix(inner: IpRange, outer: IpRange): boolean {
  const rest = BigInt(width(outer) - outer.prefixLength);
  return inner.bits >> rest === outer.bits >> rest;
}

export function isMapped({ family, bits }: IpAddress): boolean {
  return family === "IPv6" && bits >> 32n === 0xffffn;
}

function rangeText(range: IpRange): string {
  return `${ipText(range)}/${range.prefixLength}`;
}

export function ipText({ family, bits }: IpAddress): string {
  return family === "IPv4" ? ipv4Text(Number(bits)) : ipv6Text(bits);
}

function ipv6Bits(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const groups = [...before, ...zeros, ...after];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

function groupsOf(half: string): readonly number[] {
  if (half === "") return [];
  return half.split(":").flatMap((part) => {
    const v4 = parseIPv4(part);
    return v4 === undefined ? [Number.parseInt(part, 16)] : [v4 >>> 16, v4 & 0xffff];
  });
}

/** RFC 5952: the first of the longest runs of zeros is left out. */
function ipv6Text(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((bits >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  let [start, length] = [0, 0];
  for (let from = 0; from < groups.length; from += 1) {
    let run = 0;
    while (groups[from + run] === 0) run += 1;
    if (run > length) [start, length] = [from, run];
  }
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
