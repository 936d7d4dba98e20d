/** Doubles with a given number of digits, in the notation of American English. */

/** `1,234.50` */
export function fixedText(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-\u221e" : "\u221e";
  const all = scaledDigits(Math.abs(value), digits).padStart(digits + 1, "0");
  const whole = all.slice(0, all.length - digits).replaceAll(/\B(?=(?:[0-9]{3})+$)/g, ",");
  const text = digits === 0 ? whole : `${whole}.${all.slice(-digits)}`;
  return isNegative(value) ? `-${text}` : text;
}

/** `1.234500×10⁰³` */
export function scientificText(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  // Upstream leaves room for an exponent here.
  if (!Number.isFinite(value)) return value < 0 ? "    -\u221e" : "     \u221e";
  const { all, exponent } = scientificDigits(Math.abs(value), digits);
  const mantissa = digits === 0 ? all : `${all.slice(0, 1)}.${all.slice(1)}`;
  const magnitude = Math.abs(exponent).toString().padStart(2, "0");
  const raised = Array.from(magnitude, (digit) => SUPERSCRIPTS[Number(digit)] ?? "").join("");
  const text = `${mantissa}\u00d710${exponent < 0 ? "\u207b" : ""}${raised}`;
  return isNegative(value) ? `-${text}` : text;
}

const SUPERSCRIPTS: readonly string[] = [
  "\u2070",
  "\u00b9",
  "\u00b2",
  "\u00b3",
  "\u2074",
  "\u2075",
  "\u2076",
  "\u2077",
  "\u2078",
  "\u2079",
];

function scientificDigits(
  value: number,
  digits: number,
): { readonly all: string; readonly exponent: number } {
  if (value === 0) return { all: "0".repeat(digits + 1), exponent: 0 };
  const exponent = Number(value.toExponential().split("e")[1]);
  const all = scaledDigits(value, digits - exponent);
  // Rounding may have made one digit more: 9.99 becomes 10.0.
  if (all.length <= digits + 1) return { all, exponent };
  return { all: all.slice(0, digits + 1), exponent: exponent + 1 };
}

/** The whole number nearest to `value` times 10^`power`; of two equally near ones, the even one. */
function scaledDigits(value: number, power: number): string {
  const { mantissa, exponent } = binaryOf(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const quotient = numerator / denominator;
  const rest = (numerator % denominator) * 2n;
  const isUp = rest > denominator || (rest === denominator && quotient % 2n === 1n);
  return (isUp ? quotient + 1n : quotient).toString();
}

/** A positive double as a whole number times a power of two. */
function binaryOf(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  if (exponent === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 };
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
