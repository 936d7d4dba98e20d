/** Under which resource objects of a kind are served now. */
import { parseApiVersion } from "../../machinery/gvk.ts";
import type { ObjectName } from "../../trace/facts.ts";
import type { Resource, Resources } from "../registry/resource.ts";

/** In whichever version of its group; undefined: it is served no longer, or never was. */
export function servedKind(
  { apiVersion, kind }: ObjectName,
  resources: Resources,
): Resource | undefined {
  const group = parseApiVersion(apiVersion)?.group;
  return resources.all().find((each) => each.group === group && each.kind === kind);
}
