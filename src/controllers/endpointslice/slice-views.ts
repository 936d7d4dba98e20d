/** Which slices are a service's, read from a lister by index. */
import type { EndpointSlice } from "../../client/builtin.ts";
import type { IndexFunctions, Lister } from "../../informer/lister.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { MANAGED_BY, MANAGED_BY_LABEL, SERVICE_NAME_LABEL } from "./plan.ts";

/** The service whose slice this is, if it is one of this manager's. */
export function serviceKeysOf(slice: EndpointSlice, manager: string): readonly ObjectKey[] {
  const { labels = {}, namespace = "" } = slice.metadata;
  const name = labels[SERVICE_NAME_LABEL] ?? "";
  return labels[MANAGED_BY_LABEL] === manager && name !== "" ? [{ namespace, name }] : [];
}

/** The slices that one manager keeps. */
export type SlicesOfManager = {
  /** What the informer of slices must offer. */
  readonly indexes: IndexFunctions<EndpointSlice>;
  /** Those of one service. */
  readonly of: (slices: Lister<EndpointSlice>, service: ObjectKey) => readonly EndpointSlice[];
};

export function slicesBy(manager: string): SlicesOfManager {
  const index = `service of ${manager}`;
  return {
    indexes: { [index]: (slice) => serviceKeysOf(slice, manager).map(keyText) },
    of: (slices, service) => slices.byIndex(index, keyText(service)),
  };
}

const OWN = slicesBy(MANAGED_BY);

/** What the informer of slices must offer: those of services with a selector. */
export const SLICE_INDEXES: IndexFunctions<EndpointSlice> = OWN.indexes;

/** The service with a selector whose slice this is, if it is one. */
export function serviceKeys(slice: EndpointSlice): readonly ObjectKey[] {
  return serviceKeysOf(slice, MANAGED_BY);
}

/** The slices that are kept for a service with a selector. */
export function slicesOf(
  slices: Lister<EndpointSlice>,
  service: ObjectKey,
): readonly EndpointSlice[] {
  return OWN.of(slices, service);
}
