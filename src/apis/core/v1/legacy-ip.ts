/**
 * Addresses in fields that are older than the rule of one spelling for each: what they take is
 * more than what they should be given, and who gives it is told.
 */
import type { FieldError } from "../../../machinery/status.ts";
import { invalid } from "../../field-errors.ts";
import { ipText, isMapped, parseIp, type IpAddress } from "../../ip-validation.ts";
import { NOT_AN_ADDRESS } from "./port-validation.ts";

/** Whether such a field takes the text. */
export function isLegacyIp(text: string): boolean {
  return parseLegacyIp(text) !== undefined;
}

/** Refuses what is no address in any spelling. */
export function legacyIpErrors(field: string, text: string): readonly FieldError[] {
  return isLegacyIp(text) ? [] : [invalid(field, text, NOT_AN_ADDRESS)];
}

/** What the writer of an address in an unusual spelling is told. */
export function ipWarning(field: string, text: string): readonly string[] {
  const address = parseLegacyIp(text);
  if (address === undefined) return [];
  const usual = usualText(address);
  const isStrict = parseIp(text) !== undefined && !isMapped(address);
  if (!isStrict) {
    return [`${field}: non-standard IP address "${text}" is invalid: use "${usual}"`];
  }
  if (address.family === "IPv4" || usual === text) return [];
  return [`${field}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${usual}")`];
}

/** Zeros before a number of an IPv4 address mean nothing here. */
function parseLegacyIp(text: string): IpAddress | undefined {
  return parseIp(text) ?? parseIp(withoutZeros(text));
}

function withoutZeros(text: string): string {
  return text.replace(/(^|\.|:)0+(?=[0-9])(?=[0-9.]*$)/g, "$1");
}

function usualText(address: IpAddress): string {
  if (!isMapped(address)) return ipText(address);
  return ipText({ family: "IPv4", bits: address.bits & 0xffff_ffffn });
}
