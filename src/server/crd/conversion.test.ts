import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { FakeWebhookClient, refusedConnection } from "../webhooks/testing.ts";
import type { WebhookCall } from "../webhooks/webhook-client.ts";
import { aSite, aVersion, define, DEFINITIONS, merge, settled, SITES } from "./testing.ts";

const SITES_V2 = "/apis/example.dev/v2/namespaces/t/sites";
const PATH = `${DEFINITIONS}/sites.example.dev`;

/** v1 has `spec.host`, v2 has `spec.hostname` instead. */
function versions(storage: "v1" | "v2"): ReturnType<typeof aVersion>[] {
  return [
    aVersion({ storage: storage === "v1", schema: schemaWith("host") }),
    aVersion({ name: "v2", storage: storage === "v2", schema: schemaWith("hostname") }),
  ];
}

function schemaWith(field: string): object {
  const properties = { [field]: { type: "string" }, [`${field}Made`]: { type: "boolean" } };
  const spec = { type: "object", properties };
  return { openAPIV3Schema: { type: "object", properties: { spec } } };
}

const WEBHOOK = {
  strategy: "Webhook",
  webhook: {
    conversionReviewVersions: ["v1"],
    clientConfig: { service: { namespace: "t", name: "converter", path: "/convert" } },
  },
};

type Review = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    // oxlint-disable-next-line typescript/no-explicit-any -- objects of any kind.
    readonly objects: readonly any[];
  };
};

function reviewOf(call: WebhookCall): Review {
  return call.body as Review;
}

/** Renames the field, as a real webhook would. */
function converted(call: WebhookCall): unknown {
  const { request, apiVersion, kind } = reviewOf(call);
  const convertedObjects = request.objects.map((object) => {
    const { host, hostname = host } = object.spec ?? {};
    const isSecond = request.desiredAPIVersion.endsWith("v2");
    const spec = isSecond ? { hostname, unknown: 1 } : { host: hostname };
    const labels = { ...object.metadata.labels, converted: "yes" };
    const metadata = { ...object.metadata, labels, finalizers: ["example.dev/not-taken"] };
    return { ...object, apiVersion: request.desiredAPIVersion, metadata, spec };
  });
  const result = { status: "Success" };
  return { apiVersion, kind, response: { uid: request.uid, result, convertedObjects } };
}

async function aServerWithWebhook(): Promise<{
  readonly server: TestServer;
  readonly client: FakeWebhookClient;
}> {
  const client = new FakeWebhookClient();
  client.answer = converted;
  const server = await aServer({ webhooks: () => client });
  await define(server, { versions: versions("v1"), conversion: WEBHOOK });
  return { server, client };
}

test("conversion: by name only the version changes, and unknown fields go", async () => {
  const server = await aServer();
  await define(server, { versions: versions("v1") });
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  const { value } = await server.call("GET", `${SITES_V2}/a`);
  expect(value).toMatchObject({ apiVersion: "example.dev/v2", spec: {} });
  expect(value.spec).toEqual({});
  expect((await server.call("GET", `${SITES}/a`)).value.spec).toEqual({ host: "x" });
});

