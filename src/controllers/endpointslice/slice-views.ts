/** Which slices are a service's, read from a lister by index. */
import type { EndpointSlice } from "../../client/builtin.ts";
import type { IndexFunctions, Lister } from "../../informer/lister.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { MANAGED_BY, MANAGED_BY_LABEL, SERVICE_NAME_LABEL } from "./plan.ts";

const SERVICE_INDEX = "managed-service";

/** What the informer of slices must offer: those of this controller, by their service. */
export const SLICE_INDEXES: IndexFunctions<EndpointSlice> = {
  [SERVICE_INDEX]: (slice) => serviceKeys(slice).map(keyText),
};

/** The service whose slice this is, if it is one of this controller's. */
export function serviceKeys(slice: EndpointSlice): readonly ObjectKey[] {
  const { labels = {}, namespace = "" } = slice.metadata;
  const name = labels[SERVICE_NAME_LABEL] ?? "";
  return labels[MANAGED_BY_LABEL] === MANAGED_BY && name !== "" ? [{ namespace, name }] : [];
}

/** The slices this controller keeps for the service. */
export function slicesOf(
  slices: Lister<EndpointSlice>,
  service: ObjectKey,
): readonly EndpointSlice[] {
  return slices.byIndex(SERVICE_INDEX, keyText(service));
}
