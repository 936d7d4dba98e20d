/** Endpoints: the addresses behind a service, all in one object. Slices have taken their place. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { fromProblem, invalid, oneOf, required } from "../../field-errors.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { isLegacyIp, legacyIpErrors } from "./legacy-ip.ts";
import { portNumberErrors, PROTOCOLS } from "./port-validation.ts";
import { endpointsSchema } from "./schema.generated.ts";
import { specialIpProblem } from "./special-ip.ts";
import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
} from "./types.generated.ts";

/** Addresses shown in a row before the rest is only counted. */
const SHOWN_MAX = 3;

export const endpointsStrategy: Strategy<Endpoints> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "Endpoints",
    plural: "endpoints",
    singular: "endpoints",
    shortNames: ["ep"],
    categories: [],
    isNamespaced: true,
  },
  schema: endpointsSchema,
  nameProblem: dnsSubdomainProblem,
  isCreatedByUpdate: true,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  applyDefaults: (endpoints) => withDefaults(canonicalForm(endpoints, endpointsSchema)),
  validate: (endpoints, old) =>
    old !== undefined && equalValues(endpoints.subsets, old.subsets)
      ? []
      : (endpoints.subsets ?? []).flatMap((subset, index) =>
          subsetErrors(`subsets[${index}]`, subset),
        ),
  columns: [NAME_COLUMN, column("Endpoints", "Addresses and ports."), AGE_COLUMN],
  row: (endpoints, nowMs) => [
    nameOf(endpoints),
    endpointsText(endpoints.subsets ?? []),
    ageOf(endpoints, nowMs),
  ],
};

function withDefaults(endpoints: Endpoints): Endpoints {
  const { subsets } = endpoints;
  if (subsets === undefined) return endpoints;
  return { ...endpoints, subsets: subsets.map(withSubsetDefaults) };
}

function withSubsetDefaults(subset: EndpointSubset): EndpointSubset {
  const { ports } = subset;
  if (ports === undefined) return subset;
  return { ...subset, ports: ports.map((port) => ({ ...port, protocol: port.protocol || "TCP" })) };
}

function subsetErrors(path: string, subset: EndpointSubset): readonly FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const isEmpty = addresses.length === 0 && notReadyAddresses.length === 0;
  return [
    ...(isEmpty ? [required(path, "must specify `addresses` or `notReadyAddresses`")] : []),
    ...addresses.flatMap((address, index) => addressErrors(`${path}.addresses[${index}]`, address)),
    ...notReadyAddresses.flatMap((address, index) =>
      addressErrors(`${path}.notReadyAddresses[${index}]`, address),
    ),
    ...ports.flatMap((port, index) =>
      portErrors(`${path}.ports[${index}]`, port, ports.length > 1),
    ),
  ];
}

function addressErrors(path: string, address: EndpointAddress): readonly FieldError[] {
  const { ip, hostname = "", nodeName } = address;
  return [
    ...legacyIpErrors(`${path}.ip`, ip),
    ...(hostname === ""
      ? []
      : fromProblem(`${path}.hostname`, hostname, dnsLabelProblem(hostname))),
    ...(nodeName === undefined
      ? []
      : fromProblem(`${path}.nodeName`, nodeName, dnsSubdomainProblem(nodeName))),
    ...(isLegacyIp(ip)
      ? fromProblem(`${path}.ip`, ip, specialIpProblem(ip))
      : [invalid(`${path}.ip`, ip, "must be a valid IP address")]),
  ];
}

function portErrors(path: string, port: EndpointPort, isNamed: boolean): readonly FieldError[] {
  const { name = "", appProtocol } = port;
  return [
    ...(isNamed && name === "" ? [required(`${path}.name`)] : []),
    ...(name === "" ? [] : fromProblem(`${path}.name`, name, dnsLabelProblem(name))),
    ...portNumberErrors(`${path}.port`, port.port),
    ...oneOf(`${path}.protocol`, port.protocol, PROTOCOLS),
    ...(appProtocol === undefined ? [] : labelNameErrors(`${path}.appProtocol`, appProtocol)),
  ];
}

/** The first few addresses with their ports; of the others, how many they are. */
function endpointsText(subsets: readonly EndpointSubset[]): string {
  if (subsets.length === 0) return NONE;
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  const shown = all.slice(0, SHOWN_MAX).join(",");
  return all.length > SHOWN_MAX ? `${shown} + ${all.length - SHOWN_MAX} more...` : shown;
}

function hostPort(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
