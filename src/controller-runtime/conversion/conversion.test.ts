import { expect, test } from "vitest";
import { z } from "zod";
import { rootContext } from "../../base/context.ts";
import { createMetrics } from "../../base/metrics.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { ConversionError } from "../../client/resource/versions/conversion-error.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { Answering } from "../webhooks/answering.ts";
import { reachOf } from "../webhooks/place.ts";
import { conversion } from "./conversion.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v2",
  kind: "Site",
  spec: z.object({ hosts: z.array(z.string()) }),
  olderVersions: {
    v1: {
      spec: z.object({ host: z.string() }),
      toHub({ spec: { host } }) {
        if (host === "refused") throw new ConversionError("the host is refused");
        if (host === "defect") throw new TypeError("x is undefined");
        return { spec: { hosts: [host] } };
      },
      fromHub: ({ spec }) => ({ spec: { host: spec.hosts[0] ?? "" } }),
    },
  },
});

const PATH = "/convert-example-dev-site";

function aServer() {
  const env = virtualEnv();
  const metrics = createMetrics();
  const handlers = conversion(Site).handlers({ env });
  const answering = new Answering(handlers, { env, metrics });
  const context = rootContext(env, new AbortController().signal);
  const ask = async (review: unknown): Promise<{ code: number; value: Fields }> => {
    const body = new TextEncoder().encode(JSON.stringify(review));
    const { code, text } = await answering.answer(PATH, body, context);
    const value: unknown = JSON.parse(text);
    return { code, value: isFields(value) ? value : {} };
  };
  const panics = metrics.counter("controller_runtime_conversion_webhook_panics_total", "");
  return { env, ask, panics: () => panics.value({}) };
}

function aReview(hosts: readonly string[], change: object = {}): Fields {
  const objects = hosts.map((host, index) => {
    return { ...Site.olderVersions.v1.create({ metadata: aMeta(index), spec: { host } }) };
  });
  const request = { uid: "r1", desiredAPIVersion: "example.dev/v2", objects };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "ConversionReview",
    request: { ...request, ...change },
  };
}

function aMeta(index: number) {
  return { name: `site-${index}`, namespace: "default", uid: `u${index}` };
}

test("all objects of a review are converted, in order, and keep what they are", async () => {
  const { ask, panics } = aServer();
  expect(await ask(aReview(["a.dev", "b.dev"]))).toEqual({
    code: 200,
    value: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "ConversionReview",
      response: {
        uid: "r1",
        result: { status: "Success" },
        convertedObjects: ["a.dev", "b.dev"].map((host, index) => ({
          apiVersion: "example.dev/v2",
          kind: "Site",
          metadata: aMeta(index),
          spec: { hosts: [host] },
        })),
      },
    },
  });
  expect(panics()).toBe(0);
});

test.each([
  {
    host: "refused",
    message: "Site default/site-1 to v2: the host is refused",
    count: 0,
  },
  {
    host: "defect",
    message: `the webhook ${PATH} failed: Site default/site-1 to v2: x is undefined`,
    count: 1,
  },
])("one object that is $host fails the review by its name", async ({ host, message, count }) => {
  const { ask, panics } = aServer();
  const { code, value } = await ask(aReview(["a.dev", host]));
  expect(code).toBe(200);
  expect(value["response"]).toEqual({
    uid: "r1",
    convertedObjects: [],
    result: { status: "Failure", message },
  });
  expect(panics()).toBe(count);
});

test.each([
  {
    name: "another group",
    change: { desiredAPIVersion: "other.dev/v2" },
    says: /converts Site of/,
  },
  {
    name: "another version",
    change: { desiredAPIVersion: "example.dev/v9" },
    says: /no version v9/,
  },
  { name: "no version", change: { desiredAPIVersion: 1 }, says: /no desiredAPIVersion/ },
  { name: "no objects", change: { objects: [1] }, says: /its objects are none/ },
  {
    name: "objects of another kind",
    change: { objects: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }] },
    says: /v1 Pod is not a Site of example\.dev/,
  },
])("a review that asks for $name is a failure, and no defect", async ({ change, says }) => {
  const { ask, panics } = aServer();
  const { value } = await ask(aReview(["a.dev"], change));
  expect(value).toHaveProperty("response.result.message", expect.stringMatching(says));
  expect(panics()).toBe(0);
});

test.each([
  { name: "no review", review: { kind: "Pod" } },
  { name: "no object", review: [1] },
  { name: "of no request", review: { ...aReview([]), request: { objects: [] } } },
])("what is $name is a bad request", async ({ review }) => {
  const { ask } = aServer();
  expect(await ask(review)).toMatchObject({ code: 400, value: { reason: "BadRequest" } });
});

test("a review of v1beta1 is told which version to ask with", async () => {
  const { ask } = aServer();
  const { value } = await ask({ ...aReview([]), apiVersion: "apiextensions.k8s.io/v1beta1" });
  expect(value).toHaveProperty(
    "response.result.message",
    expect.stringMatching(/name v1 in conversionReviewVersions/),
  );
});

test("the definition is told where to call, and its bundle is found by the path", () => {
  const { registration } = conversion(Site);
  const service = { namespace: "sites", name: "sites" };
  const wanted = registration.wanted(reachOf({ service }, { port: 1, authorities: undefined }));
  expect(registration.name).toBe("sites.example.dev");
  expect(wanted).toEqual({
    spec: {
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1"],
          clientConfig: { service: { ...service, path: PATH, port: 443 } },
        },
      },
    },
  });
  const pointer = "/spec/conversion/webhook/clientConfig/caBundle";
  expect(registration.bundlePointers({ metadata: {}, ...wanted })).toEqual([pointer]);
  expect(registration.bundlePointers(Site.definition)).toEqual([]);
});

test("a kind that needs no webhook is refused one", () => {
  const spec = z.object({});
  const names = { group: "example.dev", version: "v1", kind: "Disk" };
  expect(() => conversion(defineResource({ ...names, spec }))).toThrow(
    /conversion\(Disk\): servers/,
  );
});

test("a review that takes long leaves others their turns", async () => {
  const env = virtualEnv();
  let [nowMs, turns] = [0, 0];
  const clock = { now: () => nowMs, monotonic: () => (nowMs += 1) };
  const timers = {
    ...env.timers,
    yield: () => Promise.resolve((turns += 1)).then(() => undefined),
  };
  const [handler] = conversion(Site).handlers({ env: { ...env, clock, timers } });
  const context = rootContext(env, new AbortController().signal);
  const answer = await handler?.handle(aReview(Array.from({ length: 100 }, String)), context);
  expect(answer).toHaveProperty("response.convertedObjects.length", 100);
  expect(turns).toBeGreaterThan(10); // a millisecond an object, a turn is eight
});
