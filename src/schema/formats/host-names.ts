/** Names of hosts: as the Internet has them, and as Kubernetes does. */

const HOSTNAME_BYTES_MAX = 255;
const LABEL_BYTES_MAX = 63;
const SHORT_NAME_LENGTH_MAX = 63;
const LONG_NAME_LENGTH_MAX = 253;

const SINGLE = /^[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?$/u;
const LABEL = /^[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?$/u;
const TOP_LEVEL = /^[a-zA-Z\p{L}]{2,63}$/u;

/** One label, or several that end in a top-level domain of letters. */
export function isHostname(text: string): boolean {
  if (text.length > HOSTNAME_BYTES_MAX || bytesOf(text) > HOSTNAME_BYTES_MAX) return false;
  const labels = text.split(".");
  if (labels.some((label) => bytesOf(label) > LABEL_BYTES_MAX)) return false;
  const last = labels.pop() ?? "";
  if (labels.length === 0) return SINGLE.test(last);
  return labels.every((label) => LABEL.test(label)) && TOP_LEVEL.test(last);
}

/** A label of lower-case letters, digits and dashes. */
export function isShortName(text: string): boolean {
  return text.length <= SHORT_NAME_LENGTH_MAX && isLabel(text);
}

/** Such labels with dots. */
export function isLongName(text: string): boolean {
  return text.length <= LONG_NAME_LENGTH_MAX && text.split(".").every(isLabel);
}

function isLabel(text: string): boolean {
  return /^[a-z0-9][-a-z0-9]*$/.test(text) && !text.endsWith("-");
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
