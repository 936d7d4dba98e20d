/**
 * Addresses in fields that are older than the rule of one spelling for each: an IPv6 address may
 * be spelled in any way, and who spells it in another than the usual one is told.
 */
import type { FieldError } from "../../../machinery/status.ts";
import { invalid } from "../../field-errors.ts";
import { ipProblem, ipText, isMapped, parseIp } from "../../ip-validation.ts";

/** Whether such a field takes the text. */
export function isLegacyIp(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && !isMapped(address);
}

/** Refuses what is no address in any spelling. */
export function legacyIpErrors(field: string, text: string): readonly FieldError[] {
  const problem = isLegacyIp(text) ? undefined : ipProblem(text);
  return problem === undefined ? [] : [invalid(field, text, problem)];
}

/** What the writer of an address in an unusual spelling is told. */
export function ipWarning(field: string, text: string): readonly string[] {
  const address = parseIp(text);
  if (address?.family !== "IPv6" || isMapped(address) || ipText(address) === text) return [];
  const usual = ipText(address);
  return [`${field}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${usual}")`];
}
