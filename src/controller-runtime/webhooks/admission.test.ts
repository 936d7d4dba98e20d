/** What a declaration means for the API server, and what odd reviews are answered. */
import { expect, test } from "vitest";
import { z } from "zod";
import { rootContext } from "../../base/context.ts";
import { createMetrics } from "../../base/metrics.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap, Namespace, Pod } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { encodeJson } from "../../machinery/codec/json.ts";
import { parseExactly } from "../../machinery/codec/exact-json.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { admission, type AdmissionWebhook } from "./admission.ts";
import { Answering } from "./answering.ts";
import { configurationsOf, manifestOf } from "./configurations.ts";
import { reachOf } from "./place.ts";
import { qualifiedWebhooks, type WebhookOptions } from "./webhook-options.ts";

const Site = defineResource({
  group: "shop.example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ size: z.int() }),
});

const SERVICE = { namespace: "shop", name: "hooks" };
const reach = reachOf({ service: SERVICE }, { port: 1, authorities: "PEM" });

function manifestsOf(...webhooks: readonly AdmissionWebhook[]): readonly Fields[] {
  return configurationsOf(webhooks, "shop").map((each) => manifestOf(each, reach));
}

test("a declaration says all that a configuration needs, with the defaults of the API", () => {
  const both = admission(Site, { default: (site) => site, validate: () => [] });
  const [mutating, validating] = manifestsOf(both);
  const common = {
    rules: [
      {
        operations: ["CREATE", "UPDATE"],
        apiGroups: ["shop.example.dev"],
        apiVersions: ["v1"],
        resources: ["sites"],
        scope: "Namespaced",
      },
    ],
    admissionReviewVersions: ["v1"],
    matchPolicy: "Equivalent",
    failurePolicy: "Fail",
    sideEffects: "None",
    timeoutSeconds: 10,
  };
  const at = (path: string) => ({ service: { ...SERVICE, path, port: 443 }, caBundle: "UEVN" });
  expect(mutating).toEqual({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "shop" },
    webhooks: [
      {
        ...common,
        name: "mutate.sites.shop.example.dev",
        clientConfig: at("/mutate-shop-example-dev-v1-site"),
        reinvocationPolicy: "Never",
      },
    ],
  });
  expect(validating).toMatchObject({
    kind: "ValidatingWebhookConfiguration",
    webhooks: [
      {
        ...common,
        name: "validate.sites.shop.example.dev",
        clientConfig: at("/validate-shop-example-dev-v1-site"),
      },
    ],
  });
});

test("what its author says of it stands in the configuration", () => {
  const said = {
    failurePolicy: "Ignore",
    timeoutSeconds: 3,
    sideEffects: "NoneOnDryRun",
    matchConditions: [{ name: "a", expression: "true" }],
    objectSelector: { matchLabels: { a: "b" } },
    namespaceSelector: { matchLabels: { c: "d" } },
  } as const;
  const more = { operations: ["DELETE"], subresources: ["status"], name: "quota" } as const;
  const [made] = manifestsOf(admission(Site, { ...said, ...more, validate: () => [] }));
  expect(made?.["webhooks"]).toMatchObject([
    {
      ...said,
      name: "validate-quota.sites.shop.example.dev",
      rules: [{ operations: ["DELETE"], resources: ["sites", "sites/status"] }],
      clientConfig: { service: { path: "/validate-shop-example-dev-v1-site-quota" } },
    },
  ]);
});

test("of built-in kinds, the namespaces it needs itself are left out; of none else", () => {
  const validate = () => [];
  const [made] = manifestsOf(
    admission(Pod, { validate }),
    admission(Namespace, { validate }),
    admission(Site, { validate }),
    admission(ConfigMap, { validate, namespaceSelector: {} }),
  );
  const values = ["kube-system", "shop"];
  const key = "kubernetes.io/metadata.name";
  const others = { matchExpressions: [{ key, operator: "NotIn", values }] };
  const webhooks: unknown = made?.["webhooks"];
  expect(Array.isArray(webhooks) && webhooks.map((each) => own(each, "namespaceSelector"))).toEqual(
    [others, undefined, undefined, {}],
  );
});

function own(value: unknown, key: string): unknown {
  return isFields(value) ? value[key] : undefined;
}

test.each([
  { name: "no function", options: {}, says: /default, validate: give at least one/ },
  { name: "a long wait", options: { timeoutSeconds: 31 }, says: /31 is not .* from 1 to 30/ },
  { name: "an odd name", options: { name: "A_b" }, says: /name: "A_b" is not of small letters/ },
  { name: "no operation", options: { operations: [] }, says: /operations: name at least one/ },
])("$name is refused at the declaration", ({ name, options, says }) => {
  const validate = name === "no function" ? {} : { validate: () => [] };
  expect(() => admission(Site, { ...options, ...validate })).toThrow(says);
});

test("defaults of deletions, and two webhooks at one place, are refused", () => {
  const operations = ["DELETE"] as const;
  expect(() => admission(Site, { operations, default: (site) => site })).toThrow(/nothing can be/);
  const validate = () => [];
  const twice = [admission(Site, { validate }), admission(Site, { validate })];
  expect(() => configurationsOf(twice, "shop")).toThrow(/give one of them a `name`/);
});

