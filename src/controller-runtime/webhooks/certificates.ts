/** Where the certificates of a webhook server come from. */
import type { Context } from "../../base/context.ts";
import type { ObjectKey } from "../../machinery/key.ts";

/** Where the certificates come from by which API servers know the webhooks. */
export type WebhookCertificates =
  /**
   * Made and rotated by the program itself, kept in a Secret that all replicas share: certificates
   * for 90 days, renewed after 60, signed by an authority for ten years.
   */
  | {
      readonly kind: "secret";
      /** Default: `<service>-certificates` in the namespace of the service. */
      readonly secret?: ObjectKey;
    }
  /**
   * `tls.crt`, `tls.key` and, if it is there, `ca.crt` in a folder, read anew when they change:
   * e.g. a mounted Secret of cert-manager. Without `ca.crt` nobody is told whom to trust: whoever
   * makes the certificates has to (cert-manager: its CA injector).
   */
  | { readonly kind: "files"; readonly directory: string }
  /** Made by the program itself, for this one process: for development. */
  | { readonly kind: "memory" };

/** What is to be served now, PEM. */
export type ServedCertificates = {
  readonly certificate: string;
  readonly key: string;
  /** What clients must trust; undefined: not known here. */
  readonly authorities: string | undefined;
  /** When the certificate ends, in milliseconds since 1970. */
  readonly endMs: number;
};

/** See the header of this file. */
export interface CertificateSource {
  /** How long until it is worth to look again, in milliseconds. */
  readonly lookMs: number;
  /**
   * The certificates as they should be now, renewed if need be. Rejects if there are none that can
   * be served, or if they cannot be read; what was served before then goes on being served.
   */
  look(context: Context): Promise<ServedCertificates>;
}
