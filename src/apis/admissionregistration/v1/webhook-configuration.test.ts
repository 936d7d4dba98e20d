import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import {
  mutatingWebhookConfigurationStrategy,
  validatingWebhookConfigurationStrategy,
} from "./webhook-configuration.ts";

const webhook = {
  name: "check.example.com",
  admissionReviewVersions: ["v1"],
  sideEffects: "None",
  clientConfig: { service: { namespace: "n", name: "s" } },
  rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["pods"] }],
};

test("a webhook is asked about everything its rules name, for ten seconds, and must answer", () => {
  const configuration = created(mutatingWebhookConfigurationStrategy, { webhooks: [webhook] });
  expect(configuration.webhooks).toEqual([
    {
      ...webhook,
      clientConfig: { service: { namespace: "n", name: "s", port: 443 } },
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      namespaceSelector: {},
      objectSelector: {},
      reinvocationPolicy: "Never",
      rules: [{ ...webhook.rules[0], scope: "*" }],
      timeoutSeconds: 10,
    },
  ]);
  expect(mutatingWebhookConfigurationStrategy.row(configuration, NOW_MS)[1]).toBe(1);
});

const url = (text: string): object => ({ clientConfig: { url: text } });
const resources = (...texts: readonly string[]): object => ({
  rules: [{ ...webhook.rules[0], resources: texts }],
});

for (const { name, fields, told } of [
  { name: "nothing else", fields: {}, told: "" },
  { name: "a URL", fields: url("https://example.com/check"), told: "" },
  {
    name: "a short name",
    fields: { name: "check.example" },
    told:
      'webhooks[0].name: Invalid value: "check.example": should be a domain with at least three ' +
      "segments separated by dots",
  },
  {
    name: "no word on side effects",
    fields: { sideEffects: "" },
    told: "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
  },
  {
    name: "side effects",
    fields: { sideEffects: "Some" },
    told:
      'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", ' +
      '"NoneOnDryRun"',
  },
  {
    name: "no version",
    fields: { admissionReviewVersions: [] },
    told: "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
  },
  {
    name: "a version nobody speaks",
    fields: { admissionReviewVersions: ["v2"] },
    told: "must include at least one of v1, v1beta1",
  },
  {
    name: "a minute to answer",
    fields: { timeoutSeconds: 60 },
    told:
      "webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 " +
      "seconds",
  },
  {
    name: "no address",
    fields: { clientConfig: {} },
    told: "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
  },
  {
    name: "a URL that anybody can read",
    fields: url("http://example.com"),
    told:
      "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL " +
      "scheme; desired format: https://host[/path]",
  },
  {
    name: "a URL with a password",
    fields: url("https://a:b@example.com"),
    told: 'Invalid value: "a:b": user information is not permitted in the URL',
  },
  {
    name: "a URL with a question",
    fields: url("https://example.com/?a#b"),
    told:
      '[webhooks[0].clientConfig.url: Invalid value: "b": fragments are not permitted in the URL' +
      ", " +
      'webhooks[0].clientConfig.url: Invalid value: "a": query parameters are not permitted in ' +
      "the URL]",
  },
  {
    name: "a path with gaps",
    fields: { clientConfig: { service: { namespace: "n", name: "s", path: "/a//b" } } },
    told: 'service.path: Invalid value: "/a//b": segment[1] may not be empty',
  },
  {
    name: "all resources and one",
    fields: resources("*/*", "pods"),
    told:
      'webhooks[0].rules[0].resources: Invalid value: ["*/*","pods"]: ' +
      "if '*/*' is present, must not specify other resources",
  },
  {
    name: "all resources without parts and one",
    fields: resources("*", "pods"),
    told: "if '*' is present, must not specify other resources without subresources",
  },
  {
    name: "an operation that is none",
    fields: { rules: [{ ...webhook.rules[0], operations: ["GET"] }] },
    told: 'webhooks[0].rules[0].operations[0]: Unsupported value: "GET"',
  },
  {
    name: "a condition that names parameters",
    fields: { matchConditions: [{ name: "c", expression: "params.a" }] },
    told: "undeclared reference to 'params'",
  },
]) {
  test(`a webhook with ${name} is told: ${told}`, () => {
    const sent = { webhooks: [{ ...webhook, ...fields }] };
    const refusal = refusalOf(validatingWebhookConfigurationStrategy, sent);
    if (told === "") expect(refusal).toBe("");
    else expect(refusal).toContain(told);
  });
}

test("two webhooks have two names", () => {
  const sent = { webhooks: [webhook, webhook] };
  expect(refusalOf(validatingWebhookConfigurationStrategy, sent)).toBe(
    'webhooks[1].name: Duplicate value: "check.example.com"',
  );
});

test("what was let in before the rules were made may stay", () => {
  const odd = { ...webhook, sideEffects: "Unknown", admissionReviewVersions: ["v0"] };
  const old = created(validatingWebhookConfigurationStrategy, { webhooks: [odd, odd] });
  expect(updateRefusalOf(validatingWebhookConfigurationStrategy, old, (same) => same)).toBe("");
});
