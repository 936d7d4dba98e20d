/** The Endpoints object that a service should have. Pure. */
import type { EndpointSubset } from "../../apis/core/v1/types.generated.ts";
import type { Endpoints, Pod, Service } from "../../client/builtin.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { Labels } from "../../machinery/labels.ts";
import { own } from "../../machinery/object.ts";
import { isHeadless, subsetsOf, truncated } from "./subsets.ts";

export const MANAGED_BY_LABEL = "endpoints.kubernetes.io/managed-by";
export const MANAGED_BY = "endpoint-controller";
const HEADLESS_LABEL = "service.kubernetes.io/headless";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** What to write: nothing, if the object is right. */
export type EndpointsPlan =
  | { readonly kind: "none" }
  | { readonly kind: "create"; readonly endpoints: Endpoints }
  | { readonly kind: "update"; readonly endpoints: Endpoints };

/** What would bring `present` in line with `pods`, those that the service selects. */
export function planEndpoints(
  service: Service,
  pods: readonly Pod[],
  present: Endpoints | undefined,
): EndpointsPlan {
  const all = subsetsOf(service, pods);
  const subsets = truncated(all);
  const isOver = subsets !== all;
  const labels = labelsOf(service);
  const { name = "", namespace = "" } = service.metadata;
  if (present === undefined) {
    const annotations = isOver ? { annotations: { [OVER_CAPACITY]: "truncated" } } : {};
    const metadata = { name, namespace, labels, ...annotations };
    return { kind: "create", endpoints: withSubsets({ ...FORM, metadata }, subsets) };
  }
  const { metadata } = present;
  const annotations = annotationsWith(metadata.annotations ?? {}, isOver);
  const isRight =
    equalValues(present.subsets ?? [], subsets) &&
    equalValues(metadata.labels ?? {}, labels) &&
    equalValues(metadata.annotations ?? {}, annotations);
  if (isRight) return { kind: "none" };
  const next = { ...present, metadata: { ...metadata, labels, annotations } };
  return { kind: "update", endpoints: withSubsets(next, subsets) };
}

const FORM = { apiVersion: "v1", kind: "Endpoints" } as const;

function withSubsets(endpoints: Endpoints, subsets: readonly EndpointSubset[]): Endpoints {
  const { subsets: _, ...rest } = endpoints;
  return subsets.length === 0 ? rest : { ...rest, subsets };
}

/** The service's own labels, and those that say what the object is. */
function labelsOf(service: Service): Labels {
  return {
    ...service.metadata.labels,
    ...(isHeadless(service) ? { [HEADLESS_LABEL]: "" } : {}),
    [MANAGED_BY_LABEL]: MANAGED_BY,
  };
}

function annotationsWith(present: Labels, isOver: boolean): Labels {
  if (isOver) return { ...present, [OVER_CAPACITY]: "truncated" };
  if (own(present, OVER_CAPACITY) === undefined) return present;
  const { [OVER_CAPACITY]: _, ...rest } = present;
  return rest;
}
