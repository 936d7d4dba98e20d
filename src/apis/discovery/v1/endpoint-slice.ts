/** Endpoint slices: the addresses behind a service, some hundred in each. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { own } from "../../../machinery/object.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ipWarning } from "../../core/v1/legacy-ip.ts";
import { IMMUTABLE, invalid } from "../../field-errors.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { endpointSliceErrors } from "./endpoint-slice-validation.ts";
import { endpointSliceSchema } from "./schema.generated.ts";
import type { EndpointPort, EndpointSlice } from "./types.generated.ts";

/** Ports and addresses shown in a row before the rest is only counted. */
const SHOWN_MAX = 3;

export const endpointSliceStrategy: Strategy<EndpointSlice> = {
  names: {
    group: "discovery.k8s.io",
    version: "v1",
    kind: "EndpointSlice",
    plural: "endpointslices",
    singular: "endpointslice",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: endpointSliceSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCountedToo: (next, old) => !equalValues(next.metadata.labels, old.metadata.labels),
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (slice) => withDefaults(canonicalForm(slice, endpointSliceSchema)),
  prepareForCreate: withoutTopology,
  prepareForUpdate: (next, old) =>
    equalValues(next.endpoints, old.endpoints) ? next : withoutTopology(next),
  validate: endpointSliceErrors,
  validateUpdate: (next, old) =>
    next.addressType === old.addressType
      ? []
      : [invalid("addressType", next.addressType, IMMUTABLE)],
  warnings: (next, old) => [
    ...(next.addressType === "FQDN" && old === undefined
      ? ["spec.addressType: FQDN endpoints are deprecated"]
      : []),
    ...addressWarnings(next),
  ],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [
    NAME_COLUMN,
    column("AddressType", "Of what kind the addresses are: IPv4, IPv6 or FQDN."),
    column("Ports", "Ports that every endpoint here serves."),
    column("Endpoints", "Addresses of the endpoints."),
    AGE_COLUMN,
  ],
  row: (slice, nowMs) => [
    nameOf(slice),
    slice.addressType,
    shortened((slice.ports ?? []).map(portText)),
    shortened((slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses)),
    ageOf(slice, nowMs),
  ],
};

function withDefaults(slice: EndpointSlice): EndpointSlice {
  const ports = slice.ports ?? [];
  if (ports.length === 0) return slice;
  return {
    ...slice,
    ports: ports.map((port) => ({
      ...port,
      name: port.name ?? "",
      protocol: port.protocol ?? "TCP",
    })),
  };
}

/** A field of the first versions, which is still read and not written any more. */
function withoutTopology(slice: EndpointSlice): EndpointSlice {
  if (slice.endpoints?.some((endpoint) => endpoint.deprecatedTopology !== undefined) !== true) {
    return slice;
  }
  const endpoints = slice.endpoints.map((endpoint) => {
    const { deprecatedTopology: _, ...kept } = endpoint;
    return kept;
  });
  return { ...slice, endpoints };
}

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const CONTROLLERS: readonly (string | undefined)[] = [
  "endpointslice-controller.k8s.io",
  "endpointslicemirroring-controller.k8s.io",
];

/** Spellings of addresses that are doubtful; controllers are taken to write none. */
function addressWarnings({ metadata, endpoints }: EndpointSlice): readonly string[] {
  const manager = own(metadata.labels ?? {}, MANAGED_BY);
  if (CONTROLLERS.some((name) => name === manager)) return [];
  return (endpoints ?? []).flatMap(({ addresses }, index) =>
    addresses.flatMap((address, at) => ipWarning(`endpoints[${index}].addresses[${at}]`, address)),
  );
}

function portText(port: EndpointPort): string {
  return String(port.port ?? port.name ?? "*");
}

/** The first few; of the others, how many they are. */
function shortened(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN_MAX).join(",");
  if (texts.length > SHOWN_MAX) return `${shown} + ${texts.length - SHOWN_MAX} more...`;
  return shown === "" ? "<unset>" : shown;
}
