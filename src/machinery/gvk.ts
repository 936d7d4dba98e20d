/** Group, version and kind: what an object is. The core group is "". */
export type GroupVersionKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
};

/** Group, version and resource (plural): where objects of a kind are served. */
export type GroupVersionResource = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
};

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === "" ? gv.version : `${gv.group}/${gv.version}`;
}

/** The group and version in an `apiVersion`; undefined if it has more than one slash. */
export function parseApiVersion(
  apiVersion: string,
): { readonly group: string; readonly version: string } | undefined {
  const parts = apiVersion.split("/");
  if (parts.length === 1 && parts[0] !== undefined) return { group: "", version: parts[0] };
  if (parts.length !== 2 || parts[0] === undefined || parts[1] === undefined) return undefined;
  return { group: parts[0], version: parts[1] };
}

/** `deployments.apps`, or `pods` for the core group. */
export function groupResource(gr: { readonly group: string; readonly resource: string }): string {
  return gr.group === "" ? gr.resource : `${gr.resource}.${gr.group}`;
}

/** A string that is equal exactly for equal resources; for map keys. */
export function gvrKey(gvr: GroupVersionResource): string {
  return `${gvr.group}/${gvr.version}/${gvr.resource}`;
}

/** A string that is equal exactly for equal kinds; for map keys. */
export function gvkKey(gvk: GroupVersionKind): string {
  return `${gvk.group}/${gvk.version}/${gvk.kind}`;
}