test("conversion: reads, lists, watches and writes go through the webhook", async () => {
  const { server, client } = await aServerWithWebhook();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  expect(client.calls).toEqual([]); // it is kept as it is sent
  const watch = await server.watch(`${SITES_V2}?watch=1`);
  const read = await server.call("GET", `${SITES_V2}/a`);
  expect(read.value).toMatchObject({
    apiVersion: "example.dev/v2",
    metadata: { labels: { converted: "yes" } },
  });
  expect(read.value.spec).toEqual({ hostname: "x" });
  expect(read.value.metadata.finalizers).toBeUndefined();
  expect(reviewOf(client.calls[0] as WebhookCall)).toMatchObject({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "ConversionReview",
    request: {
      desiredAPIVersion: "example.dev/v2",
      objects: [{ apiVersion: "example.dev/v1", kind: "Site", spec: { host: "x" } }],
    },
  });
  expect(client.calls[0]).toMatchObject({
    address: { kind: "service", namespace: "t", name: "converter", port: 443, path: "/convert" },
    timeoutMs: 30_000,
  });

  const body = { ...aSite("b", { spec: { hostname: "y" } }), apiVersion: "example.dev/v2" };
  const made = await server.call("POST", SITES_V2, { body });
  expect(made).toMatchObject({ status: 201, value: { spec: { hostname: "y" } } });
  expect((await server.call("GET", `${SITES}/b`)).value.spec).toEqual({ host: "y" });
  const list = await server.call("GET", SITES_V2);
  expect(list.value.items.map((each: { spec: object }) => each.spec)).toEqual([
    { hostname: "x" },
    { hostname: "y" },
  ]);
  await server.call("PATCH", `${SITES_V2}/a`, merge({ spec: { hostname: "z" } }));
  await server.call("DELETE", `${SITES}/b`);
  await settled(server);
  expect(watch.seen).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED b"]);
  const specs = watch.events.map((event) => event.kind !== "ERROR" && event.object.value);
  expect(specs).toMatchObject([
    { spec: { hostname: "x" } },
    { spec: { hostname: "y" } },
    { spec: { hostname: "z" } },
    { spec: { hostname: "y" } },
  ]);
  await watch.stop();
});

test("conversion: what was kept in another version is brought along by any write", async () => {
  const { server, client } = await aServerWithWebhook();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  await server.call("PATCH", PATH, merge({ spec: { versions: versions("v2") } }));
  await settled(server);
  const { value } = await server.call("GET", PATH);
  expect(value.status.storedVersions).toEqual(["v1", "v2"]);
  const before = await server.call("GET", `${SITES_V2}/a`);
  expect(before.value.spec).toEqual({ hostname: "x" });
  const touched = await server.call("PATCH", `${SITES_V2}/a`, merge({}));
  expect(touched.value.metadata.resourceVersion).not.toBe(before.value.metadata.resourceVersion);
  client.calls.length = 0;
  expect((await server.call("GET", `${SITES_V2}/a`)).value.spec).toEqual({ hostname: "x" });
  expect(client.calls).toEqual([]);
  const again = await server.call("PATCH", `${SITES_V2}/a`, merge({}));
  expect(again.value.metadata.resourceVersion).toBe(touched.value.metadata.resourceVersion);
});

test("conversion: a failing webhook fails reads, writes and watches with its reason", async () => {
  const { server, client } = await aServerWithWebhook();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  client.answer = (call) => {
    throw refusedConnection(call);
  };
  const message =
    "conversion webhook for example.dev/v1, Kind=Site failed: Post " +
    '"https://converter.t.svc:443/convert?timeout=30s": dial tcp 127.0.0.1:1: connect: ' +
    "connection refused";
  for (const path of [`${SITES_V2}/a`, SITES_V2]) {
    expect(await server.call("GET", path)).toMatchObject({ status: 500, value: { message } });
  }
  const watch = await server.watch(`${SITES_V2}?watch=1`);
  await settled(server);
  expect(watch.seen).toEqual(["ERROR 500"]);
  expect((await server.call("GET", `${SITES}/a`)).status).toBe(200);
  const body = { ...aSite("b"), apiVersion: "example.dev/v2" };
  const made = await server.call("POST", SITES_V2, { body });
  expect(made).toMatchObject({
    status: 500,
    value: { message: message.replace("example.dev/v1", "example.dev/v2") },
  });
});

