/**
 * What calls of the Kubernetes libraries cost. Upstream counts by the name of the function, so that
 * functions of one name share a rule, whichever library they are from.
 */
import type { CallEstimate, FunctionCost } from "../functions.ts";
import type { CostEstimate } from "../program.ts";
import { actualSize, traversalCost } from "./actual-size.ts";
import {
  AMOUNT_MAX,
  exactly,
  LIST_COST,
  ONE,
  plus,
  REGEX_FACTOR,
  scaled,
  scaledUp,
  STRING_FACTOR,
  STRUCT_COST,
  times,
} from "./amount.ts";
import { regexCost } from "./standard-costs.ts";

/** Two checks of authorization fit into one evaluation. */
const AUTHORIZATION_COST = 350_000;
/** Most characters of the regular expression of a format, for the estimate. */
const FORMAT_REGEX_SIZE_MAX = 128;
/** Bytes of an IP address. */
const ADDRESS_SIZE: CostEstimate = { min: 4, max: 16 };

/** Parsing a text: going through it once. */
export const PARSE_COST: FunctionCost = parseCost(1, "unknown");
/** The same, where the result is as large as the text. */
export const PARSE_TO_TEXT_COST: FunctionCost = parseCost(1, "same");
/** Parsing a text and comparing it. */
export const PARSE_TWICE_COST: FunctionCost = parseCost(2, "unknown");

function parseCost(passes: number, result: "same" | "unknown"): FunctionCost {
  const factor = passes * STRING_FACTOR;
  return {
    estimate({ args: [text] }): CallEstimate | undefined {
      if (text === undefined) return undefined;
      const cost = scaled(text.size, factor);
      return result === "same" ? { cost, size: text.size } : { cost };
    },
    actual: ({ args: [text = null] }) => scaledUp(actualSize(text), factor),
  };
}

/** `ip(text)` parses; `cidr.ip()` does not. */
export const IP_COST: FunctionCost = {
  estimate: (call) => (call.overload === "cidr_ip" ? undefined : PARSE_COST.estimate?.(call)),
  actual: (call) => (call.overload === "cidr_ip" ? undefined : PARSE_COST.actual?.(call)),
};

/** Making a text of the same size. */
export const TRANSFORM_COST: FunctionCost = {
  estimate({ target }) {
    if (target === undefined) return undefined;
    return { cost: scaled(target.size, STRING_FACTOR), size: target.size };
  },
  actual: ({ args: [text = null] }) => scaledUp(actualSize(text), STRING_FACTOR),
};

/** Looking at every element of a list, or every character of a string. */
export const SCAN_COST: FunctionCost = {
  estimate({ target }) {
    if (target === undefined) return undefined;
    const { type, size, elementSize } = target;
    if (type.kind !== "list") return { cost: scaled(size, STRING_FACTOR) };
    const isText = type.element.kind === "string" || type.element.kind === "bytes";
    const each = isText ? plus(ONE, scaled(elementSize, STRING_FACTOR)) : ONE;
    return { cost: times(size, each) };
  },
  actual: ({ args: [container = null] }) => traversalCost(container, STRING_FACTOR),
};

export const REPLACE_COST: FunctionCost = {
  estimate({ target, args: [old, replacement] }) {
    if (target === undefined || old === undefined || replacement === undefined) return undefined;
    const size = replacedSize(target.size, old.size, replacement.size);
    return { cost: scaled(target.size, 2 * STRING_FACTOR), size };
  },
  actual: ({ args: [text = null] }) => scaledUp(actualSize(text), 2 * STRING_FACTOR),
};

/** How large a text can be after replacements. */
function replacedSize(
  text: CostEstimate,
  old: CostEstimate,
  replacement: CostEstimate,
): CostEstimate {
  let countMax = 0;
  let keptMax = 0;
  if (old.min === 0) {
    // Nothing is found around every character.
    countMax = text.max < AMOUNT_MAX ? text.max + 1 : text.max;
    keptMax = text.max;
  } else if (replacement.max <= old.min) keptMax = text.max;
  else countMax = Math.ceil(text.max / old.min);
  let countMin = 0;
  let keptMin = 0;
  if (old.max === 0) {
    countMin = text.min < AMOUNT_MAX ? text.min + 1 : text.min;
    keptMin = text.min;
  } else if (old.max <= replacement.min) keptMin = text.min;
  else countMin = Math.ceil(text.min / old.max);
  return plus(times({ min: countMin, max: countMax }, replacement), {
    min: keptMin,
    max: keptMax,
  });
}

export const SPLIT_COST: FunctionCost = {
  estimate({ target, args: [, limit] }) {
    if (target === undefined) return undefined;
    const value = limit?.literal?.value;
    // A limit below zero is none; upstream then counts with an enormous one.
    const most = typeof value === "bigint" ? (value < 0n ? AMOUNT_MAX : Number(value)) : undefined;
    const size = { min: 0, max: most ?? target.size.max };
    return { cost: scaled(target.size, 2 * STRING_FACTOR), size };
  },
  actual: ({ args: [text = null] }) => scaledUp(actualSize(text), 2 * STRING_FACTOR),
};

