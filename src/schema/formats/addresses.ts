/** IP and MAC addresses as Go's net package reads them. */
import { isIPv6 } from "../../machinery/ip-address.ts";

const IPV4_BITS = 32;
const IPV6_BITS = 128;
/** Octets of a MAC address: EUI-48, EUI-64, and InfiniBand. */
const MAC_SIZES: readonly number[] = [6, 8, 20];

/** Leading zeros are passed over here, as they were before Go refused them. */
export function isIpv4(text: string): boolean {
  if (isDottedQuad(text)) return true;
  return text.includes(".") && isIPv6(withoutLeadingZeros(text));
}

export function isIpv6(text: string): boolean {
  return text.includes(":") && isIPv6(text);
}

/** An address, a slash, and the length of a prefix. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  if (!/^\d{1,9}$/.test(length)) return false;
  if (isDottedQuad(address)) return Number(length) <= IPV4_BITS;
  return isIPv6(withoutLeadingZeros(address)) && Number(length) <= IPV6_BITS;
}

/** Pairs of hexadecimal digits with colons or dashes, or fours with dots. */
export function isMac(text: string): boolean {
  if (text.length > 59) return false;
  const pairs = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$|^[0-9a-f]{2}(?:-[0-9a-f]{2})+$/i;
  if (pairs.test(text)) return MAC_SIZES.includes((text.length + 1) / 3);
  if (!/^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text)) return false;
  return MAC_SIZES.includes((2 * (text.length + 1)) / 5);
}

function isDottedQuad(text: string): boolean {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return false;
  return parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255);
}

function withoutLeadingZeros(text: string): string {
  if (!text.includes(".")) return text;
  const colon = text.lastIndexOf(":");
  const quad = text.slice(colon + 1);
  if (!isDottedQuad(quad)) return text;
  const plain = quad.split(".").map((part) => String(Number(part)));
  return `${text.slice(0, colon + 1)}${plain.join(".")}`;
}
