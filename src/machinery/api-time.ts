/** Times as the API writes them; the only reader and writer of calendar text. */

/** RFC 3339 in whole seconds, UTC, as the API writes times. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with microseconds, as `MicroTime` fields are written. */
export function apiMicroTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** Milliseconds of an API time; NaN if it is not one. */
export function parseApiTime(text: string): number {
  return Date.parse(text);
}
