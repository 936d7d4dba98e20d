/**
 * What webhooks need in a cluster: a Service, a Secret for their certificates, roles, and the
 * configurations by which API servers know them. Names follow from the name of the program:
 * `service: { namespace, name: "<name>-webhook" }` is what it must be told.
 */
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { AdmissionWebhook } from "../../controller-runtime/webhooks/admission.ts";
import { isConfiguration, manifestOf } from "../../controller-runtime/webhooks/configurations.ts";
import { reachOf, SERVICE_PORT, WEBHOOK_PORT } from "../../controller-runtime/webhooks/place.ts";
import type {
  ConversionWebhook,
  WebhookReach,
} from "../../controller-runtime/webhooks/webhook-handler.ts";
import {
  certificatesSecret,
  qualifiedWebhooks,
} from "../../controller-runtime/webhooks/webhook-options.ts";
import { webhookPermissions } from "../../controller-runtime/webhooks/webhook-permissions.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { Placement } from "./manifests-of-module.ts";

export type DeclaredWebhook = AdmissionWebhook | ConversionWebhook;

/** The name of the port, of the Service as of the pods. */
const PORT_NAME = "webhook";
/** Until API servers know that a pod ends, it goes on answering. */
const LEAVE_SECONDS = 5;

/** The Service of a program's webhooks. */
export function webhookService({ name, namespace }: Placement): ObjectKey {
  return { namespace, name: `${name}-webhook` };
}

/** How API servers reach the program; the program itself adds whom to trust. */
export function webhookReach(placement: Placement): WebhookReach {
  const service = webhookService(placement);
  return reachOf({ service }, { port: WEBHOOK_PORT, authorities: undefined });
}

/**
 * Whoever developed on this cluster may have left a `url` there, and a server refuses it beside a
 * service: to apply null takes it away.
 */
export function withoutUrl(clientConfig: Fields): Fields {
  return { url: null, ...clientConfig };
}

/** A Secret to be filled, so that the program need not be allowed to make any; and a Service. */
export function webhookSurroundings(
  webhooks: readonly DeclaredWebhook[],
  placement: Placement,
  labels: Fields,
): readonly Fields[] {
  if (webhooks.length === 0) return [];
  const service = webhookService(placement);
  const port = { name: PORT_NAME, port: SERVICE_PORT, targetPort: PORT_NAME };
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...certificatesSecret(service), labels },
      type: "Opaque",
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...service, labels },
      spec: { selector: { "app.kubernetes.io/name": placement.name }, ports: [port] },
    },
  ];
}

/** To be applied last: from then on API servers ask the program. */
export function webhookConfigurations(
  webhooks: readonly DeclaredWebhook[],
  placement: Placement,
  labels: Fields,
): readonly Fields[] {
  if (webhooks.length === 0) return [];
  const service = webhookService(placement);
  const { registrations } = qualifiedWebhooks({ handlers: webhooks, service });
  return registrations.filter(isConfiguration).map((each) => {
    const { metadata: _, ...fields } = manifestOf(each, webhookReach(placement));
    const { apiVersion, kind, webhooks: listed, ...rest } = fields;
    const metadata = { name: each.name, labels };
    return { apiVersion, kind, metadata, webhooks: reachedByService(listed), ...rest };
  });
}

function reachedByService(webhooks: unknown): readonly unknown[] {
  return (Array.isArray(webhooks) ? webhooks : []).map((webhook: unknown) => {
    const config = isFields(webhook) ? own(webhook, "clientConfig") : undefined;
    if (!isFields(webhook) || !isFields(config)) return webhook;
    return { ...webhook, clientConfig: withoutUrl(config) };
  });
}

/** Of single objects, by their names: in the whole cluster, and in the program's namespace. */
export function webhookRules(
  webhooks: readonly DeclaredWebhook[],
  placement: Placement,
): { readonly cluster: readonly PolicyRule[]; readonly own: readonly PolicyRule[] } {
  if (webhooks.length === 0) return { cluster: [], own: [] };
  const options = qualifiedWebhooks({ handlers: webhooks, service: webhookService(placement) });
  const declared = webhooks.flatMap((each) => ("permissions" in each ? each.permissions : []));
  const rules = webhookPermissions(options).map(({ group, resource, name, verbs, namespace }) => ({
    namespace,
    rule: { apiGroups: [group], resources: [resource], resourceNames: [name], verbs },
  }));
  const leftOvers = options.leftOvers.map(({ type, name }) => ({
    apiGroups: [type.group],
    resources: [type.resource],
    resourceNames: [name],
    verbs: ["get", "delete"],
  }));
  return {
    cluster: [
      ...leftOvers,
      ...rules.filter(({ namespace }) => namespace === "").map(({ rule }) => rule),
      ...declared,
    ],
    own: rules.filter(({ namespace }) => namespace !== "").map(({ rule }) => rule),
  };
}

/** What a container that serves webhooks has besides others. */
export function webhookContainer(webhooks: readonly DeclaredWebhook[]): {
  readonly ports: readonly Fields[];
  readonly lifecycle?: Fields;
} {
  if (webhooks.length === 0) return { ports: [] };
  return {
    ports: [{ name: PORT_NAME, containerPort: WEBHOOK_PORT }],
    lifecycle: { preStop: { sleep: { seconds: LEAVE_SECONDS } } },
  };
}
