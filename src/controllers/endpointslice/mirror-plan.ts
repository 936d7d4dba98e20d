/**
 * Slices for endpoints that people write by hand: who reads only slices finds those, too. Each
 * subset of the Endpoints object becomes one slice of each family of addresses. Pure.
 */
import type { EndpointAddress, EndpointSubset } from "../../apis/core/v1/types.generated.ts";
import type { Endpoint } from "../../apis/discovery/v1/types.generated.ts";
import { Endpoints, type EndpointSlice, type Service } from "../../client/builtin.ts";
import { isIPv4, isIPv6 } from "../../machinery/ip-address.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { compareKeys, keyOf } from "../../machinery/key.ts";
import type { Labels } from "../../machinery/labels.ts";
import { dnsSubdomainProblem } from "../../machinery/names.ts";
import { isTerminating, own } from "../../machinery/object.ts";
import { controllerReference } from "../../machinery/owners.ts";
import type { AddressType } from "./endpoint.ts";
import {
  isSameSlice,
  MANAGED_BY_LABEL,
  portsKey,
  SERVICE_NAME_LABEL,
  type SlicePlan,
} from "./plan.ts";
import { repacked } from "./subsets.ts";

export const MIRRORED_BY = "endpointslicemirroring-controller.k8s.io";

/** Addresses of one subset that are mirrored. */
export const MIRRORED_MAX = 1_000;

const SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror";
/** On objects that hold no addresses but say who leads: they have no service. */
export const LEADER_ANNOTATION = "control-plane.alpha.kubernetes.io/leader";
/** Annotations that are about the Endpoints object alone. */
const OWN_ANNOTATIONS = [
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** Whether somebody other than a controller keeps the endpoints of the service. */
export function isMirrored(endpoints: Endpoints, service: Service | undefined): boolean {
  const { labels = {}, annotations = {} } = endpoints.metadata;
  if (own(labels, SKIP_LABEL) === "true") return false;
  if (own(annotations, LEADER_ANNOTATION) !== undefined) return false;
  return service !== undefined && Object.keys(service.spec.selector ?? {}).length === 0;
}

/** What would make `slices`, those of this controller for the service, say what `endpoints` do. */
export function planMirror(endpoints: Endpoints, slices: readonly EndpointSlice[]): SlicePlan {
  const present = slices
    .filter((slice) => !isTerminating(slice))
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const byKey = Map.groupBy(present, sliceKey);
  const wanted = repacked(endpoints.subsets ?? []).flatMap((subset) =>
    (["IPv4", "IPv6"] as const).flatMap((type) => mirrorOf(endpoints, subset, type)),
  );
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  for (const slice of wanted) {
    const known = byKey.get(sliceKey(slice))?.shift();
    if (known === undefined) create.push(slice);
    else if (!isRight(known, slice)) update.push(withIdentity(slice, known));
  }
  return { create, update, remove: [...byKey.values()].flat() };
}

function sliceKey({ addressType, ports }: EndpointSlice): string {
  return `${addressType} ${portsKey(ports ?? [])}`;
}

function isRight(known: EndpointSlice, wanted: EndpointSlice): boolean {
  const [a, b] = [known.metadata.annotations ?? {}, wanted.metadata.annotations ?? {}];
  return isSameSlice(known, wanted) && equalValues(a, b);
}

/** The slice in the place of a stored one. */
function withIdentity(wanted: EndpointSlice, known: EndpointSlice): EndpointSlice {
  const { labels, annotations, ownerReferences } = wanted.metadata;
  return {
    ...wanted,
    metadata: {
      ...known.metadata,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
  };
}

/** None, if no address is of the type. */
function mirrorOf(
  endpoints: Endpoints,
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  addressType: AddressType,
): readonly EndpointSlice[] {
  const isOfType = addressType === "IPv4" ? isIPv4 : isIPv6;
  const all = [
    ...addresses.map((address) => endpointOf(address, true)),
    ...notReadyAddresses.map((address) => endpointOf(address, false)),
  ];
  const listed = all.slice(0, MIRRORED_MAX).filter((one) => one.addresses.every(isOfType));
  if (listed.length === 0) return [];
  const { name = "", namespace = "" } = endpoints.metadata;
  const prefix = `${name}-`;
  return [
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        generateName: dnsSubdomainProblem(prefix, true) === undefined ? prefix : name,
        namespace,
        labels: {
          ...endpoints.metadata.labels,
          [SERVICE_NAME_LABEL]: name,
          [MANAGED_BY_LABEL]: MIRRORED_BY,
        },
        annotations: passedOn(endpoints.metadata.annotations ?? {}),
        ownerReferences: [controllerReference(endpoints, Endpoints)],
      },
      addressType,
      endpoints: listed,
      ports: ports.map((port) => ({ ...port, name: port.name ?? "" })),
    },
  ];
}

function endpointOf(address: EndpointAddress, ready: boolean): Endpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}

function passedOn(annotations: Labels): Labels {
  const kept = Object.entries(annotations).filter(([name]) => !OWN_ANNOTATIONS.includes(name));
  return Object.fromEntries(kept);
}
