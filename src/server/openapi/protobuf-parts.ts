/** Messages of the published documents, put together field by field. */

const encoder = new TextEncoder();

/** A field: bytes with their length, a whole number, or a double. */
export type Part = readonly [
  number: number,
  value: Uint8Array | number | { readonly double: number },
];

export function text(value: string): Uint8Array {
  return encoder.encode(value);
}

/** An entry of a map. */
export function named(name: string, value: Uint8Array): Uint8Array {
  return message([
    [1, text(name)],
    [2, value],
  ]);
}

/** Extensions are YAML texts; JSON is YAML. */
export function anything(value: unknown): Uint8Array {
  return message([[2, text(JSON.stringify(value))]]);
}

export function extension(name: string, value: unknown): Uint8Array {
  return named(name, anything(value));
}

export function message(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const encoded = parts.map(([number, value]) => fieldOf(number, value));
  const size = encoded.reduce((sum, part) => sum + part.head.length + part.bytes.length, 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const { head, bytes } of encoded) {
    joined.set(head, at);
    joined.set(bytes, at + head.length);
    at += head.length + bytes.length;
  }
  return joined;
}

type Field = { readonly head: readonly number[]; readonly bytes: Uint8Array };

const NOTHING = new Uint8Array();

/** Wire types: 0 a whole number, 1 eight bytes, 2 bytes with their length. */
function fieldOf(number: number, value: Part[1]): Field {
  if (typeof value === "number") {
    return { head: [...varint(number * 8), ...varint(value)], bytes: NOTHING };
  }
  if (value instanceof Uint8Array) {
    return { head: [...varint(number * 8 + 2), ...varint(value.length)], bytes: value };
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value.double, true);
  return { head: varint(number * 8 + 1), bytes };
}

function varint(value: number): readonly number[] {
  if (value < 0x80) return [value];
  return [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}
