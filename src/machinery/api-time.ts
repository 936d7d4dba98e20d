/** Times as the API writes them; the only reader and writer of calendar text. */

/** The second that was written last: many things happen in one. */
let last = { second: 0, text: "1970-01-01T00:00:00Z" };

/** RFC 3339 in whole seconds, UTC, as the API writes times. */
export function apiTime(ms: number): string {
  const second = Math.floor(ms / 1_000);
  if (second !== last.second) {
    last = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  }
  return last.text;
}

/** RFC 3339 with microseconds, as `MicroTime` fields are written. */
export function apiMicroTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** Milliseconds of an API time; NaN if it is not one. */
export function parseApiTime(text: string): number {
  return Date.parse(text);
}

/** The same of RFC 3339 alone, which says the zone: nobody expects a time to be taken for local. */
export function parseZonedTime(text: string): number {
  const isZoned = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text);
  return isZoned ? parseApiTime(text) : Number.NaN;
}
