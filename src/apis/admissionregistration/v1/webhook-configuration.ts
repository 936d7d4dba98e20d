/** Webhook configurations: servers that are asked about requests before they are let through. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy, TableColumn } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { withRuleDefaults } from "./rule-validation.ts";
import {
  mutatingWebhookConfigurationSchema,
  validatingWebhookConfigurationSchema,
} from "./schema.generated.ts";
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
  WebhookClientConfig,
} from "./types.generated.ts";
import { webhooksErrors } from "./webhook-validation.ts";

const HTTPS_PORT = 443;
const TIMEOUT_SECONDS = 10;

const COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  column("Webhooks", "How many webhooks there are.", "integer"),
  AGE_COLUMN,
];

export const validatingWebhookConfigurationStrategy: Strategy<ValidatingWebhookConfiguration> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "ValidatingWebhookConfiguration",
    plural: "validatingwebhookconfigurations",
    singular: "validatingwebhookconfiguration",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: validatingWebhookConfigurationSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (sent) => {
    const configuration = canonicalForm(sent, validatingWebhookConfigurationSchema);
    const { webhooks } = configuration;
    if (webhooks === undefined) return configuration;
    return { ...configuration, webhooks: webhooks.map(withDefaults) };
  },
  validate: webhooksErrors,
  columns: COLUMNS,
  row: (configuration, nowMs) => [
    nameOf(configuration),
    (configuration.webhooks ?? []).length,
    ageOf(configuration, nowMs),
  ],
};

export const mutatingWebhookConfigurationStrategy: Strategy<MutatingWebhookConfiguration> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "MutatingWebhookConfiguration",
    plural: "mutatingwebhookconfigurations",
    singular: "mutatingwebhookconfiguration",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: mutatingWebhookConfigurationSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (sent) => {
    const configuration = canonicalForm(sent, mutatingWebhookConfigurationSchema);
    const { webhooks } = configuration;
    if (webhooks === undefined) return configuration;
    return { ...configuration, webhooks: webhooks.map(withMutatingDefaults) };
  },
  validate: webhooksErrors,
  columns: COLUMNS,
  row: (configuration, nowMs) => [
    nameOf(configuration),
    (configuration.webhooks ?? []).length,
    ageOf(configuration, nowMs),
  ],
};

function withDefaults<Webhook extends ValidatingWebhook>(webhook: Webhook): Webhook {
  const { rules } = webhook;
  return {
    ...webhook,
    clientConfig: withPort(webhook.clientConfig),
    failurePolicy: webhook.failurePolicy ?? "Fail",
    matchPolicy: webhook.matchPolicy ?? "Equivalent",
    namespaceSelector: webhook.namespaceSelector ?? {},
    objectSelector: webhook.objectSelector ?? {},
    timeoutSeconds: webhook.timeoutSeconds ?? TIMEOUT_SECONDS,
    ...(rules === undefined ? {} : { rules: rules.map(withRuleDefaults) }),
  };
}

function withMutatingDefaults(webhook: MutatingWebhook): MutatingWebhook {
  const complete = withDefaults(webhook);
  return { ...complete, reinvocationPolicy: complete.reinvocationPolicy ?? "Never" };
}

function withPort(client: WebhookClientConfig): WebhookClientConfig {
  const { service } = client;
  if (service === undefined) return client;
  return { ...client, service: { ...service, port: service.port ?? HTTPS_PORT } };
}
