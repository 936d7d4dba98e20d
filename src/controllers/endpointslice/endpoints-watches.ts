/**
 * What wakes a service: itself, the pods it selects or ceases to select, and its endpoints when
 * they go. Endpoints that somebody writes by hand are left alone; those found at the start may be
 * left from a service that went while nobody looked.
 */
import { Endpoints, Pod, Service } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import { own } from "../../machinery/object.ts";
import { LEADER_ANNOTATION } from "./mirror-plan.ts";
import { servicesOf } from "./watches.ts";

export function endpointsSources(informers: Informers): readonly Source[] {
  const services = informers.for(Service);
  const pods = informers.for(Pod);
  const endpoints = informers.for(Endpoints);
  return [
    ownSource(services),
    watchSource(pods, (pod) => servicesOf(services.lister, pod), { name: "selected pods" }),
    ownSource(endpoints, { name: "endpoints", predicate: isGoneOrLeft }),
  ];
}

function isGoneOrLeft(event: InformerEvent<Endpoints>): boolean {
  if (event.kind === "delete") return true;
  const { annotations = {} } = event.object.metadata;
  if (own(annotations, LEADER_ANNOTATION) !== undefined) return false;
  return event.kind === "add" && event.isInitial;
}
