import { apiVersionOf } from "../../machinery/gvk.ts";

/** Path below the server's root, without a slash: `api/v1`, `apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return `${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
}
