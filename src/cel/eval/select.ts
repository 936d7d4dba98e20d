/** Fields of objects, values of maps and elements of lists. */
import { CelError } from "../cel-error.ts";
import { CelOptional, NONE, type CelResult, type CelValue } from "../values.ts";
import { indexOf } from "./lists.ts";
import { isError } from "./runtime-types.ts";
import { show } from "./show.ts";

/** What is at `key`; undefined if nothing is, or if there is nothing to look into. */
export function find(container: CelValue, key: CelValue): CelResult | undefined {
  if (typeof container !== "object" || container === null || container instanceof Uint8Array) {
    return undefined;
  }
  switch (container.kind) {
    case "map":
      return container.get(key);
    case "list": {
      const index = indexOf(key);
      if (index instanceof CelError) return index;
      return index >= 0 && index < container.size ? container.at(index) : undefined;
    }
    case "struct":
      return typeof key === "string" ? container.fields.get(key) : undefined;
    case "opaque":
      return typeof key === "string" ? container.field?.(key) : undefined;
    default:
      return undefined;
  }
}

/** What is at `key`; an error if nothing is. In an optional, an optional. */
export function select(container: CelValue, key: CelValue): CelResult {
  if (container instanceof CelOptional) return selectOptional(container, key);
  const found = find(container, key);
  return found === undefined ? missing(container, key) : found;
}

/** What is at `key`, if anything is. */
export function selectOptional(container: CelValue, key: CelValue): CelResult {
  const inner = container instanceof CelOptional ? container.value : container;
  const found = inner === undefined ? undefined : find(inner, key);
  if (found === undefined) return NONE;
  return isError(found) ? found : new CelOptional(found);
}

/** Whether there is something at `key`. */
export function isPresent(container: CelValue, key: CelValue): boolean | CelError {
  const inner = container instanceof CelOptional ? container.value : container;
  const found = inner === undefined ? undefined : find(inner, key);
  return found instanceof CelError ? found : found !== undefined;
}

function missing(container: CelValue, key: CelValue): CelError {
  const isList =
    typeof container === "object" &&
    container !== null &&
    !(container instanceof Uint8Array) &&
    container.kind === "list";
  if (isList) return new CelError(`index out of bounds: ${show(key)}`);
  return new CelError(`no such key: ${show(key)}`);
}
