/** Webhook configurations that follow from declared admission webhooks. */
import type {
  MutatingWebhook,
  ValidatingWebhook,
} from "../../apis/admissionregistration/v1/types.generated.ts";
import type { LabelSelector } from "../../apis/meta/v1/types.generated.ts";
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { AdmissionEntry, AdmissionWebhook } from "./admission.ts";
import type { WebhookReach, WebhookRegistration } from "./webhook-handler.ts";

/** Of all these webhooks: one configuration for each role that occurs, both of this name. */
export function configurationsOf(
  webhooks: readonly AdmissionWebhook[],
  name: string,
): readonly WebhookRegistration[] {
  const entries = webhooks.flatMap((webhook) => webhook.entries);
  refuseTwins(entries);
  return [
    configurationOf("mutating", MutatingWebhookConfiguration, entries, name),
    configurationOf("validating", ValidatingWebhookConfiguration, entries, name),
  ].flat();
}

/** A configuration that an earlier version of the program may have left in the cluster. */
export type LeftOver = {
  readonly type: ResourceType;
  readonly name: string;
  /** Whether all webhooks in it are at this place, so that it is the program's own. */
  isOwn(object: ApiObject, reach: WebhookReach): boolean;
};

/** Of roles that no webhook has any more: who is asked at a path that is not served refuses all. */
export function leftOversOf(
  webhooks: readonly AdmissionWebhook[],
  name: string,
): readonly LeftOver[] {
  const roles = new Set(webhooks.flatMap(({ entries }) => entries.map(({ role }) => role)));
  const types: Readonly<Record<AdmissionEntry["role"], ResourceType>> = {
    mutating: MutatingWebhookConfiguration,
    validating: ValidatingWebhookConfiguration,
  };
  const absent = (["mutating", "validating"] as const).filter((role) => !roles.has(role));
  return absent.map((role) => ({ type: types[role], name, isOwn: areAllAt }));
}

function areAllAt(object: ApiObject, reach: WebhookReach): boolean {
  const { service, url } = reach.clientConfig("/");
  const webhooks = isFields(object) ? own(object, "webhooks") : undefined;
  if (!Array.isArray(webhooks) || webhooks.length === 0) return false;
  return webhooks.every((each: unknown) => {
    const config = isFields(each) ? own(each, "clientConfig") : undefined;
    if (!isFields(config)) return false;
    if (service === undefined) return String(own(config, "url")).startsWith(String(url));
    const theirs = own(config, "service");
    if (!isFields(theirs)) return false;
    return own(theirs, "namespace") === service.namespace && own(theirs, "name") === service.name;
  });
}

function configurationOf(
  role: AdmissionEntry["role"],
  type: ResourceType,
  entries: readonly AdmissionEntry[],
  name: string,
): readonly WebhookRegistration[] {
  const own = entries.filter((entry) => entry.role === role);
  if (own.length === 0) return [];
  const names = new Set(own.map((entry) => entry.name));
  return [
    {
      type,
      name,
      wanted: (reach) => ({ webhooks: own.map((entry) => webhookOf(entry, reach)) }),
      bundlePointers: (object) => bundlePointers(object, names),
    },
  ];
}

function webhookOf(
  entry: AdmissionEntry,
  reach: WebhookReach,
): ValidatingWebhook | MutatingWebhook {
  const clientConfig = reach.clientConfig(entry.path);
  const selector = entry.namespaceSelector ?? usualNamespaces(entry, clientConfig.service);
  return {
    name: entry.name,
    clientConfig,
    rules: entry.rules,
    admissionReviewVersions: ["v1"],
    // In whichever version a request comes, the webhook sees the one it is written for.
    matchPolicy: "Equivalent",
    ...(selector === undefined ? {} : { namespaceSelector: selector }),
    ...entry.fields,
  };
}

/** A webhook that is asked about what it needs itself to start would never start again. */
function usualNamespaces(
  { isBuiltIn, rules }: AdmissionEntry,
  service: { readonly namespace: string } | undefined,
): LabelSelector | undefined {
  if (!isBuiltIn || rules.every(({ scope }) => scope === "Cluster")) return undefined;
  const values = ["kube-system", ...(service === undefined ? [] : [service.namespace])];
  return {
    matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values }],
  };
}

function bundlePointers(object: ApiObject, names: ReadonlySet<string>): readonly string[] {
  const webhooks = isFields(object) ? own(object, "webhooks") : undefined;
  if (!Array.isArray(webhooks)) return [];
  return webhooks.flatMap((each: unknown, index) => {
    const name = isFields(each) ? own(each, "name") : undefined;
    const isOwn = typeof name === "string" && names.has(name);
    return isOwn ? [`/webhooks/${index}/clientConfig/caBundle`] : [];
  });
}

function refuseTwins(entries: readonly AdmissionEntry[]): void {
  const names = entries.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new RangeError(
    `webhooks: two are called ${twice}: give one of them a \`name\`, e.g. ` +
      'admission(Site, { name: "quota", ... })',
  );
}

/** Whether a registration is a webhook configuration, which may be removed as a whole. */
export function isConfiguration({ type }: WebhookRegistration): boolean {
  return type.group === MutatingWebhookConfiguration.group;
}

/** The whole object, as a manifest. */
export function manifestOf(registration: WebhookRegistration, reach: WebhookReach): Fields {
  const { type, name } = registration;
  const { kind } = type;
  return {
    apiVersion: apiVersionOf(type),
    kind,
    metadata: { name },
    ...registration.wanted(reach),
  };
}
