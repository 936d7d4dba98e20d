/** IP addresses as text. */

const IPV4_PART = /^(0|[1-9][0-9]{0,2})$/;
const IPV6_PART = /^[0-9a-fA-F]{1,4}$/;

/** Whether `text` is an IPv4 or IPv6 address, without zone or prefix length. */
export function isIP(text: string): boolean {
  return text.includes(":") ? isIPv6(text) : isIPv4(text);
}

/** Whether `text` is an IPv4 address in four decimal parts, none with a leading zero. */
export function isIPv4(text: string): boolean {
  return parseIPv4(text) !== undefined;
}

/** The 32 bits of an IPv4 address as a number; undefined if `text` is none. */
export function parseIPv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => IPV4_PART.test(part))) return undefined;
  const bytes = parts.map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The IPv4 address whose 32 bits are `address`. */
export function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Whether `text` is an IPv6 address; its last two parts may be written as IPv4. */
export function isIPv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const parts = halves.map((half) => (half === "" ? [] : half.split(":")));
  const all = parts.flat();
  const last = all.at(-1) ?? "";
  const isMixed = last.includes(".");
  if (isMixed && !isIPv4(last)) return false;
  const hexParts = isMixed ? all.slice(0, -1) : all;
  if (!hexParts.every((part) => IPV6_PART.test(part))) return false;
  const count = hexParts.length + (isMixed ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
