import { compareText } from "../key.ts";

const PARTS = /[0-9]+|\p{L}+|[^0-9\p{L}]+/gu;

/**
 * The order in which kubectl prints the keys of a map: runs of digits by their number, letters
 * after everything else, and otherwise by code point.
 */
export function compareNaturally(a: string, b: string): number {
  const left = a.match(PARTS) ?? [];
  const right = b.match(PARTS) ?? [];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareParts(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  if (isNumber(a) && isNumber(b)) {
    const [first, second] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
    return first.length - second.length || compareText(first, second) || a.length - b.length;
  }
  const rank = Number(isWord(a)) - Number(isWord(b));
  return rank || compareText(a, b);
}

function isNumber(part: string): boolean {
  return /^[0-9]/.test(part);
}

function isWord(part: string): boolean {
  return /^\p{L}/u.test(part);
}
