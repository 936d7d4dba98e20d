/**
 * Which slices a service should have. Pure: tests and the simulator call this alone.
 *
 * Every watcher of slices gets each write, so the aim is few writes rather than full slices: an
 * endpoint stays in the slice it is in; new ones go first into slices that are written anyway, then
 * into one that has room for all of them, and only then into a new one. Slices are not merged. A
 * service without endpoints keeps one empty slice, which says that somebody has looked.
 */
import type { Endpoint, EndpointPort } from "../../apis/discovery/v1/types.generated.ts";
import { Service, type EndpointSlice, type Pod } from "../../client/builtin.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { compareKeys, compareText, keyOf } from "../../machinery/key.ts";
import type { Labels } from "../../machinery/labels.ts";
import { dnsSubdomainProblem } from "../../machinery/names.ts";
import { isTerminating } from "../../machinery/object.ts";
import { controllerReference, isControlledBy } from "../../machinery/owners.ts";
import {
  addressTypesOf,
  endpointOf,
  endpointPortsOf,
  HEADLESS,
  type AddressType,
} from "./endpoint.ts";

/** Endpoints in one slice. */
export const SLICE_ENDPOINTS_MAX = 100;

export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
export const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
export const MANAGED_BY = "endpointslice-controller.k8s.io";
const HEADLESS_LABEL = "service.kubernetes.io/headless";

/** Writes, to be made in this order, so that no endpoint is missing in between. */
export type SlicePlan = {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
};

/**
 * What would bring `slices`, those of this service and controller, in line with `pods`, those that
 * the service selects.
 */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  slices: readonly EndpointSlice[],
): SlicePlan {
  const present = slices
    .filter((slice) => !isTerminating(slice))
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const types = addressTypesOf(service);
  // Those of an earlier service of this name, or of a family that is no longer wanted.
  const isForeign = (slice: EndpointSlice): boolean =>
    !isControlledBy(slice, service) || !types.some((type) => type === slice.addressType);
  const plans = types.map((type) => {
    const own = present.filter((slice) => slice.addressType === type && !isForeign(slice));
    return planAddressType(service, type, endpointGroups(service, pods, type), own);
  });
  return {
    create: plans.flatMap((plan) => plan.create),
    update: plans.flatMap((plan) => plan.update),
    remove: [...plans.flatMap((plan) => plan.remove), ...present.filter(isForeign)],
  };
}

/** Endpoints with the same ports, by the uid of their pods: only such can share a slice. */
type Group = {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Map<string, Endpoint>;
};

/** A slice in the making: `slice` is the stored one, undefined if there is none yet. */
type Draft = {
  readonly slice: EndpointSlice | undefined;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
};

function endpointGroups(
  service: Service,
  pods: readonly Pod[],
  type: AddressType,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  const inOrder = [...pods].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  for (const pod of inOrder) {
    const endpoint = endpointOf(service, pod, type);
    if (endpoint === undefined) continue;
    const ports = endpointPortsOf(service, pod);
    const group = groups.get(portsKey(ports)) ?? { ports, endpoints: new Map() };
    group.endpoints.set(pod.metadata.uid ?? "", endpoint);
    groups.set(portsKey(ports), group);
  }
  return groups;
}

function planAddressType(
  service: Service,
  type: AddressType,
  groups: Map<string, Group>,
  slices: readonly EndpointSlice[],
): SlicePlan {
  const byPorts = Map.groupBy(slices, (slice) => portsKey(slice.ports ?? []));
  const keys = [...new Set([...groups.keys(), ...byPorts.keys()])].sort(compareText);
  const drafts = keys.flatMap((key) => {
    const group = groups.get(key) ?? { ports: [], endpoints: new Map() };
    return draftsOf(group, byPorts.get(key) ?? []);
  });
  const used = drafts.filter(({ endpoints }) => endpoints.length > 0);
  const unused = drafts.flatMap(({ slice, endpoints }) =>
    slice !== undefined && endpoints.length === 0 ? [slice] : [],
  );
  const wanted = used.length > 0 ? used : [{ slice: undefined, ports: [], endpoints: [] }];
  return finished(service, type, withReuse(wanted, unused), unused);
}

/** The drafts of one group of endpoints, from the slices that hold such now. */
function draftsOf({ ports, endpoints }: Group, slices: readonly EndpointSlice[]): readonly Draft[] {
  const pending = new Map(endpoints);
  const kept = slices.map((slice) => ({ slice, ports, endpoints: keptIn(slice, pending) }));
  const isChanged = (draft: (typeof kept)[number]): boolean =>
    !equalValues(draft.endpoints, draft.slice.endpoints ?? []);
  const fullestFirst = (a: Draft, b: Draft): number => b.endpoints.length - a.endpoints.length;

  let left = [...pending.values()];
  const changed: Draft[] = [];
  for (const draft of kept.filter(isChanged).sort(fullestFirst)) {
    const room = Math.max(0, SLICE_ENDPOINTS_MAX - draft.endpoints.length);
    changed.push({ ...draft, endpoints: [...draft.endpoints, ...left.slice(0, room)] });
    left = left.slice(room);
  }
  const unchanged = kept.filter((draft) => !isChanged(draft)).sort(fullestFirst);
  return [...changed, ...placed(left, ports, unchanged)];
}

