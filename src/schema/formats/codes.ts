/** Numbers with a check digit, colours, and other short codes. */

const CARD = new RegExp(
  `^(?:${[
    "4\\d{12}(?:\\d{3})?",
    "5[1-5]\\d{14}",
    "6(?:011|5\\d\\d)\\d{12}",
    "3[47]\\d{13}",
    "3(?:0[0-5]|[68]\\d)\\d{11}",
    "(?:2131|1800|35\\d{3})\\d{11}",
  ].join("|")})$`,
);
/** Characters of a code that are looked at; none is as long. */
const CODE_LENGTH_MAX = 1_000;

/** A known form, and a sound Luhn digit; what is no digit is passed over. */
export function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, "");
  if (!CARD.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 0 ? digit : digit * 2;
    sum += weighed >= 10 ? (weighed % 10) + 1 : weighed;
  }
  return sum % 10 === 0;
}

export function isIsbn10(text: string): boolean {
  const code = compact(text);
  if (!/^(?:\d{9}X|\d{10})$/.test(code)) return false;
  let sum = 0;
  for (const [index, char] of code.split("").entries()) {
    sum += (index + 1) * (char === "X" ? 10 : Number(char));
  }
  return sum % 11 === 0;
}

export function isIsbn13(text: string): boolean {
  const code = compact(text);
  if (!/^\d{13}$/.test(code)) return false;
  let sum = 0;
  for (const [index, char] of code.slice(0, 12).split("").entries()) {
    sum += Number(char) * (index % 2 === 0 ? 1 : 3);
  }
  return Number(code[12]) === (10 - (sum % 10)) % 10;
}

function compact(text: string): string {
  return text.length > CODE_LENGTH_MAX ? "" : text.replace(/[\t\n\f\r -]+/g, "");
}

export function isSsn(text: string): boolean {
  return text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text);
}

export function isHexColor(text: string): boolean {
  return /^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text);
}

const CHANNEL = "[\\t\\n\\f\\r ]*(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])[\\t\\n\\f\\r ]*";
const RGB = new RegExp(`^rgb\\(${CHANNEL},${CHANNEL},${CHANNEL}\\)$`);

/** `rgb(12, 0, 255)` */
export function isRgbColor(text: string): boolean {
  return text.length <= CODE_LENGTH_MAX && RGB.test(text);
}
