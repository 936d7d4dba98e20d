/** Numbers as text, as Go writes and reads them. */

/** Digits and exponent of a finite number that is not zero: 0.DIGITS times 10^point. */
type Decimal = { readonly sign: string; readonly digits: string; readonly point: number };

/** Numbers with exponents outside of these are written with the exponent. */
const EXPONENT_MIN = -4;
const EXPONENT_MAX = 5;

/** The shortest text that is read as the same double: `1.5`, `1e+06`, `+Inf`. */
export function doubleText(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const { sign, digits, point } = decimalOf(value);
  const exponent = point - 1;
  const isPlain = exponent >= EXPONENT_MIN && exponent <= EXPONENT_MAX;
  return `${sign}${isPlain ? plain(digits, point) : scientific(digits, exponent)}`;
}

/** The shortest text without an exponent. */
export function plainDoubleText(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const { sign, digits, point } = decimalOf(value);
  return `${sign}${plain(digits, point)}`;
}

/** The double, or undefined if Go would not read the text as one. */
export function parseDoubleText(text: string): number | undefined {
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word !== null) {
    const [, sign = "", name = ""] = word;
    if (name.toLowerCase() === "nan") return sign === "" ? Number.NaN : undefined;
    return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const hex = parseHexDouble(text);
  if (hex !== undefined) return hex;
  if (!/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function parseHexDouble(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = ""] = match;
  if (`${whole}${fraction}` === "") return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const value = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}

function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  return undefined;
}

function decimalOf(value: number): Decimal {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "").replace(/0+$/, "");
  return { sign: value < 0 ? "-" : "", digits, point: Number(exponent) + 1 };
}

function plain(digits: string, point: number): string {
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return digits + "0".repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  const magnitude = Math.abs(exponent).toString().padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}
