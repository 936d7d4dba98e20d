/** Time zones: names of the IANA database, or fixed distances such as `-08:00`. */
import { CelError } from "../cel-error.ts";

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
/** Zones that are remembered; there are about 600. */
const FORMATS_MAX = 1000;

/** Seconds that clocks of the zone are ahead of UTC at a moment. */
export function zoneOffset(zone: string, seconds: number): number | CelError {
  const colon = zone.indexOf(":");
  if (colon >= 0) return fixedOffset(zone, colon);
  if (zone === "" || zone === "UTC") return 0;
  const format = formatOf(zone);
  if (format === undefined) return new CelError(`unknown time zone ${zone}`);
  const parts = format.formatToParts(seconds * 1000);
  const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const match = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return 0;
  const [, sign, hours = "0", minutes = "0", rest = "0"] = match;
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === "-" ? -offset : offset;
}

function fixedOffset(zone: string, colon: number): number | CelError {
  const hours = zone.slice(0, colon);
  const minutes = zone.slice(colon + 1);
  for (const part of [hours, minutes]) {
    if (!/^[+-]?[0-9]{1,9}$/.test(part)) {
      return new CelError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
    }
  }
  const signed = zone.startsWith("-") ? -Number(minutes) : Number(minutes);
  return (Number(hours) * 60 + signed) * 60;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined || formats.has(zone)) return known;
  const format = newFormat(zone);
  if (formats.size < FORMATS_MAX) formats.set(zone, format);
  return format;
}

function newFormat(zone: string): Intl.DateTimeFormat | undefined {
  // The database has names with letters, digits and these; other forms are not names.
  if (!/^[A-Za-z0-9_+\-/]+$/.test(zone) || /^[+-]/.test(zone)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
