/** Where a cluster finds a webhook server. */
import type { WebhookReach } from "./webhook-handler.ts";

/** The port of Services unless told. */
export const SERVICE_PORT = 443;
/** Where the server listens unless told, as controller-runtime does. */
export const WEBHOOK_PORT = 9_443;

/** The Service through which API servers reach the webhooks. */
export type WebhookService = {
  readonly namespace: string;
  readonly name: string;
  /** Of the Service, not of the server (default 443). */
  readonly port?: number;
};

/** One of the two. */
export type WebhookPlace =
  /** In the cluster, behind this Service. */
  | { readonly service: WebhookService; readonly url?: never }
  /**
   * Outside of the cluster, for development: where API servers reach this process, e.g.
   * `https://192.168.1.7:9443`; a function is told the port the server listens at.
   */
  | { readonly url: string | ((port: number) => string); readonly service?: never };

/** All paths at a place. `port`: where the server listens. `authorities`: PEM, if known. */
export function reachOf(
  place: WebhookPlace,
  { port, authorities }: { readonly port: number; readonly authorities: string | undefined },
): WebhookReach {
  const trusted =
    authorities === undefined ? {} : { caBundle: Buffer.from(authorities).toString("base64") };
  const { service } = place;
  if (service === undefined) {
    const base = urlOf(place, port);
    return { clientConfig: (path) => ({ url: `${base}${path}`, ...trusted }) };
  }
  const { namespace, name, port: servicePort = SERVICE_PORT } = service;
  return {
    clientConfig: (path) => ({ service: { namespace, name, path, port: servicePort }, ...trusted }),
  };
}

/** The names and addresses that certificates must be for. */
export function hostsOf(place: WebhookPlace): readonly string[] {
  const { service } = place;
  if (service !== undefined) return [`${service.name}.${service.namespace}.svc`];
  return [new URL(urlOf(place, WEBHOOK_PORT)).hostname.replace(/^\[|\]$/g, "")];
}

/** Without a slash at its end. Throws `RangeError` for what API servers would not take. */
export function urlOf(place: WebhookPlace, port: number): string {
  const text = typeof place.url === "function" ? place.url(port) : (place.url ?? "");
  const refuse = (why: string): never => {
    throw new RangeError(`webhooks.url: ${text} ${why}`);
  };
  if (!URL.canParse(text)) return refuse("is no URL: write https://HOST:PORT");
  const { protocol, search, hash, username } = new URL(text);
  if (protocol !== "https:") refuse("does not begin with https://");
  if (search !== "" || hash !== "" || username !== "") refuse("has more than a host and a path");
  return text.replace(/\/+$/, "");
}
