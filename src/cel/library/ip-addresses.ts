/** IP addresses: `ip("10.0.0.1").family()`, `isIP("::1")`, … */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { IP_COST, PARSE_COST, PARSE_TWICE_COST } from "../cost/kubernetes-costs.ts";
import {
  declare,
  method,
  overload,
  type CelLibrary,
  type FunctionDeclaration,
} from "../functions.ts";
import { BOOL, INT, STRING, type CelType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";
import { addressText, isMapped, parseAddress, sizeOf, type Address, type Parsed } from "./go-ip.ts";
import { quoted } from "../../machinery/go-quote.ts";

type NamedType = CelType & { readonly name: string };

export const IP: NamedType = { kind: "opaque", name: "net.IP", parameters: [] };

/** An IP address as a value. */
export class IpValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: NamedType = IP;
  readonly address: Address;
  readonly costSize: number;

  constructor(address: Address) {
    this.address = address;
    this.costSize = sizeOf(address) / 8;
  }

  equals(other: CelOpaque): boolean {
    if (!(other instanceof IpValue)) return false;
    return (
      other.address.version === this.address.version && other.address.bits === this.address.bits
    );
  }
}

export const IP_LIBRARY: CelLibrary = {
  name: "kubernetes.net.ip",
  types: new Map([["net.IP", IP]]),
  functions: [
    declare("ip", [overload("string_to_ip", [STRING], IP, toIp)], IP_COST),
    declare(
      "isIP",
      [
        overload("is_ip", [STRING], BOOL, ([text = null]) =>
          typeof text === "string" ? parseIp(text).kind === "ok" : noSuchOverload(),
        ),
      ],
      PARSE_COST,
    ),
    declare(
      "ip.isCanonical",
      [overload("ip_is_canonical", [STRING], BOOL, isCanonical)],
      PARSE_TWICE_COST,
    ),
    declare("string", [overload("ip_to_string", [IP], STRING, ofIp(addressText))]),
    declare("family", [
      method(
        "ip_family",
        [IP],
        INT,
        ofIp(({ version }) => BigInt(version)),
      ),
    ]),
    test("isUnspecified", "ip_is_unspecified", ({ bits }) => bits === 0n),
    test("isLoopback", "ip_is_loopback", isLoopback),
    test("isLinkLocalMulticast", "ip_is_link_local_multicast", isLinkLocalMulticast),
    test("isLinkLocalUnicast", "ip_is_link_local_unicast", isLinkLocalUnicast),
    test("isGlobalUnicast", "ip_is_global_unicast", isGlobalUnicast),
  ],
};

/** An address as expressions take it: without a zone, and IPv4 only in its own form. */
export function parseIp(text: string): Parsed<Address> {
  const parsed = parseAddress(text);
  if (parsed.kind === "error") {
    const what = `IP Address ${quoted(text)} parse error during conversion from string`;
    return { kind: "error", message: `${what}: ${parsed.message}` };
  }
  if (parsed.value.zone !== "") {
    const message = `IP address ${quoted(text)} with zone value is not allowed`;
    return { kind: "error", message };
  }
  if (isMapped(parsed.value)) {
    const message = `IPv4-mapped IPv6 address ${quoted(text)} is not allowed`;
    return { kind: "error", message };
  }
  return parsed;
}

/** `ip(text)` */
export function toIp([text = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return noSuchOverload();
  const parsed = parseIp(text);
  return parsed.kind === "ok" ? new IpValue(parsed.value) : new CelError(parsed.message);
}

function isCanonical([text = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return noSuchOverload();
  const parsed = parseIp(text);
  return parsed.kind === "ok" ? addressText(parsed.value) === text : new CelError(parsed.message);
}

function ofIp(run: (address: Address) => CelResult): (args: readonly CelValue[]) => CelResult {
  return ([value = null]) => (value instanceof IpValue ? run(value.address) : noSuchOverload());
}

function test(name: string, id: string, holds: (address: Address) => boolean): FunctionDeclaration {
  return declare(name, [method(id, [IP], BOOL, ofIp(holds))]);
}

function isLoopback({ version, bits }: Address): boolean {
  return version === 4 ? bits >> 24n === 127n : bits === 1n;
}

function isMulticast({ version, bits }: Address): boolean {
  return version === 4 ? bits >> 28n === 0xen : bits >> 120n === 0xffn;
}

function isLinkLocalMulticast({ version, bits }: Address): boolean {
  return version === 4 ? bits >> 8n === 0xe00000n : ((bits >> 112n) & 0xff0fn) === 0xff02n;
}

function isLinkLocalUnicast({ version, bits }: Address): boolean {
  return version === 4 ? bits >> 16n === 0xa9fen : bits >> 118n === 0x3fan;
}

function isGlobalUnicast(address: Address): boolean {
  if (address.version === 4 && address.bits === 0xffffffffn) return false;
  return (
    address.bits !== 0n &&
    !isLoopback(address) &&
    !isMulticast(address) &&
    !isLinkLocalUnicast(address)
  );
}
