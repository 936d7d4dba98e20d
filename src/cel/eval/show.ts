/** Values as error texts show them. */
import type { CelValue } from "../values.ts";
import { durationText, timestampText } from "../library/time-text.ts";
import { doubleText } from "../library/number-text.ts";
import { typeNameOf } from "./runtime-types.ts";

/** The value, in the manner in which Go prints it. */
export function show(value: CelValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return doubleText(value);
    case "object":
      if (value === null) return "null";
      if (value instanceof Uint8Array) return `[${value.join(" ")}]`;
      if (value.kind === "uint") return `${value.value}`;
      if (value.kind === "timestamp") return timestampText(value);
      if (value.kind === "duration") return durationText(value);
      if (value.kind === "type") return value.name;
      return typeNameOf(value);
    default:
      return String(value);
  }
}
