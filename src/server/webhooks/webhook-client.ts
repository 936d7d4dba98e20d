/**
 * Calls from the server to people's webhooks: a JSON value posted over HTTPS, a JSON value back.
 * The seam is here; `http/https-webhook-client.ts` speaks the protocol.
 */
import type { Context } from "../../base/context.ts";

/** Where a webhook is. */
export type WebhookAddress =
  | { readonly kind: "url"; readonly url: string }
  | {
      readonly kind: "service";
      readonly namespace: string;
      readonly name: string;
      readonly port: number;
      /** "" or a path that starts with a slash. */
      readonly path: string;
    };

export type WebhookCall = {
  readonly address: WebhookAddress;
  /** PEM certificates in base64, as `clientConfig.caBundle` holds them; "": the system's. */
  readonly caBundle: string;
  readonly timeoutMs: number;
  readonly body: unknown;
};

/** See the header of this file. */
export interface WebhookClient {
  /** What the webhook answers. Rejects with a `WebhookCallError` when it does not. */
  postJson(call: WebhookCall, context: Context): Promise<unknown>;
}

/** A call that brought no answer. `message` is what upstream's client says of it. */
export class WebhookCallError extends Error {
  override readonly name = "WebhookCallError";
}

/** The fields of a `clientConfig`, wherever it stands. */
export type ClientConfig = {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
};

/** The address in a client config; undefined if it has none. */
export function addressOf(config: ClientConfig): WebhookAddress | undefined {
  const { url, service } = config;
  if (url !== undefined) return { kind: "url", url };
  if (service === undefined) return undefined;
  const { namespace, name, path = "", port = 443 } = service;
  return { kind: "service", namespace, name, port, path };
}

/** The URL of a call, with its timeout as the webhook and error texts see it. */
export function callUrl(address: WebhookAddress, timeoutMs: number): string {
  const base =
    address.kind === "url"
      ? address.url
      : `https://${serviceHost(address)}:${address.port}${address.path}`;
  const separator = base.includes("?") ? "&" : "?";
  return `${base}${separator}timeout=${timeoutMs / 1_000}s`;
}

/** The name that the certificate of a service's webhook must be for. */
export function serviceHost(service: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${service.name}.${service.namespace}.svc`;
}

/** A client of a server whose users have no webhooks: every call fails. */
export const NO_WEBHOOKS: WebhookClient = {
  postJson: ({ address, timeoutMs }) => {
    const url = callUrl(address, timeoutMs);
    const why = "this server was started without a webhook client";
    return Promise.reject(new WebhookCallError(`Post ${JSON.stringify(url)}: ${why}`));
  },
};
