/** What wakes a service: itself, its slices, and the pods it selects or ceases to select. */
import { EndpointSlice, Pod, Service } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Lister } from "../../informer/lister.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { matchesLabels, queryOfLabels } from "../../machinery/labels.ts";
import { hasPodEndpoints } from "./endpoint.ts";
import { serviceKeys, SLICE_INDEXES } from "./slice-views.ts";

export function endpointSliceSources(informers: Informers): readonly Source[] {
  const services = informers.for(Service);
  const pods = informers.for(Pod);
  const slices = informers.for(EndpointSlice, SLICE_INDEXES);
  return [
    ownSource(services),
    watchSource(pods, (pod) => servicesOf(services.lister, pod), { name: "selected pods" }),
    watchSource(slices, serviceKeys, { name: "slices" }),
  ];
}

/** The services that select the pod. */
export function servicesOf(services: Lister<Service>, pod: Pod): readonly ObjectKey[] {
  const { namespace = "", labels } = pod.metadata;
  return services
    .list({ namespace })
    .filter(hasPodEndpoints)
    .filter((service) => matchesLabels(queryOfLabels(service.spec.selector ?? {}), labels))
    .map(keyOf);
}
