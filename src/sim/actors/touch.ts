/**
 * Somebody else's write, just before a call has its effect: the one way to a conflict that a real
 * server would tell of. Whoever names a version is refused; a watch shows the change to all.
 */
import type { ApiRequest } from "../../machinery/request.ts";
import type { CallName } from "./call-name.ts";

/** Who touches objects, in causes. */
export const SOMEBODY = "somebody";

/** The request that touches what the call is about: an annotation that means nothing. */
export function touchOf(request: ApiRequest, call: CallName, times: number): ApiRequest {
  const suffix = call.subresource === "" ? "" : `/${call.subresource}`;
  const path = request.path.slice(0, request.path.length - suffix.length);
  const annotations = { "simulation.setpoint.dev/touched": String(times) };
  return {
    method: "PATCH",
    path,
    query: new URLSearchParams(),
    headers: { "content-type": "application/merge-patch+json" },
    body: { kind: "value", value: { metadata: { annotations } } },
  };
}
