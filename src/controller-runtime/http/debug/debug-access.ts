/**
 * Who may see the debug page: it names objects and quotes errors, and the port it is on is open to
 * the pods of a cluster. So only this machine may: `kubectl port-forward` connects from inside of
 * the pod, so that whoever may forward its ports may see the page, and nobody else.
 *
 * A request that was sent on for somebody else is refused (a sidecar connects from inside, too),
 * and so is one for another host's name: that is a page in a browser that asks behind its user's
 * back.
 */

const OWN_ADDRESSES: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const PASSED_ON = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-envoy-internal"];

export const DEBUG_ADVICE: string =
  "the debug page is for this machine only: " +
  "kubectl port-forward POD 8080, then http://localhost:8080/debug\n";

/** Whether the request may see the page. Pure. */
export function isOwnRequest({
  address,
  headers,
}: {
  /** Of the peer. */
  readonly address: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}): boolean {
  if (address === undefined || !OWN_ADDRESSES.has(address)) return false;
  const { host } = headers;
  if (typeof host !== "string" || !OWN_HOST.test(host.toLowerCase())) return false;
  return PASSED_ON.every((name) => headers[name] === undefined);
}
