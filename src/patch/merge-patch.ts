/** JSON merge patches (RFC 7386). */
import { setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields } from "../machinery/object.ts";
import { checkDepth } from "./depth.ts";

/**
 * `document` as `patch` wants it: objects are merged, null removes, anything else replaces. Neither
 * is changed; what stays the same is shared. Throws a `PatchError` for values nested too deep.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  checkDepth(document, patch);
  return merged(document, patch);
}

function merged(document: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return withoutNulls(patch);
  const result: MutableFields = isFields(document) ? { ...document } : {};
  for (const [key, member] of Object.entries(patch)) {
    if (member === undefined) continue;
    if (member === null) delete result[key];
    else
      setField(result, key, merged(Object.hasOwn(result, key) ? result[key] : undefined, member));
  }
  return result;
}

/** As upstream: objects in a list lose fields that are null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const result: MutableFields = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== null && member !== undefined) setField(result, key, withoutNulls(member));
  }
  return result;
}
