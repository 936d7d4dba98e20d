/** Sizes of values, as costs count them. */
import { CelError } from "../cel-error.ts";
import { length } from "../eval/text.ts";
import type { CelResult } from "../values.ts";

/** Characters, bytes, elements or entries; 1 for values without a size. */
export function actualSize(value: CelResult): number {
  if (typeof value === "string") return length(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== "object" || value === null || value instanceof CelError) return 1;
  if (value.kind === "list" || value.kind === "map") return value.size;
  if (value.kind === "optional") return value.value === undefined ? 1 : actualSize(value.value);
  return value.kind === "opaque" ? (value.costSize ?? 1) : 1;
}

/** Cost of looking at every part of a value, deep down to its strings. */
export function traversalCost(value: CelResult, factor: number): number {
  const pending: CelResult[] = [value];
  let cost = 0;
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === "string")
      cost += Math.floor(new TextEncoder().encode(next).length * factor);
    else if (next instanceof Uint8Array) cost += Math.floor(next.length * factor);
    else if (typeof next === "object" && next !== null && next.kind === "list") {
      for (let index = 0; index < next.size; index += 1) pending.push(next.at(index));
    } else if (typeof next === "object" && next !== null && next.kind === "map") {
      for (const key of next.keys()) pending.push(key, next.get(key) ?? null);
    } else cost += 1;
  }
  return cost;
}
