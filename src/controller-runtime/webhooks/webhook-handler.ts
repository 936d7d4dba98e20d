/**
 * What a webhook server serves, and what tells a cluster to call it. Admission and conversion are
 * two kinds of the same: a review comes in as JSON, a review goes back, and somewhere in the
 * cluster an object holds the address and the certificates to trust.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import type { Status } from "../../machinery/status.ts";

/** Answers reviews that are posted to one path. */
export interface WebhookHandler {
  /** Starts with a slash; unique in a server. Also the label `webhook` of the metrics. */
  readonly path: string;
  readonly kind: "admission" | "conversion";
  /**
   * The answer to a review. `review` is decoded JSON of whoever can reach the server: anything at
   * all; integers that a number would round are `bigint`. Throws a `StatusError` for what it
   * refuses to answer; everything else that is thrown is a defect: counted as a panic, logged,
   * and answered as an internal error.
   */
  handle(review: unknown, context: Context): Promise<unknown>;
  /**
   * The review that says that `handle` threw, e.g. with the uid of the request; undefined if
   * `review` is too odd for that: then the status itself is the answer, with its code.
   */
  failed(review: unknown, status: Status): unknown;
}

/** How a cluster reaches the server: the same for all its paths. */
export interface WebhookReach {
  /** For the handler of this path, with the certificates to trust. */
  clientConfig(path: string): WebhookClientConfig;
}

/** As it stands in webhook configurations and in definitions with a conversion. */
export type WebhookClientConfig = {
  /** PEM certificates in base64. Absent: those of the system are trusted. */
  readonly caBundle?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path: string;
    readonly port: number;
  };
  readonly url?: string;
};

/**
 * An object of the cluster by which API servers know where to call: a webhook configuration, a
 * definition with a conversion. It is applied (server-side, by one field manager) at the start;
 * from then on the certificates to trust are kept up to date, and definitions as they should be.
 */
export interface WebhookRegistration {
  readonly type: ResourceType;
  readonly name: string;
  /** All that is to be applied, besides `apiVersion`, `kind` and the name. */
  wanted(reach: WebhookReach): Fields;
  /**
   * JSON pointers of all `caBundle` fields in `object` that belong to `paths` of this server, for
   * where only certificates are to be kept up to date, e.g. `/webhooks/0/clientConfig/caBundle`.
   */
  bundlePointers(object: ApiObject): readonly string[];
}

/** A conversion as a manager takes it: `webhooks: { handlers: [conversion(Site)] }`. */
export type ConversionWebhook = {
  readonly kind: "conversion";
  /** The hub: its definition says the rest. */
  readonly type: ResourceType;
  handlers(deps: { readonly env: Env }): readonly WebhookHandler[];
  readonly registration: WebhookRegistration;
};