/** The slice's endpoints as they are now, without those gone; takes them from `pending`. */
function keptIn(slice: EndpointSlice, pending: Map<string, Endpoint>): readonly Endpoint[] {
  return (slice.endpoints ?? []).flatMap(({ targetRef }) => {
    const uid = targetRef?.uid ?? "";
    const endpoint = pending.get(uid);
    pending.delete(uid); // a second one of the same pod is not kept
    return endpoint === undefined ? [] : [endpoint];
  });
}

/** `unchanged` and new drafts that together hold `endpoints` too. `unchanged` is fullest first. */
function placed(
  endpoints: readonly Endpoint[],
  ports: readonly EndpointPort[],
  unchanged: readonly Draft[],
): readonly Draft[] {
  const fullCount = endpoints.length - (endpoints.length % SLICE_ENDPOINTS_MAX);
  const fresh: Draft[] = [];
  for (let start = 0; start < fullCount; start += SLICE_ENDPOINTS_MAX) {
    const chunk = endpoints.slice(start, start + SLICE_ENDPOINTS_MAX);
    fresh.push({ slice: undefined, ports, endpoints: chunk });
  }
  const rest = endpoints.slice(fullCount);
  if (rest.length === 0) return [...unchanged, ...fresh];
  const roomy = unchanged.find(
    (draft) => draft.endpoints.length + rest.length <= SLICE_ENDPOINTS_MAX,
  );
  if (roomy === undefined) {
    return [...unchanged, ...fresh, { slice: undefined, ports, endpoints: rest }];
  }
  const joined = { ...roomy, endpoints: [...roomy.endpoints, ...rest] };
  return [...unchanged.filter((draft) => draft !== roomy), joined, ...fresh];
}

/** Gives new drafts the stored slices that are no longer used: one write instead of two. */
function withReuse(drafts: readonly Draft[], unused: readonly EndpointSlice[]): readonly Draft[] {
  // An empty slice is best replaced by one that is empty already.
  const pool = [...unused].sort((a, b) => sizeOf(a) - sizeOf(b));
  return drafts.map((draft) => ({ ...draft, slice: draft.slice ?? pool.shift() }));
}

function sizeOf({ ports, endpoints }: EndpointSlice): number {
  return (ports ?? []).length + (endpoints ?? []).length; // empty lists come as null
}

function finished(
  service: Service,
  type: AddressType,
  drafts: readonly Draft[],
  unused: readonly EndpointSlice[],
): SlicePlan {
  const create = drafts.filter(({ slice }) => slice === undefined);
  const update = drafts.flatMap((draft) => {
    if (draft.slice === undefined) return [];
    const next = updatedSlice(service, draft.slice, draft);
    return isSameSlice(next, draft.slice) ? [] : [next];
  });
  const reused = new Set(drafts.map(({ slice }) => slice));
  return {
    create: create.map((draft) => newSlice(service, type, draft)),
    update,
    remove: unused.filter((slice) => !reused.has(slice)),
  };
}

function newSlice(service: Service, addressType: AddressType, draft: Draft): EndpointSlice {
  const { name = "", namespace = "" } = service.metadata;
  const prefix = `${name}-`;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: dnsSubdomainProblem(prefix, true) === undefined ? prefix : name,
      namespace,
      labels: labelsOf(service),
      ownerReferences: [controllerReference(service, Service)],
    },
    addressType,
    endpoints: draft.endpoints,
    ports: draft.ports,
  };
}

function updatedSlice(service: Service, slice: EndpointSlice, draft: Draft): EndpointSlice {
  const metadata = { ...slice.metadata, labels: labelsOf(service) };
  return { ...slice, metadata, endpoints: draft.endpoints, ports: draft.ports };
}

/** Whether the two list the same, under the same labels. */
export function isSameSlice(a: EndpointSlice, b: EndpointSlice): boolean {
  return (
    equalValues(a.endpoints ?? [], b.endpoints ?? []) &&
    portsKey(a.ports ?? []) === portsKey(b.ports ?? []) &&
    equalValues(a.metadata.labels ?? {}, b.metadata.labels ?? {})
  );
}

/** The service's own labels, and those by which its slices are found. */
function labelsOf(service: Service): Labels {
  return {
    ...service.metadata.labels,
    ...(service.spec.clusterIP === HEADLESS ? { [HEADLESS_LABEL]: "" } : {}),
    [SERVICE_NAME_LABEL]: service.metadata.name ?? "",
    [MANAGED_BY_LABEL]: MANAGED_BY,
  };
}

/** The same for lists of ports that mean the same. */
export function portsKey(ports: readonly EndpointPort[]): string {
  const texts = ports.map(({ name = "", protocol = "TCP", port = 0, appProtocol = "" }) =>
    JSON.stringify([name, protocol, port, appProtocol]),
  );
  return texts.sort(compareText).join();
}
