/** Base64 as schemas of format `byte` have it. */

const PLACES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes; undefined if the text is not padded standard base64. Line ends are skipped. */
export function base64Bytes(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\r\n]/g, "");
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  const padding = digits.endsWith("==") ? 2 : digits.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((digits.length / 4) * 3 - padding);
  let bits = 0;
  let count = 0;
  let offset = 0;
  for (const digit of digits.slice(0, digits.length - padding)) {
    bits = ((bits << 6) | PLACES.indexOf(digit)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[offset] = (bits >> count) & 0xff;
    offset += 1;
  }
  return bytes;
}