export const JOIN_COST: FunctionCost = {
  estimate({ target, args: [separator] }) {
    if (target === undefined) return undefined;
    const isList = target.type.kind === "list";
    let size = isList ? times(target.size, target.elementSize) : exactly(0);
    if (separator !== undefined) {
      const gaps = {
        min: Math.max(0, target.size.min - 1),
        max: Math.max(0, target.size.max - 1),
      };
      size = plus(size, times(separator.size, gaps));
    }
    return { cost: scaled(size, STRING_FACTOR), size };
  },
  actual: ({ result }) => scaledUp(actualSize(result), 2 * STRING_FACTOR),
};

export const QUOTE_COST: FunctionCost = {
  estimate({ args: [text] }) {
    if (text === undefined) return undefined;
    // The size of what is not limited wraps around upstream, and definitions rely on it.
    const max = text.size.max < AMOUNT_MAX ? text.size.max * 2 + 2 : 0;
    const size = { min: text.size.min + 2, max };
    return { cost: scaled(text.size, STRING_FACTOR), size };
  },
  actual: ({ args: [text = null] }) => scaledUp(actualSize(text), STRING_FACTOR),
};

export const FORMAT_COST: FunctionCost = {
  estimate({ target }) {
    return target === undefined ? undefined : { cost: scaled(target.size, STRING_FACTOR) };
  },
  actual: ({ args: [format = null] }) => scaledUp(actualSize(format), STRING_FACTOR),
};

export const FIND_COST: FunctionCost = {
  estimate({ target, args: [pattern] }) {
    if (target === undefined || pattern === undefined) return undefined;
    const text = scaled(plus(target.size, ONE), STRING_FACTOR);
    const cost = times(text, scaled(pattern.size, REGEX_FACTOR));
    return { cost, size: { min: 0, max: target.size.max } };
  },
  actual: ({ args: [text = null, pattern = null] }) =>
    regexCost(actualSize(text), actualSize(pattern)),
};

/** Comparing addresses byte by byte, after parsing those that are given as text. */
export const CONTAINS_ADDRESS_COST: FunctionCost = {
  estimate({ overload, args: [other] }) {
    if (other === undefined) return undefined;
    const compared = scaled(plus(ADDRESS_SIZE, ADDRESS_SIZE), STRING_FACTOR);
    const parsed = scaled(other.size, STRING_FACTOR);
    return { cost: overload === "cidr_contains_ip_string" ? plus(compared, parsed) : compared };
  },
  actual({ overload, args: [cidr = null, other = null] }) {
    const compared = scaledUp(2 * actualSize(cidr), STRING_FACTOR);
    if (overload !== "cidr_contains_ip_string") return compared;
    return compared + scaledUp(actualSize(other), STRING_FACTOR);
  },
};

/** The same for ranges, which are masked first. */
export const CONTAINS_RANGE_COST: FunctionCost = {
  estimate({ overload, args: [other] }) {
    if (other === undefined) return undefined;
    const compared = scaled(plus(ADDRESS_SIZE, ADDRESS_SIZE), STRING_FACTOR);
    const masked = plus(compared, scaled(ADDRESS_SIZE, STRING_FACTOR), ONE);
    const parsed = scaled(other.size, STRING_FACTOR);
    return { cost: overload === "cidr_contains_cidr_string" ? plus(masked, parsed) : masked };
  },
  actual({ overload, args: [cidr = null, other = null] }) {
    const size = actualSize(cidr);
    const compared = scaledUp(2 * size, STRING_FACTOR) + scaledUp(size, STRING_FACTOR) + 1;
    if (overload !== "cidr_contains_cidr_string") return compared;
    return compared + scaledUp(actualSize(other), STRING_FACTOR);
  },
};

/** Validating a text with a format. */
export function validateCost(regexSizeOf: (format: unknown) => number): FunctionCost {
  return {
    estimate({ args: [text] }) {
      if (text === undefined) return undefined;
      const traversal = scaled(text.size, STRING_FACTOR);
      return { cost: scaled(traversal, FORMAT_REGEX_SIZE_MAX * REGEX_FACTOR) };
    },
    actual: ({ args: [format = null, text = null] }) =>
      regexCost(actualSize(text), regexSizeOf(format)),
  };
}

/** A question to the authorizer. */
export const AUTHORIZATION_CHECK_COST: FunctionCost = {
  estimate: () => ({ cost: exactly(AUTHORIZATION_COST) }),
  actual: () => AUTHORIZATION_COST,
};

/** Parsing a selector into requirements, at least two characters each. */
export const SELECTOR_COST: FunctionCost = {
  estimate({ args: [selector] }) {
    return selector === undefined ? undefined : { cost: selectorCost(selector.size) };
  },
  actual: ({ args: [, selector = null] }) => selectorCost(exactly(actualSize(selector))).max,
};

function selectorCost(size: CostEstimate): CostEstimate {
  const requirements = scaled(scaled(size, 0.5), LIST_COST + STRUCT_COST);
  return plus(exactly(LIST_COST), scaled(size, STRING_FACTOR), requirements);
}

/** Comparing every element of one list with every element of another. */
export function pairsCost(factor: number): FunctionCost {
  return {
    estimate({ args: [left, right] }) {
      if (left === undefined || right === undefined) return undefined;
      return { cost: plus(scaled(times(left.size, right.size), factor), ONE) };
    },
    actual: ({ args: [left = null, right = null] }) =>
      1 + Math.floor(actualSize(left) * actualSize(right) * factor),
  };
}
