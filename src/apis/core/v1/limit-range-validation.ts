/** Limit ranges, checked in the order in which their problems are reported. */
import { compareText } from "../../../machinery/key.ts";
import { qualifiedNameProblem } from "../../../machinery/names.ts";
import {
  compareQuantities,
  milliValue,
  parseQuantity,
  quantityOf,
  ZERO_QUANTITY,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, forbidden, fromProblem, invalid, required } from "../../field-errors.ts";
import {
  containerResourceNameErrors,
  isOvercommitted,
  resourceNameErrors,
  type ResourceList,
} from "./resource-validation.ts";
import type { LimitRange, LimitRangeItem } from "./types.generated.ts";

const STANDARD_TYPES: readonly string[] = ["Pod", "Container", "PersistentVolumeClaim"];
const SIDES = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
type Side = (typeof SIDES)[number];

/** What is wrong with a range that has its defaults. */
export function limitRangeErrors(range: LimitRange): readonly FieldError[] {
  const types = new Set<string>();
  return range.spec.limits.flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const isTaken = types.has(item.type);
    types.add(item.type);
    return [
      ...typeErrors(`${path}.type`, item.type),
      ...(isTaken ? [duplicate(`${path}.type`, item.type)] : []),
      ...itemErrors(path, item),
    ];
  });
}

function typeErrors(field: string, type: string): readonly FieldError[] {
  const errors = fromProblem(field, type, qualifiedNameProblem(type));
  if (errors.length > 0 || type.includes("/") || STANDARD_TYPES.includes(type)) return errors;
  return [invalid(field, type, "must be a standard limit type or fully qualified")];
}

function itemErrors(path: string, item: LimitRangeItem): readonly FieldError[] {
  const sides = SIDES.filter((side) => item.type !== "Pod" || !side.startsWith("default"));
  const keys = new Set(sides.flatMap((side) => Object.keys(item[side] ?? {})));
  return [
    ...nameErrors(path, "max", item),
    ...nameErrors(path, "min", item),
    ...(["default", "defaultRequest"] as const).flatMap((side) =>
      item.type === "Pod" ? defaultOfPodErrors(path, side, item) : nameErrors(path, side, item),
    ),
    ...storageErrors(path, item),
    ...nameErrors(path, "maxLimitRequestRatio", item),
    ...[...keys]
      .sort(compareText)
      .flatMap((key) => [
        ...orderErrors(path, key, item),
        ...ratioErrors(`${path}.maxLimitRequestRatio[${key}]`, key, item),
        ...overcommitErrors(`${path}.defaultRequest[${key}]`, key, item),
      ]),
  ];
}

function nameErrors(path: string, side: Side, item: LimitRangeItem): readonly FieldError[] {
  const isOfContainers = item.type === "Pod" || item.type === "Container";
  return Object.keys(item[side] ?? {}).flatMap((name) => {
    const field = `${path}.${side}[${name}]`;
    const check = isOfContainers ? containerResourceNameErrors : resourceNameErrors;
    return check(field, name);
  });
}

function defaultOfPodErrors(
  path: string,
  side: "default" | "defaultRequest",
  item: LimitRangeItem,
): readonly FieldError[] {
  if (Object.keys(item[side] ?? {}).length === 0) return [];
  return [forbidden(`${path}.${side}`, "may not be specified when `type` is 'Pod'")];
}

function storageErrors(path: string, item: LimitRangeItem): readonly FieldError[] {
  if (item.type !== "PersistentVolumeClaim") return [];
  if (item.min?.["storage"] !== undefined || item.max?.["storage"] !== undefined) return [];
  const detail = "either minimum or maximum storage value is required, but neither was provided";
  return [required(`${path}.limits`, detail)];
}

/** Pairs of sides of which the first may not exceed the second, and where that is reported. */
const ORDERED: readonly {
  readonly less: Side;
  readonly more: Side;
  readonly at: Side;
  readonly shown: Side;
  readonly says: (less: string, more: string) => string;
}[] = [
  {
    less: "min",
    more: "max",
    at: "min",
    shown: "min",
    says: (less, more) => `min value ${less} is greater than max value ${more}`,
  },
  {
    less: "min",
    more: "defaultRequest",
    at: "defaultRequest",
    shown: "defaultRequest",
    says: (less, more) => `min value ${less} is greater than default request value ${more}`,
  },
  {
    less: "defaultRequest",
    more: "max",
    at: "defaultRequest",
    shown: "defaultRequest",
    says: (less, more) => `default request value ${less} is greater than max value ${more}`,
  },
  {
    less: "defaultRequest",
    more: "default",
    at: "defaultRequest",
    shown: "defaultRequest",
    says: (less, more) =>
      `default request value ${less} is greater than default limit value ${more}`,
  },
  {
    less: "min",
    more: "default",
    at: "default",
    shown: "min",
    says: (less, more) => `min value ${less} is greater than default value ${more}`,
  },
  {
    less: "default",
    more: "max",
    at: "default",
    shown: "max",
    says: (less, more) => `default value ${less} is greater than max value ${more}`,
  },
];

function orderErrors(path: string, key: string, item: LimitRangeItem): readonly FieldError[] {
  return ORDERED.flatMap(({ less, more, at, shown, says }) => {
    const [low, high] = [amountIn(item[less], key), amountIn(item[more], key)];
    if (low === undefined || high === undefined) return [];
    if (compareQuantities(low.quantity, high.quantity) <= 0) return [];
    const value = amountIn(item[shown], key)?.text;
    return [invalid(`${path}.${at}[${key}]`, value, says(low.text, high.text))];
  });
}

function ratioErrors(field: string, key: string, item: LimitRangeItem): readonly FieldError[] {
  const ratio = amountIn(item.maxLimitRequestRatio, key);
  if (ratio === undefined) return [];
  const [min, max] = [amountIn(item.min, key), amountIn(item.max, key)];
  const isBelowOne = compareQuantities(ratio.quantity, quantityOf(1n)) < 0;
  const tooSmall = isBelowOne
    ? [invalid(field, ratio.text, `ratio ${ratio.text} is less than 1`)]
    : [];
  if (min === undefined || max === undefined) return tooSmall;
  if (compareQuantities(min.quantity, ZERO_QUANTITY) === 0) return tooSmall;
  const limit = Number(milliValue(max.quantity)) / Number(milliValue(min.quantity));
  if (Number(milliValue(ratio.quantity)) / 1000 <= limit) return tooSmall;
  const detail = `ratio ${ratio.text} is greater than max/min = ${limit.toFixed(6)}`;
  return [...tooSmall, invalid(field, ratio.text, detail)];
}

/** What cannot be promised twice is asked for exactly as it is limited. */
function overcommitErrors(field: string, key: string, item: LimitRangeItem): readonly FieldError[] {
  const [limit, request] = [amountIn(item.default, key), amountIn(item.defaultRequest, key)];
  if (isOvercommitted(key) || limit === undefined || request === undefined) return [];
  if (compareQuantities(limit.quantity, request.quantity) === 0) return [];
  const both = `default value ${limit.text} must equal to defaultRequest value ${request.text}`;
  const detail = `${both} in ${key}`;
  return [invalid(field, request.text, detail)];
}

type Amount = { readonly text: string; readonly quantity: Quantity };

function amountIn(list: ResourceList | undefined, key: string): Amount | undefined {
  const text = list !== undefined && Object.hasOwn(list, key) ? list[key] : undefined;
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return text === undefined || quantity === undefined ? undefined : { text, quantity };
}
