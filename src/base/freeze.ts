/** Freezes `value` and all it holds, without recursion, so that any depth is safe. */
export function deepFreeze<T>(value: T): T {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const item = pending.pop();
    if (typeof item !== "object" || item === null || Object.isFrozen(item)) continue;
    if (ArrayBuffer.isView(item)) continue; // typed arrays with elements cannot be frozen
    Object.freeze(item);
    for (const key of Object.keys(item)) {
      const member = (item as Record<string, unknown>)[key];
      if (typeof member === "object" && member !== null) pending.push(member);
    }
  }
  return value;
}
