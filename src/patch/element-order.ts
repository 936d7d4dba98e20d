/**
 * Puts merged items in order. Those a patch names come in the order it wants; the others, which
 * only the server has, keep theirs, each in front of the first named item that stood behind it in
 * the live list. So both orders hold, and a new item does not tear old neighbours apart.
 */
export function arrangeItems<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  wanted: readonly string[],
  live: readonly string[],
): readonly T[] {
  const wantedAt = positions(wanted);
  const liveAt = positions(live);
  const isNamed = (item: T): boolean => wantedAt.has(keyOf(item));
  const at = (item: T): number => wantedAt.get(keyOf(item)) ?? 0;
  const named = items.filter(isNamed).sort((a, b) => at(a) - at(b));
  const others = items.filter((item) => !isNamed(item));

  const arranged: T[] = [];
  let taken = 0;
  for (const item of named) {
    const end = liveAt.get(keyOf(item)) ?? Number.NEGATIVE_INFINITY;
    for (let other = others[taken]; other !== undefined; other = others[taken]) {
      if ((liveAt.get(keyOf(other)) ?? Number.POSITIVE_INFINITY) >= end) break;
      arranged.push(other);
      taken += 1;
    }
    arranged.push(item);
  }
  return [...arranged, ...others.slice(taken)];
}

/** Where each key stands first. */
export function positions(keys: readonly string[]): ReadonlyMap<string, number> {
  const at = new Map<string, number>();
  for (const [index, key] of keys.entries()) if (!at.has(key)) at.set(key, index);
  return at;
}
