/** Ranges of IP addresses: `cidr("10.0.0.0/8").containsIP("10.1.2.3")`, … */
import { CelError, noSuchOverload } from "../cel-error.ts";
import {
  CONTAINS_ADDRESS_COST,
  CONTAINS_RANGE_COST,
  IP_COST,
  PARSE_COST,
} from "../cost/kubernetes-costs.ts";
import { declare, method, overload, type CelLibrary } from "../functions.ts";
import { BOOL, INT, STRING, type CelType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";
import {
  addressText,
  isInRange,
  isMapped,
  masked,
  parseRange,
  type Parsed,
  type Range,
} from "./go-ip.ts";
import { IP, IpValue, toIp } from "./ip-addresses.ts";
import { quoted } from "../../machinery/go-quote.ts";

type NamedType = CelType & { readonly name: string };

export const CIDR: NamedType = { kind: "opaque", name: "net.CIDR", parameters: [] };

/** A range as a value. */
class CidrValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: NamedType = CIDR;
  readonly range: Range;
  readonly costSize: number;

  constructor(range: Range) {
    this.range = range;
    this.costSize = Math.ceil(range.length / 8);
  }

  equals(other: CelOpaque): boolean {
    if (!(other instanceof CidrValue)) return false;
    const { address, length } = other.range;
    return (
      length === this.range.length &&
      address.version === this.range.address.version &&
      address.bits === this.range.address.bits
    );
  }
}

export const CIDR_LIBRARY: CelLibrary = {
  name: "kubernetes.net.cidr",
  types: new Map([["net.CIDR", CIDR]]),
  functions: [
    declare("cidr", [overload("string_to_cidr", [STRING], CIDR, toCidr)], PARSE_COST),
    declare(
      "isCIDR",
      [
        overload("is_cidr", [STRING], BOOL, ([text = null]) =>
          typeof text === "string" ? parseCidr(text).kind === "ok" : noSuchOverload(),
        ),
      ],
      PARSE_COST,
    ),
    declare("string", [
      overload(
        "cidr_to_string",
        [CIDR],
        STRING,
        ofRange(({ address, length }) => `${addressText(address)}/${length}`),
      ),
    ]),
    declare(
      "ip",
      [
        method(
          "cidr_ip",
          [CIDR],
          IP,
          ofRange(({ address }) => new IpValue(address)),
        ),
      ],
      IP_COST,
    ),
    declare("prefixLength", [
      method(
        "cidr_prefix_length",
        [CIDR],
        INT,
        ofRange(({ length }) => BigInt(length)),
      ),
    ]),
    declare("masked", [
      method(
        "cidr_masked",
        [CIDR],
        CIDR,
        ofRange((range) => new CidrValue(masked(range))),
      ),
    ]),
    declare(
      "containsIP",
      [
        method("cidr_contains_ip_string", [CIDR, STRING], BOOL, containsIp),
        method("cidr_contains_ip_ip", [CIDR, IP], BOOL, containsIp),
      ],
      CONTAINS_ADDRESS_COST,
    ),
    declare(
      "containsCIDR",
      [
        method("cidr_contains_cidr_string", [CIDR, STRING], BOOL, containsCidr),
        method("cidr_contains_cidr", [CIDR, CIDR], BOOL, containsCidr),
      ],
      CONTAINS_RANGE_COST,
    ),
  ],
};

function parseCidr(text: string): Parsed<Range> {
  const parsed = parseRange(text);
  if (parsed.kind === "error") {
    const what = "network address parse error during conversion from string";
    return { kind: "error", message: `${what}: ${parsed.message}` };
  }
  if (!isMapped(parsed.value.address)) return parsed;
  return { kind: "error", message: `IPv4-mapped IPv6 address ${quoted(text)} is not allowed` };
}

function toCidr([text = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return noSuchOverload();
  const parsed = parseCidr(text);
  if (parsed.kind === "ok") return new CidrValue(parsed.value);
  const what = "network address parse error during conversion from string";
  return new CelError(`${what}: ${parsed.message}`);
}

function ofRange(run: (range: Range) => CelResult): (args: readonly CelValue[]) => CelResult {
  return ([value = null]) => (value instanceof CidrValue ? run(value.range) : noSuchOverload());
}

function containsIp([cidr = null, other = null]: readonly CelValue[]): CelResult {
  // Upstream does not say why a text is no address here.
  const address = typeof other === "string" ? toIp([other]) : other;
  if (!(cidr instanceof CidrValue) || !(address instanceof IpValue)) return noSuchOverload();
  return isInRange(cidr.range, address.address);
}

function containsCidr([cidr = null, other = null]: readonly CelValue[]): CelResult {
  const part = typeof other === "string" ? toCidr([other]) : other;
  if (part instanceof CelError) return part;
  if (!(cidr instanceof CidrValue) || !(part instanceof CidrValue)) return noSuchOverload();
  const { range } = cidr;
  return range.length <= part.range.length && isInRange(range, part.range.address);
}
