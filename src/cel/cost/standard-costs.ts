/** What calls of the standard library cost. Everything that is not listed costs 1. */
import type { EstimatedCall, FunctionCost } from "../functions.ts";
import type { CelType } from "../types.ts";
import type { CelResult } from "../values.ts";
import { actualSize } from "./actual-size.ts";
import {
  ONE,
  plus,
  REGEX_FACTOR,
  scaled,
  scaledUp,
  STRING_FACTOR,
  times,
  UNKNOWN,
} from "./amount.ts";

/** Most characters of the name of a format. */
const FORMAT_NAME_SIZE_MAX = 64;

/** Object types of Kubernetes whose values are compared at once. */
const COMPARED_AT_ONCE: ReadonlySet<string> = new Set([
  "net.IP",
  "net.CIDR",
  "kubernetes.Quantity",
  "kubernetes.Semver",
  "kubernetes.authorization.Authorizer",
  "kubernetes.authorization.PathCheck",
  "kubernetes.authorization.GroupCheck",
  "kubernetes.authorization.ResourceCheck",
  "kubernetes.authorization.Decision",
]);

/** Overloads whose cost depends on the smaller of two sizes. */
const COMPARES_SIZES = /^(equals|not_equals|(less|greater)(_equals)?_(string|bytes))$/;

/** Order and inequality: as far as the smaller of two values reaches. */
export const COMPARISON_COST: FunctionCost = {
  estimate: estimateComparison,
  actual({ overload, args: [left = null, right = null] }) {
    if (!COMPARES_SIZES.test(overload)) return undefined;
    return scaledUp(Math.min(actualSize(left), actualSize(right)), STRING_FACTOR);
  },
};

/** Equality: the same, but for some types of Kubernetes. */
export const EQUALITY_COST: FunctionCost = {
  estimate(call) {
    const [left, right] = call.args;
    const name = left === undefined ? "" : nameOf(left.type);
    if (left === undefined || right === undefined || name !== nameOf(right.type)) {
      return estimateComparison(call);
    }
    if (COMPARED_AT_ONCE.has(name)) return { cost: ONE };
    if (name === "kubernetes.NamedFormat") {
      return { cost: scaled({ min: 1, max: FORMAT_NAME_SIZE_MAX }, STRING_FACTOR) };
    }
    if (name === "kubernetes.URL") {
      const size = right.size === UNKNOWN ? ONE : right.size;
      return { cost: scaled({ min: 1, max: size.max }, STRING_FACTOR) };
    }
    return estimateComparison(call);
  },
  actual(call) {
    const [left] = call.args;
    return isOpaque(left ?? null) ? 1 : COMPARISON_COST.actual?.(call);
  },
};

function estimateComparison({
  overload,
  args: [left, right],
}: EstimatedCall): ReturnType<NonNullable<FunctionCost["estimate"]>> | undefined {
  if (!COMPARES_SIZES.test(overload) || left === undefined || right === undefined) return undefined;
  const max = Math.min(left.size.max, right.size.max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, STRING_FACTOR) };
}

function nameOf(type: CelType): string {
  return type.kind === "opaque" || type.kind === "object" ? type.name : "";
}

function isOpaque(value: CelResult): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    value.kind === "opaque"
  );
}

/** `x in list` looks at every element. */
export const MEMBERSHIP_COST: FunctionCost = {
  estimate({ overload, args: [, list] }) {
    return overload === "in_list" && list !== undefined ? { cost: list.size } : undefined;
  },
  actual({ overload, args: [, list = null] }) {
    return overload === "in_list" ? actualSize(list) : undefined;
  },
};

/** `startsWith`, `endsWith`: estimated by the other text, counted by this one, as upstream does. */
export const PREFIX_COST: FunctionCost = {
  estimate({ args: [part] }) {
    return part === undefined ? undefined : { cost: scaled(part.size, STRING_FACTOR) };
  },
  actual: ({ args: [text = null] }) => scaledUp(actualSize(text), STRING_FACTOR),
};

export const CONTAINS_COST: FunctionCost = {
  estimate({ target, args: [part] }) {
    if (target === undefined || part === undefined) return undefined;
    const cost = times(scaled(target.size, STRING_FACTOR), scaled(part.size, STRING_FACTOR));
    return { cost };
  },
  actual({ args: [text = null, part = null] }) {
    return scaledUp(actualSize(text), STRING_FACTOR) * scaledUp(actualSize(part), STRING_FACTOR);
  },
};

/** Regular expressions: text times pattern. The form without a target is not counted upstream. */
export const MATCHES_COST: FunctionCost = {
  estimate({ overload, target, args: [pattern] }) {
    if (overload !== "matches_string" || target === undefined || pattern === undefined) {
      return undefined;
    }
    const text = scaled(plus(target.size, ONE), STRING_FACTOR);
    return { cost: times(text, scaled(pattern.size, REGEX_FACTOR)) };
  },
  actual({ overload, args: [text = null, pattern = null] }) {
    if (overload !== "matches_string") return undefined;
    return regexCost(actualSize(text), actualSize(pattern));
  },
};

/** Cost of matching a text of that many characters with a pattern of that many. */
export function regexCost(text: number, pattern: number): number {
  return scaledUp(1 + text, STRING_FACTOR) * scaledUp(pattern, REGEX_FACTOR);
}

export const STRING_CONVERSION_COST: FunctionCost = {
  estimate({ overload, args: [bytes] }) {
    if (overload !== "bytes_to_string" || bytes === undefined) return undefined;
    // Four bytes may be one character.
    const size = { min: Math.floor(bytes.size.min / 4), max: bytes.size.max };
    return { cost: scaled(bytes.size, STRING_FACTOR), size };
  },
  actual({ overload, args: [bytes = null] }) {
    if (overload !== "bytes_to_string") return undefined;
    return scaledUp(actualSize(bytes), STRING_FACTOR);
  },
};

export const BYTES_CONVERSION_COST: FunctionCost = {
  estimate({ overload, args: [text] }) {
    if (overload !== "string_to_bytes" || text === undefined) return undefined;
    const size = { min: text.size.min, max: text.size.max * 4 };
    return { cost: scaled(text.size, STRING_FACTOR), size };
  },
  actual({ overload, args: [text = null] }) {
    if (overload !== "string_to_bytes") return undefined;
    return scaledUp(actualSize(text), STRING_FACTOR);
  },
};

/** `+` copies strings and bytes, but not lists. */
export const CONCATENATION_COST: FunctionCost = {
  estimate({ overload, args: [left, right] }) {
    if (left === undefined || right === undefined) return undefined;
    const size = plus(left.size, right.size);
    if (overload === "add_list") return { cost: ONE, size };
    if (overload !== "add_string" && overload !== "add_bytes") return undefined;
    return { cost: scaled(size, STRING_FACTOR), size };
  },
  actual({ overload, args: [left = null, right = null] }) {
    if (overload !== "add_string" && overload !== "add_bytes") return undefined;
    return scaledUp(actualSize(left) + actualSize(right), STRING_FACTOR);
  },
};
