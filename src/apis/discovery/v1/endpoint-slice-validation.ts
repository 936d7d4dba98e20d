/** Endpoint slices, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { PROTOCOLS } from "../../core/v1/port-validation.ts";
import { specialIpProblem } from "../../core/v1/special-ip.ts";
import {
  duplicate,
  errorIf,
  fromProblem,
  invalid,
  oneOf,
  required,
  tooMany,
} from "../../field-errors.ts";
import { ipProblem } from "../../ip-validation.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from "./types.generated.ts";

/** Endpoints in a slice that a user writes; controllers make smaller ones. */
export const ENDPOINTS_MAX = 1000;
/** Ports in a slice. */
export const PORTS_MAX = 20_000;
/** Addresses of one endpoint. */
export const ADDRESSES_MAX = 100;
const HINTS_MAX = 8;

const ADDRESS_TYPES: readonly string[] = ["FQDN", "IPv4", "IPv6"];

/** What is wrong with a slice that has its defaults; endpoints that do not change are let be. */
export function endpointSliceErrors(
  slice: EndpointSlice,
  old: EndpointSlice | undefined,
): readonly FieldError[] {
  const { addressType } = slice;
  const endpoints = slice.endpoints ?? [];
  const ports = slice.ports ?? [];
  const isSame = old !== undefined && equalValues(slice.endpoints, old.endpoints);
  return [
    ...oneOf("addressType", addressType, ADDRESS_TYPES),
    ...(ports.length > PORTS_MAX
      ? [tooMany("ports", ports.length, PORTS_MAX)]
      : portListErrors(ports)),
    ...(isSame ? [] : endpointListErrors(endpoints, addressType)),
  ];
}

function endpointListErrors(
  endpoints: readonly Endpoint[],
  addressType: string,
): readonly FieldError[] {
  if (endpoints.length > ENDPOINTS_MAX) {
    return [tooMany("endpoints", endpoints.length, ENDPOINTS_MAX)];
  }
  return endpoints.flatMap((endpoint, index) =>
    endpointErrors(`endpoints[${index}]`, endpoint, addressType),
  );
}

function endpointErrors(path: string, endpoint: Endpoint, type: string): readonly FieldError[] {
  const { addresses, nodeName, hostname, hints } = endpoint;
  return [
    ...addressListErrors(`${path}.addresses`, addresses, type),
    ...(nodeName === undefined
      ? []
      : fromProblem(`${path}.nodeName`, nodeName, dnsSubdomainProblem(nodeName))),
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
  return [
    ...(addresses.length > ADDRESSES_MAX ? [tooMany(path, addresses.length, ADDRESSES_MAX)] : []),
    ...addresses.flatMap((address, index) => addressErrors(path, index, address, type)),
  ];
}

function addressErrors(
  path: string,
  index: number,
  address: string,
  type: string,
): readonly FieldError[] {
  const field = `${path}[${index}]`;
  if (type === "FQDN") return qualifiedDomainErrors(field, address);
  if (type !== "IPv4" && type !== "IPv6") return []; // the type itself is refused
  const wrong = fromProblem(field, address, ipProblem(address));
  if (wrong.length > 0) return wrong;
  return [
    // Upstream names the list here, not the address in it.
    ...errorIf(address.includes(":") !== (type === "IPv6"), invalid(path, address, KINDS[type])),
    ...fromProblem(field, address, specialIpProblem(address)),
  ];
}

const KINDS = { IPv4: "must be an IPv4 address", IPv6: "must be an IPv6 address" } as const;

function qualifiedDomainErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  const domain = name.replace(/\.$/, "");
  const problem = dnsSubdomainProblem(domain);
  if (problem !== undefined) return [invalid(field, domain, problem.replaceAll("; ", ","))];
  const labels = domain.split(".");
  if (labels.length < 2) {
    const detail = "should be a domain with at least two segments separated by dots";
    return [invalid(field, domain, detail)];
  }
  const tooLong = labels.find((label) => dnsLabelProblem(label) !== undefined);
  return tooLong === undefined ? [] : fromProblem(field, tooLong, dnsLabelProblem(tooLong));
}

function hintErrors(path: string, hints: EndpointHints | undefined): readonly FieldError[] {
  const zones = namedListErrors(`${path}.forZones`, hints?.forZones ?? [], labelValueProblem);
  if ((hints?.forZones ?? []).length > HINTS_MAX) return zones;
  const nodes = namedListErrors(`${path}.forNodes`, hints?.forNodes ?? [], dnsSubdomainProblem);
  return [...zones, ...nodes];
}

function namedListErrors(
  path: string,
  items: readonly { readonly name: string }[],
  nameProblem: (name: string) => string | undefined,
): readonly FieldError[] {
  if (items.length > HINTS_MAX) return [tooMany(path, items.length, HINTS_MAX)];
  const seen = new Set<string>();
  return items.flatMap(({ name }, index) => {
    const field = `${path}[${index}].name`;
    const isTaken = seen.has(name);
    seen.add(name);
    return [
      ...(isTaken ? [duplicate(field, name)] : []),
      ...fromProblem(field, name, nameProblem(name)),
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
