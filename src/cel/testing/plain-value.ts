/** Values in a form that JSON can hold, to compare them with recorded ones. */
import { isError, typeNameOf } from "../eval/runtime-types.ts";
import { doubleText } from "../library/number-text.ts";
import { timestampText } from "../library/time-text.ts";
import { CelTimestamp, type CelResult } from "../values.ts";

/** `1i` is an int, `1u` a uint, `1d` a double; maps and objects are only named. */
export function plainValue(value: CelResult): unknown {
  if (isError(value)) return { error: value.message };
  switch (typeof value) {
    case "bigint":
      return `${value}i`;
    case "number":
      return `${doubleText(value)}d`;
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString("hex")}`;
  switch (value.kind) {
    case "uint":
      return `${value.value}u`;
    case "timestamp":
      return `t:${timestampText(new CelTimestamp(value.nanos))}`;
    case "duration":
      return `d:${value.nanos}`;
    case "optional":
      return { optional: value.value === undefined ? null : plainValue(value.value) };
    case "list":
      return Array.from({ length: value.size }, (_, index) => plainValue(value.at(index)));
    case "type":
      return "type";
    default:
      return typeNameOf(value);
  }
}
