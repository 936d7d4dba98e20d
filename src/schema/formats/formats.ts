/**
 * The formats of texts that custom resources can ask for. A schema may name any format; those not
 * listed here say nothing. As upstream, dashes in names are passed over.
 */
import { isCidr, isIpv4, isIpv6, isMac } from "./addresses.ts";
import { isCreditCard, isHexColor, isIsbn10, isIsbn13, isRgbColor, isSsn } from "./codes.ts";
import { isEmail } from "./email.ts";
import { isHostname, isLongName, isShortName } from "./host-names.ts";
import { isDate, isDateTime, isDuration } from "./times.ts";
import { isRequestUri } from "./uri.ts";

/** Says whether a text has a format. All take time linear in the text. */
export type FormatCheck = (text: string) => boolean;

/** The check of a format of texts; undefined if the format is not known. */
export function formatCheck(format: string): FormatCheck | undefined {
  return FORMATS.get(format.replaceAll("-", ""));
}

/**
 * The format as it is enforced for a type ("" for no type, or several): unknown formats, and
 * formats of other types, count as none.
 */
export function enforcedFormat(format: string, type: string): string {
  switch (type) {
    case "":
    case "string":
      return formatCheck(format) === undefined ? "" : format;
    case "integer":
      return format === "int32" || format === "int64" ? format : "";
    case "number":
      return format === "float" || format === "double" ? format : "";
    default:
      return "";
  }
}

const HEX_TAIL = "-?[0-9a-f]{4}-?[0-9a-f]{12}$";

const FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ["bsonobjectid", (text) => /^[0-9a-f]{24}$/i.test(text)],
  ["byte", isBase64],
  ["cidr", isCidr],
  ["creditcard", isCreditCard],
  ["date", isDate],
  ["datetime", isDateTime],
  ["duration", isDuration],
  ["email", isEmail],
  ["hexcolor", isHexColor],
  ["hostname", isHostname],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["isbn", (text) => isIsbn10(text) || isIsbn13(text)],
  ["isbn10", isIsbn10],
  ["isbn13", isIsbn13],
  ["k8slongname", isLongName],
  ["k8sshortname", isShortName],
  ["mac", isMac],
  ["password", () => true],
  ["rgbcolor", isRgbColor],
  ["ssn", isSsn],
  ["uri", isRequestUri],
  ["uuid", uuidCheck("-?[0-9a-f]{4}-?[0-9a-f]{4}")],
  ["uuid3", uuidCheck("-?[0-9a-f]{4}-?3[0-9a-f]{3}")],
  ["uuid4", uuidCheck("-?[0-9a-f]{4}-?4[0-9a-f]{3}", "-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$")],
  ["uuid5", uuidCheck("-?[0-9a-f]{4}-?5[0-9a-f]{3}", "-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$")],
]);

function uuidCheck(middle: string, tail: string = HEX_TAIL): FormatCheck {
  const pattern = new RegExp(`^[0-9a-f]{8}${middle}${tail}`, "i");
  return (text) => pattern.test(text);
}

/** Padded standard base64; an empty text is none. */
function isBase64(text: string): boolean {
  if (text.length === 0 || text.length % 4 !== 0) return false;
  const end = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return !/[^A-Za-z0-9+/]/.test(text.slice(0, text.length - end));
}
