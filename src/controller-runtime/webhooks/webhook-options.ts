/** What a manager can be told about webhooks, and what holds where it is told nothing. */
import type { ObjectKey } from "../../machinery/key.ts";
import type { AdmissionWebhook } from "./admission.ts";
import type { WebhookCertificates } from "./certificates.ts";
import { configurationsOf, leftOversOf, type LeftOver } from "./configurations.ts";
import { hostsOf, WEBHOOK_PORT, type WebhookPlace } from "./place.ts";
import type { RegistrationMode } from "./registrar.ts";
import type { ConversionWebhook, WebhookRegistration } from "./webhook-handler.ts";

/** How a manager serves webhooks, and what it does so that API servers ask them. */
export type WebhookOptions = WebhookPlace & {
  /** What `admission()` and `conversion()` have made. */
  readonly handlers: readonly (AdmissionWebhook | ConversionWebhook)[];
  /** Where the server listens (default 9443); 0 takes a free one. */
  readonly port?: number;
  /** Default: all addresses. */
  readonly host?: string;
  /** Default: in a Secret beside the service; with `url`: in memory. */
  readonly certificates?: WebhookCertificates;
  /**
   * What the program does for webhook configurations. "apply" (default): it makes them at the
   * start, and again if they go, and keeps the certificates to trust up to date. "ca-bundle": only
   * the latter, in configurations that manifests have made. "none": nothing.
   */
  readonly registration?: RegistrationMode;
  /**
   * Of both configurations, and of no other program's in the cluster. Default: the name of the
   * service; with `url`: of the first kind, e.g. `sites.example.dev`.
   */
  readonly configurationName?: string;
  /**
   * Whether configurations are deleted when this process ends (default: with `url`, as nobody
   * answers then; not with a service, as other replicas do).
   */
  readonly removesConfigurations?: boolean;
};

/** The options with everything decided. */
export type QualifiedWebhooks = {
  readonly place: WebhookPlace;
  readonly handlers: WebhookOptions["handlers"];
  readonly port: number;
  readonly host: string | undefined;
  /** Names and addresses of the server. */
  readonly hosts: readonly string[];
  readonly certificates: QualifiedCertificates;
  readonly mode: RegistrationMode;
  readonly registrations: readonly WebhookRegistration[];
  /** What an earlier version of the program may have left in the cluster. */
  readonly leftOvers: readonly LeftOver[];
  readonly removes: boolean;
};

export type QualifiedCertificates =
  | { readonly kind: "secret"; readonly secret: ObjectKey }
  | { readonly kind: "files"; readonly directory: string }
  | { readonly kind: "memory" };

/** Decides what was left open. Throws `RangeError` for what cannot be. */
export function qualifiedWebhooks(options: WebhookOptions): QualifiedWebhooks {
  const { handlers, service, port = WEBHOOK_PORT, registration = "apply" } = options;
  if (handlers.length === 0) throw new RangeError("webhooks.handlers: name at least one");
  const name = options.configurationName ?? service?.name ?? kindName(handlers);
  const place: WebhookPlace = service === undefined ? { url: options.url } : { service };
  return {
    place,
    handlers,
    port,
    host: options.host,
    hosts: hostsOf(place),
    certificates: qualifiedCertificates(options.certificates, place),
    mode: registration,
    registrations: registrationsOf(handlers, name),
    leftOvers: leftOversOf(
      handlers.filter((each) => each.kind === "admission"),
      name,
    ),
    removes: options.removesConfigurations ?? service === undefined,
  };
}

/** Of the definition of a kind; of one that is built in, as if it had one. */
function kindName([first]: WebhookOptions["handlers"]): string {
  const { group = "", resource = "" } = first?.type ?? {};
  return `${resource}.${group === "" ? "core" : group}`;
}

/** What is in a cluster for these webhooks. `name`: of the configurations. */
export function registrationsOf(
  handlers: WebhookOptions["handlers"],
  name: string,
): readonly WebhookRegistration[] {
  const admissions = handlers.filter((each) => each.kind === "admission");
  const conversions = handlers.filter((each) => each.kind === "conversion");
  return [...configurationsOf(admissions, name), ...conversions.map((each) => each.registration)];
}

/** Of the Secret of a service's certificates, unless it is told. */
export function certificatesSecret(service: ObjectKey): ObjectKey {
  return { namespace: service.namespace, name: `${service.name}-certificates` };
}

function qualifiedCertificates(
  given: WebhookCertificates | undefined,
  { service }: WebhookPlace,
): QualifiedCertificates {
  const usual: WebhookCertificates = { kind: service === undefined ? "memory" : "secret" };
  const certificates = given ?? usual;
  if (certificates.kind !== "secret") return certificates;
  const { secret } = certificates;
  if (secret !== undefined) return { kind: "secret", secret };
  if (service !== undefined) return { kind: "secret", secret: certificatesSecret(service) };
  throw new RangeError("webhooks.certificates.secret: name it, as there is no service to name it");
}
