import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { ApiRequest, ResponseBody } from "../machinery/request.ts";
import { Deployment, Pod } from "./builtin.ts";
import { inProcessTransport } from "./in-process.ts";
import { isMetadataOnly, metadataOf, wholeOf } from "./metadata-of.ts";
import { typeKey } from "./resource-type.ts";
import { RestClient } from "./rest-client.ts";

const METADATA = { name: "a", namespace: "web", uid: "u", resourceVersion: "7" };
const SHOWN = { apiVersion: "v1", kind: "Pod", metadata: METADATA };
const KEY = { namespace: "web", name: "a" };

/** A server that answers as told, with whole objects if it knows no better. */
function aWorld(object: ApiObject) {
  const env = virtualEnv();
  const requests: ApiRequest[] = [];
  const transport = inProcessTransport({
    user: { name: "me", groups: [] },
    dispatch: (request) => {
      requests.push(request);
      return Promise.resolve({ status: 200, headers: {}, warnings: [], body: body(request) });
    },
  });
  const body = ({ query, path, method }: ApiRequest): ResponseBody => {
    const encoded = EncodedObject.fromValue(object);
    if (query.get("watch") === "true") {
      return { kind: "events", events: events(encoded) };
    }
    if (path.endsWith("/a") || method !== "GET") return { kind: "object", object: encoded };
    const metadata = { resourceVersion: "9" };
    return { kind: "list", apiVersion: "v1", listKind: "L", metadata, items: [encoded] };
  };
  return { client: new RestClient({ transport, env }), requests, context: aContext(env) };
}

async function* events(object: EncodedObject) {
  yield [
    { kind: "ADDED" as const, object },
    { kind: "BOOKMARK" as const, resourceVersion: "9", isInitialEventsEnd: false, object },
  ];
}

const ANSWERS: readonly (readonly [string, ApiObject])[] = [
  [
    "a server that sends metadata",
    { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: METADATA },
  ],
  ["a server that can only send all", { metadata: METADATA, spec: { a: 1 } } as ApiObject],
];

for (const [name, object] of ANSWERS) {
  test(`${name} is read, listed, watched and patched as metadata of the kind`, async () => {
    const { client, context, requests } = aWorld(object);
    const type = metadataOf(Pod);
    expect(await client.get(type, KEY, context)).toEqual(SHOWN);
    expect((await client.list(type, {}, context)).items).toEqual([SHOWN]);
    const patch = { kind: "merge", patch: { metadata: { labels: { a: "b" } } } } as const;
    expect(await client.patch(type, KEY, patch, context)).toEqual(SHOWN);
    expect(await client.delete(type, KEY, context)).toEqual(SHOWN);
    const seen: unknown[] = [];
    for await (const batch of await client.watch(type, {}, context)) {
      for (const event of batch) seen.push(event.kind === "ERROR" ? event : event.object.value);
    }
    expect(seen).toEqual([SHOWN, object]);

    const one = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    const list = one.replace("Metadata;", "MetadataList;");
    const accepted = requests.map(({ headers }) => headers["accept"]);
    expect(accepted).toEqual([one, list, one, undefined, one]);
    expect(requests[2]?.headers["content-type"]).toBe("application/merge-patch+json");
  });
}

test("nothing is written whole of which only metadata is known", async () => {
  const { client, context, requests } = aWorld(SHOWN);
  const type = metadataOf(Pod);
  for (const call of [
    () => client.create(type, SHOWN, context),
    () => client.update(type, SHOWN, context),
    () => client.updateStatus(type, SHOWN, context),
  ]) {
    await expect(call).rejects.toThrow("metadataOf(Pod) cannot be created or updated");
  }
  expect(requests).toEqual([]);
});

test("metadata of a kind is one value, and knows the kind it is of", () => {
  expect(metadataOf(Pod)).toBe(metadataOf(Pod));
  expect(metadataOf(metadataOf(Pod))).toBe(metadataOf(Pod));
  expect(wholeOf(metadataOf(Pod))).toBe(Pod);
  expect(wholeOf(Pod)).toBe(Pod);
  expect([isMetadataOnly(metadataOf(Pod)), isMetadataOnly(Pod)]).toEqual([true, false]);
  const keys = [Pod, metadataOf(Pod), metadataOf(Deployment)].map(typeKey);
  expect(keys).toEqual(["/v1/pods", "metadata of /v1/pods", "metadata of apps/v1/deployments"]);
});