test("conversion: who reads an object asks the webhook, lists are of what it said", async () => {
  const { server, client } = await aServerWithWebhook();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  expect((await server.call("GET", `${SITES_V2}/a`)).value.spec).toEqual({ hostname: "x" });
  client.answer = (call) => {
    throw refusedConnection(call);
  };
  const refused = await server.call("GET", `${SITES_V2}/a`);
  expect(refused).toMatchObject({ status: 500 });
  expect(refused.value.message).toMatch(
    /^conversion webhook for example.dev\/v1, Kind=Site failed/,
  );
  expect((await server.call("GET", `${SITES}/a`)).status).toBe(200); // as it is kept
  for (const path of [SITES_V2, `${SITES_V2}?resourceVersion=0`]) {
    expect((await server.call("GET", path)).value.items).toMatchObject([
      { spec: { hostname: "x" } },
    ]);
  }
  const any = await server.call("GET", `${SITES_V2}/a?resourceVersion=0`);
  expect(any.value.spec).toEqual({ hostname: "x" });

  client.answer = (call) => converted({ ...call, body: withHost(reviewOf(call), "changed") });
  expect((await server.call("GET", `${SITES_V2}/a`)).value.spec).toEqual({ hostname: "changed" });
});

/** The review of a webhook that changed its mind. */
function withHost(review: Review, host: string): Review {
  const objects = review.request.objects.map((object) => ({ ...object, spec: { host } }));
  return { ...review, request: { ...review.request, objects } };
}

type Changed = { readonly why: string; readonly change: (answer: Answered) => object };
type Answered = {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests break answers in every way.
  readonly response: any;
};

const BROKEN: readonly Changed[] = [
  {
    why: "failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /, Kind=",
    change: () => ({}),
  },
  { why: "failed: no response provided", change: (answer) => ({ ...answer, response: undefined }) },
  {
    why: 'failed: expected response.uid="UID", got "other"',
    change: (answer) => ({ ...answer, response: { ...answer.response, uid: "other" } }),
  },
  {
    why: "failed: no way",
    change: (answer) => {
      const result = { status: "Failure", message: "no way" };
      return { ...answer, response: { ...answer.response, result } };
    },
  },
  {
    why: "failed: response.result.status was '', not 'Success'",
    change: (answer) => ({ ...answer, response: { ...answer.response, result: {} } }),
  },
  {
    why: "returned 0 objects, expected 1",
    change: (answer) => ({ ...answer, response: { ...answer.response, convertedObjects: [] } }),
  },
  {
    why:
      "returned invalid object at index 0: invalid groupVersion (expected " +
      "example.dev/v2, received example.dev/v1)",
    change: withObject({ apiVersion: "example.dev/v1" }),
  },
  {
    why: "returned invalid object at index 0: invalid kind (expected Site, received Other)",
    change: withObject({ kind: "Other" }),
  },
  {
    why: "returned invalid object: must have the same name: a != b",
    change: withObject({ metadata: { name: "b" } }),
  },
  {
    why: "returned invalid object: must have the same name: a != ",
    change: withObject({ metadata: undefined }),
  },
];

function withObject(change: object): Changed["change"] {
  return (answer) => {
    const [object] = answer.response.convertedObjects;
    const convertedObjects = [{ ...object, ...change }];
    return { ...answer, response: { ...answer.response, convertedObjects } };
  };
}

test("conversion: answers are believed only when they fit the question", async () => {
  const { server, client } = await aServerWithWebhook();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  for (const { why, change } of BROKEN) {
    let uid = "";
    client.answer = (call) => {
      ({ uid } = reviewOf(call).request);
      return change(converted(call) as Answered);
    };
    const { status, value } = await server.call("GET", `${SITES_V2}/a`);
    const message = `conversion webhook for example.dev/v1, Kind=Site ${why}`;
    expect({ status, message: value.message }).toEqual({
      status: 500,
      message: message.replace("UID", uid),
    });
  }
});

test("conversion: an older form of review is spoken to those who know no other", async () => {
  const { server, client } = await aServerWithWebhook();
  const conversionReviewVersions = ["v1beta1"];
  const conversion = { ...WEBHOOK, webhook: { ...WEBHOOK.webhook, conversionReviewVersions } };
  await server.call("PATCH", PATH, merge({ spec: { conversion } }));
  await settled(server);
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "x" } }) });
  expect((await server.call("GET", `${SITES_V2}/a`)).value.spec).toEqual({ hostname: "x" });
  expect(client.calls.at(-1)?.body).toMatchObject({ apiVersion: "apiextensions.k8s.io/v1beta1" });
});
