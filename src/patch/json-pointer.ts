import { VALUE_DEPTH_MAX } from "../machinery/json-value.ts";
import { PatchError } from "./patch-error.ts";

/** The steps of a JSON pointer (RFC 6901); none for the whole document. Throws a `PatchError`. */
export function parsePointer(text: string): readonly string[] {
  if (text === "") return [];
  if (!text.startsWith("/")) {
    throw new PatchError("unprocessable", `the pointer ${JSON.stringify(text)} has no leading /`);
  }
  if (/~(?![01])/.test(text)) {
    throw new PatchError("unprocessable", `the pointer ${JSON.stringify(text)} has a lone ~`);
  }
  const steps = text.slice(1).split("/", VALUE_DEPTH_MAX + 1);
  if (steps.length > VALUE_DEPTH_MAX) {
    throw new PatchError("unprocessable", `a pointer has more than ${VALUE_DEPTH_MAX} steps`);
  }
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The index a step stands for: digits without leading zeros. Undefined if it is none. */
export function arrayIndex(step: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(step) ? Number(step) : undefined;
}
