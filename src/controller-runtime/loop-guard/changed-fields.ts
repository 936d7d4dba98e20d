/** The fields a write changed, each with its new value in short. */
import { exactText } from "../../machinery/codec/exact-json.ts";
import { differencesOf, type PathStep } from "../../trace/differences.ts";
import type { ApiObject } from "../../machinery/object.ts";

export type ChangedField = {
  readonly path: readonly PathStep[];
  /** `status.conditions[type=Ready].reason` */
  readonly text: string;
  /** Equal for equal new values. */
  readonly value: string;
};

const SHORT_MAX = 64;

/** In the order of the fields; what a server keeps books with does not count. */
export function changedFields(before: ApiObject, after: ApiObject): readonly ChangedField[] {
  return differencesOf(before, after).map(({ path, text, after: value }) => {
    return { path, text, value: shortText(value) };
  });
}

function shortText(value: unknown): string {
  const text = value === undefined ? "absent" : exactText(value);
  if (text.length <= SHORT_MAX) return text;
  let hash = 0x811c9dc5; // FNV-1a
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${text.length}:${hash}`;
}
