import { VALUE_DEPTH_MAX } from "../machinery/json-value.ts";
import { PatchError } from "./patch-error.ts";

/**
 * The steps of a JSON pointer (RFC 6901); none for the whole document. As upstream, what stands
 * before the first slash is nobody's concern, and a lone ~ is itself. Throws a `PatchError`.
 */
export function parsePointer(text: string): readonly string[] {
  if (text === "") return [];
  const start = text.indexOf("/");
  if (start < 0) {
    throw new PatchError("unprocessable", `the pointer ${JSON.stringify(text)} has no /`);
  }
  const steps = text.slice(start + 1).split("/", VALUE_DEPTH_MAX + 1);
  if (steps.length > VALUE_DEPTH_MAX) {
    throw new PatchError("unprocessable", `a pointer has more than ${VALUE_DEPTH_MAX} steps`);
  }
  return steps.map((step) => step.replaceAll(/~[01]/g, (code) => (code === "~1" ? "/" : "~")));
}

/**
 * The place a step stands for among `count` places; one below zero counts from the end, as upstream
 * has it. Undefined if it is none of them.
 */
export function arrayIndex(step: string, count: number): number | undefined {
  if (!/^[+-]?[0-9]{1,15}$/.test(step)) return undefined;
  const number = Number(step);
  const index = number < 0 ? number + count : Math.abs(number);
  return index >= 0 && index < count ? index : undefined;
}
