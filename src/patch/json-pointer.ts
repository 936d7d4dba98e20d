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
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The index a step stands for: digits without leading zeros. Undefined if it is none. */
export function arrayIndex(step: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(step) ? Number(step) : undefined;
}
