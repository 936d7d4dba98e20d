/** Endpoint slices, checked in the order in which their problems are reported. */
import { isIPv4, isIPv6 } from "../../../machinery/ip-address.ts";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { PROTOCOLS } from "../../core/v1/port-validation.ts";
import { specialIpProblem } from "../../core/v1/special-ip.ts";
import { duplicate, fromProblem, oneOf, required, tooMany } from "../../field-errors.ts";
import { labelErrors, labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from "./types.generated.ts";

/** Endpoints in a slice that a user writes; controllers make smaller ones. */
export const ENDPOINTS_MAX = 1000;
/** Ports in a slice. */
export const PORTS_MAX = 100;
/** Addresses of one endpoint. */
export const ADDRESSES_MAX = 100;
const TOPOLOGY_LABELS_MAX = 16;
const HINTS_MAX = 8;

const ADDRESS_TYPES: readonly string[] = ["FQDN", "IPv4", "IPv6"];

/** What is wrong with a slice that has its defaults. */
export function endpointSliceErrors(slice: EndpointSlice): readonly FieldError[] {
  const { addressType } = slice;
  const endpoints = slice.endpoints ?? [];
  const ports = slice.ports ?? [];
  return [
    ...oneOf("addressType", addressType, ADDRESS_TYPES),
    ...(endpoints.length > ENDPOINTS_MAX
      ? [tooMany("endpoints", endpoints.length, ENDPOINTS_MAX)]
      : endpoints.flatMap((endpoint, index) =>
          endpointErrors(`endpoints[${index}]`, endpoint, addressType),
        )),
    ...(ports.length > PORTS_MAX
      ? [tooMany("ports", ports.length, PORTS_MAX)]
      : portListErrors(ports)),
  ];
}

function endpointErrors(path: string, endpoint: Endpoint, type: string): readonly FieldError[] {
  const { addresses, nodeName, hostname, hints, deprecatedTopology = {} } = endpoint;
  const topologyLabels = Object.keys(deprecatedTopology).length;
  return [
    ...addressListErrors(`${path}.addresses`, addresses, type),
    ...(nodeName === undefined
      ? []
      : fromProblem(`${path}.nodeName`, nodeName, dnsSubdomainProblem(nodeName))),
    ...(topologyLabels > TOPOLOGY_LABELS_MAX
      ? [tooMany(`${path}.deprecatedTopology`, topologyLabels, TOPOLOGY_LABELS_MAX)]
      : labelErrors(`${path}.deprecatedTopology`, deprecatedTopology)),
    ...(hostname === undefined
      ? []
      : fromProblem(`${path}.hostname`, hostname, dnsLabelProblem(hostname))),
    ...hintErrors(`${path}.hints`, hints),
  ];
}

function addressListErrors(
  path: string,
  addresses: readonly string[],
  type: string,
): readonly FieldError[] {
  if (addresses.length === 0) return [required(path, "must contain at least 1 address")];
  if (addresses.length > ADDRESSES_MAX) return [tooMany(path, addresses.length, ADDRESSES_MAX)];
  return addresses.flatMap((address, index) =>
    fromProblem(`${path}[${index}]`, address, addressProblem(address, type)),
  );
}

function addressProblem(address: string, type: string): string | undefined {
  switch (type) {
    case "IPv4":
      return isIPv4(address) ? specialIpProblem(address) : "must be a valid IPv4 address";
    case "IPv6":
      return isIPv6(address) ? specialIpProblem(address) : "must be a valid IPv6 address";
    case "FQDN":
      return qualifiedDomainProblem(address);
    default:
      return undefined; // the type itself is refused
  }
}

function qualifiedDomainProblem(name: string): string | undefined {
  const domain = name.replace(/\.$/, "");
  const problem = dnsSubdomainProblem(domain);
  if (problem !== undefined || domain.includes(".")) return problem;
  return "should be a domain with at least two segments separated by dots";
}

function hintErrors(path: string, hints: EndpointHints | undefined): readonly FieldError[] {
  return [
    ...namedListErrors(`${path}.forZones`, hints?.forZones ?? [], undefined),
    ...namedListErrors(`${path}.forNodes`, hints?.forNodes ?? [], dnsSubdomainProblem),
  ];
}

function namedListErrors(
  path: string,
  items: readonly { readonly name: string }[],
  nameProblem: ((name: string) => string | undefined) | undefined,
): readonly FieldError[] {
  if (items.length > HINTS_MAX) return [tooMany(path, items.length, HINTS_MAX)];
  const seen = new Set<string>();
  return items.flatMap(({ name }, index) => {
    const field = `${path}[${index}].name`;
    const isTaken = seen.has(name);
    seen.add(name);
    if (name === "") return [required(field)];
    return [
      ...(isTaken ? [duplicate(`${path}[${index}]`, name)] : []),
      ...fromProblem(field, name, nameProblem?.(name)),
    ];
  });
}

function portListErrors(ports: readonly EndpointPort[]): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `ports[${index}]`;
    const name = port.name ?? "";
    const isTaken = names.has(name);
    names.add(name);
    return [
      ...(name === "" ? [] : fromProblem(`${path}.name`, name, dnsLabelProblem(name))),
      ...(isTaken ? [duplicate(`${path}.name`, name)] : []),
      ...oneOf(`${path}.protocol`, port.protocol, PROTOCOLS),
      ...(port.appProtocol === undefined
        ? []
        : labelNameErrors(`${path}.appProtocol`, port.appProtocol)),
    ];
  });
}