test.each<{ readonly name: string; readonly options: Partial<WebhookOptions>; says: RegExp }>([
  { name: "no URL", options: { url: "here" }, says: /here is no URL: write https:\/\/HOST:PORT/ },
  { name: "no TLS", options: { url: "http://a:1" }, says: /does not begin with https/ },
  { name: "a query", options: { url: "https://a/?b" }, says: /more than a host and a path/ },
  { name: "no handlers", options: { url: "https://a", handlers: [] }, says: /at least one/ },
])("a manager refuses $name", ({ options, says }) => {
  const handlers = [admission(Site, { validate: () => [] })];
  expect(() => qualifiedWebhooks({ handlers, url: "", ...options } as WebhookOptions)).toThrow(
    says,
  );
});

/** The answer to a review, through everything but sockets. */
async function ask(webhook: AdmissionWebhook, review: unknown) {
  const env = virtualEnv();
  const { client } = fakeCluster(env);
  const metrics = createMetrics();
  const handlers = webhook.handlers({ client, env });
  const path = handlers[0]?.path ?? "";
  const answering = new Answering(handlers, { env, metrics });
  const context = rootContext(env, new AbortController().signal);
  const { code, text } = await answering.answer(path, encodeJson(review), context);
  const value = parseExactly(text);
  const response = isFields(value) ? value["response"] : undefined;
  return { code, value, response: isFields(response) ? response : {}, metrics: metrics.text() };
}

const OBJECT = {
  apiVersion: "shop.example.dev/v1",
  kind: "Site",
  metadata: { name: "a", namespace: "b" },
  spec: { size: 9_007_199_254_740_993n },
};
const REQUEST = { uid: "1", operation: "CREATE", name: "a", namespace: "b", object: OBJECT };
const REVIEW = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };
const allows = admission(Site, { validate: () => undefined });

test.each([
  { name: "no object at all", review: 7, says: "got no kind of no apiVersion" },
  { name: "another kind", review: { ...REVIEW, kind: "Pod" }, says: "got Pod of admission" },
  {
    name: "v1beta1",
    review: { ...REVIEW, apiVersion: "admission.k8s.io/v1beta1", request: REQUEST },
    says: 'put "v1" into admissionReviewVersions',
    isAnswer: true,
  },
  { name: "no request", review: REVIEW, says: "has no request with a uid" },
  {
    name: "an unknown operation",
    review: { ...REVIEW, request: { ...REQUEST, operation: "TOUCH" } },
    says: "no known operation",
    isAnswer: true,
  },
  {
    name: "an object of another kind",
    review: { ...REVIEW, request: { ...REQUEST, object: { ...OBJECT, kind: "Other" } } },
    says: "answers about objects of kind Site",
    isAnswer: true,
  },
])("$name is refused, with what was expected", async ({ review, says, isAnswer = false }) => {
  const { code, value, response, metrics } = await ask(allows, review);
  const status = isAnswer ? response["status"] : value;
  expect([code, own(status, "code")]).toEqual([isAnswer ? 200 : 400, 400]);
  expect(own(status, "message")).toContain(says);
  expect(metrics).toContain("controller_runtime_webhook_panics_total 0");
});

test("integers that a number would round pass through", async () => {
  const marks = admission(Site, {
    default: (site) => ({ ...site, metadata: { ...site.metadata, labels: { "a/b": "c" } } }),
  });
  const { response } = await ask(marks, { ...REVIEW, request: REQUEST });
  expect(response).toMatchObject({ uid: "1", allowed: true, patchType: "JSONPatch" });
  expect(JSON.parse(atob(String(response["patch"])))).toEqual([
    { op: "add", path: "/metadata/labels", value: { "a/b": "c" } },
  ]);
  const keeps = admission(Site, { default: (site) => ({ ...site, spec: { ...site.spec } }) });
  expect((await ask(keeps, { ...REVIEW, request: REQUEST })).response).not.toHaveProperty("patch");
});

test("words and fields that are wrong are told together", async () => {
  const strict = admission(Site, {
    validate: () => ["not today", { field: "spec.size", value: 3, detail: "too small" }],
  });
  const { response } = await ask(strict, { ...REVIEW, request: REQUEST });
  expect(response).toMatchObject({
    allowed: false,
    status: {
      code: 422,
      message:
        'Site.shop.example.dev "a" is invalid: spec.size: Invalid value: 3: too small; not today',
    },
  });
});

function circle(): unknown {
  const around: Record<string, unknown> = { ...OBJECT };
  around["spec"] = around;
  return around;
}

test.each<{ readonly name: string; readonly works: () => unknown; readonly says: string }>([
  { name: "throws", works: () => Promise.reject(new Error("boom")), says: "boom" },
  { name: "forgets to answer", works: () => undefined, says: "must return the object" },
  { name: "answers a circle", works: circle, says: "circular" },
])("a default that $name is a defect: 500, counted", async ({ works, says }) => {
  const broken = admission<never>(Site as never, { default: works as never });
  const { code, value, metrics } = await ask(broken, { ...REVIEW, request: REQUEST });
  expect([code, own(value, "reason")]).toEqual([500, "InternalError"]);
  expect(own(value, "message")).toContain(says);
  expect(metrics).toContain("controller_runtime_webhook_panics_total 1");
});
