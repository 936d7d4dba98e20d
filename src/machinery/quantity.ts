/**
 * Amounts of resources: `100m`, `1.5Gi`, `2e3`. Kept as whole billionths, so that sums and
 * comparisons are exact. What is finer than a billionth is rounded away from zero, and what is
 * beyond 2^63 - 1 is taken for that, both as upstream does.
 */

/** How an amount was written, and so is written again. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/**
 * An exact amount of a resource, made by `parseQuantity`. Add and compare it with the functions
 * beside it, never by its text: `1000m` and `1` are equal.
 */
export type Quantity = {
  /** Billionths. */
  readonly nano: bigint;
  readonly format: QuantityFormat;
};

/** Nothing. */
export const ZERO_QUANTITY: Quantity = { nano: 0n, format: "DecimalSI" };

/** What a text must look like, in the words in which upstream refuses others. */
export const QUANTITY_RULE: string =
  "quantities must match the regular expression " +
  "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANO_DIGITS = 9;
const NANO = 10n ** 9n;
const NANO_MAX: bigint = (2n ** 63n - 1n) * NANO;
/** Digits of `NANO_MAX`: with more before the last billionth, an amount is beyond the limit. */
const DIGITS_MAX = 28;
/** A longer exponent is beyond every limit. */
const EXPONENT_DIGITS_MAX = 9;
/** Digits that are looked at; that there is more after them only rounds up. */
const SIGNIFICANT_DIGITS_MAX = 100;

const TEXT = /^([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))([a-zA-Z]*)([+-]?[0-9]*)$/;

const DECIMAL_SUFFIXES: readonly (readonly [string, number])[] = [
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
];

const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

type Scale = { readonly format: QuantityFormat; readonly ten: number; readonly two: number };

/** The amount, or undefined if the text is none. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", tail, bare, letters = "", exponent = ""] = match;
  const fraction = tail ?? bare ?? "";
  const scale = scaleOf(letters, exponent);
  if (scale === undefined) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const magnitude = nanoOf(digits, scale.ten - fraction.length + NANO_DIGITS, scale.two);
  return { nano: sign === "-" ? -magnitude : magnitude, format: scale.format };
}

/** Whole billionths of `digits` times 10^ten times 2^two, rounded up and limited. */
function nanoOf(digits: string, ten: number, two: number): bigint {
  if (digits === "") return 0n;
  if (digits.length + ten > DIGITS_MAX) return NANO_MAX;
  // Too small to matter even after the largest binary suffix, but not nothing: rounded up.
  if (digits.length + ten < -DIGITS_MAX) return 1n;
  if (digits.length > SIGNIFICANT_DIGITS_MAX + 1) {
    const head = digits.slice(0, SIGNIFICANT_DIGITS_MAX);
    const isMore = /[1-9]/.test(digits.slice(SIGNIFICANT_DIGITS_MAX));
    return nanoOf(`${head}${isMore ? 1 : 0}`, ten + digits.length - head.length - 1, two);
  }
  const mantissa = BigInt(digits) << BigInt(two);
  const nano = ten >= 0 ? mantissa * 10n ** BigInt(ten) : divideUp(mantissa, 10n ** BigInt(-ten));
  return nano > NANO_MAX ? NANO_MAX : nano;
}

function scaleOf(letters: string, exponent: string): Scale | undefined {
  if (exponent !== "") {
    if (letters !== "e" && letters !== "E") return undefined;
    if (!/[0-9]/.test(exponent)) return undefined;
    const isHuge = exponent.replace(/^[+-]?0*/, "").length > EXPONENT_DIGITS_MAX;
    const limit = exponent.startsWith("-")
      ? -(10 ** EXPONENT_DIGITS_MAX)
      : 10 ** EXPONENT_DIGITS_MAX;
    return { format: "DecimalExponent", ten: isHuge ? limit : Number(exponent), two: 0 };
  }
  const decimal = DECIMAL_SUFFIXES.find(([suffix]) => suffix === letters);
  if (decimal !== undefined) return { format: "DecimalSI", ten: decimal[1], two: 0 };
  const binary = BINARY_SUFFIXES.findIndex((suffix) => suffix === letters);
  return binary < 0 ? undefined : { format: "BinarySI", ten: 0, two: 10 * binary };
}

/** The sum, in the format of `a` (of `b` if `a` is zero). */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** The difference, in the format of `a` (of `b` if `a` is zero). */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, { ...b, nano: -b.nano });
}

/** Negative, zero or positive; equal amounts in different formats are equal. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** Thousandths, rounded up. */
export function milliValue(quantity: Quantity): bigint {
  return divideUp(quantity.nano, 10n ** 6n);
}

/** Whole units, rounded up. */
export function value(quantity: Quantity): bigint {
  return divideUp(quantity.nano, NANO);
}

/** An amount of whole units. */
export function quantityOf(units: bigint, format: QuantityFormat = "DecimalSI"): Quantity {
  return { nano: units * NANO, format };
}

/** An amount of thousandths. */
export function quantityOfMilli(milli: bigint): Quantity {
  return { nano: milli * 10n ** 6n, format: "DecimalSI" };
}

/**
 * The canonical form: no fraction, and the largest suffix that allows it. `1.5` is `1500m`,
 * `1024Mi` is `1Gi`, `0.5Gi` is `512Mi`. Fractions and amounts below 1024 have no binary form.
 */
export function quantityText(quantity: Quantity): string {
  const { nano, format } = quantity;
  if (nano === 0n) return "0";
  if (format === "BinarySI" && nano % NANO === 0n && magnitude(nano) >= 1024n * NANO) {
    return binaryText(nano / NANO);
  }
  return decimalText(nano, format === "DecimalExponent");
}

function binaryText(units: bigint): string {
  let mantissa = units;
  let step = 0;
  while (mantissa % 1024n === 0n && step < BINARY_SUFFIXES.length - 1) {
    mantissa /= 1024n;
    step += 1;
  }
  return `${mantissa}${BINARY_SUFFIXES[step]}`;
}

function decimalText(nano: bigint, isExponent: boolean): string {
  let mantissa = nano;
  let step = 0;
  while (mantissa % 1000n === 0n && step < DECIMAL_SUFFIXES.length - 1) {
    mantissa /= 1000n;
    step += 1;
  }
  const [suffix, exponent] = DECIMAL_SUFFIXES[step] ?? ["", 0];
  if (!isExponent) return `${mantissa}${suffix}`;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

/** Divides, rounding away from zero. */
function divideUp(amount: bigint, divisor: bigint): bigint {
  const quotient = amount / divisor;
  if (amount % divisor === 0n) return quotient;
  return amount < 0n ? quotient - 1n : quotient + 1n;
}
