/** The part of DER that certificates are written in: a value is a tag, a length and its bytes. */

export const sequence = (...parts: readonly Buffer[]): Buffer => value(0x30, ...parts);
export const set = (...parts: readonly Buffer[]): Buffer => value(0x31, ...parts);
export const utf8 = (text: string): Buffer => value(0x0c, Buffer.from(text, "utf8"));
export const bytes = (content: Buffer): Buffer => value(0x04, content);
/** `unused`: so many bits at the end do not count. */
export const bits = (content: Buffer, unused: number): Buffer =>
  value(0x03, Buffer.of(unused), content);
export const truth: Buffer = value(0x01, Buffer.of(0xff));
/** A value whose meaning follows from its place. */
export const context = (tag: number, content: Buffer): Buffer => value(0x80 | tag, content);
export const explicit = (tag: number, part: Buffer): Buffer => value(0xa0 | tag, part);

/** Of bytes that are taken for a positive number. */
export function integer(magnitude: Buffer): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.of(0) : magnitude.subarray(first);
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return value(0x02, ...(isNegative ? [Buffer.of(0)] : []), digits);
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const groups = rest.flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return value(0x06, Buffer.of(first * 40 + second, ...groups));
}

/** To the second; from 2050 on the year has four digits. */
export function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  const isLate = Number(text.slice(0, 4)) >= 2050;
  return value(isLate ? 0x18 : 0x17, Buffer.from(isLate ? text : text.slice(2), "ascii"));
}

function value(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const digits: number[] = [];
  for (let left = length; left > 0; left >>>= 8) digits.unshift(left & 0xff);
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length, ...digits), content]);
}
