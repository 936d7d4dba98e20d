/** The same objects in every form a client may ask for. */
import { expect, test } from "vitest";
import { configMapSchema } from "../../apis/core/v1/schema.generated.ts";
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import { decodeYaml } from "../../machinery/codec/yaml.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { decodeProtobufBody } from "../protobuf/decode-body.ts";
import { decodeMessage } from "../protobuf/decode-message.ts";
import { readFields, type WireField } from "../protobuf/wire.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const METADATA = "as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const METADATA_LIST = "as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
const CONFIG_MAP = { kind: "ConfigMap", schema: configMapSchema };

async function aServerWithMaps(count: number): Promise<TestServer> {
  const server = await aServer();
  for (let index = 0; index < count; index += 1) {
    const body = { metadata: { name: `m${index}`, labels: { n: "1" } }, data: { k: "v" } };
    await server.call("POST", MAPS, { body });
  }
  return server;
}

function get(server: TestServer, path: string, accept: string): Promise<ApiResponse> {
  return server.send("GET", path, { headers: { accept } });
}

function bytesOf({ body }: ApiResponse): Uint8Array {
  if (body.kind === "bytes") return body.bytes;
  if (body.kind === "list" || body.kind === "object")
    return Buffer.concat([...(body.encoded ?? [])]);
  throw new Error(`no bytes but ${body.kind}`);
}

function partsOf(bytes: Uint8Array, number: number): readonly Uint8Array[] {
  const isPart = (field: WireField): field is Extract<WireField, { kind: "bytes" }> =>
    field.number === number && field.kind === "bytes";
  return readFields(bytes)
    .filter(isPart)
    .map((field) => field.bytes);
}

function textAt(bytes: Uint8Array, number: number): string {
  return new TextDecoder().decode(partsOf(bytes, number)[0]);
}

test("forms: one object in protobuf", async () => {
  const server = await aServerWithMaps(1);
  const answer = await get(server, `${MAPS}/m0`, `${PROTOBUF},application/json`);
  expect(answer.headers).toMatchObject({ "content-type": PROTOBUF });
  const { value } = await server.call("GET", `${MAPS}/m0`);
  expect(decodeProtobufBody(bytesOf(answer), CONFIG_MAP)).toEqual(value);
});

test("forms: a list in protobuf holds the messages of its items", async () => {
  const server = await aServerWithMaps(3);
  const answer = await get(server, `${MAPS}?limit=2`, PROTOBUF);
  expect(answer.headers).toMatchObject({ "content-type": PROTOBUF });
  const [type = new Uint8Array(), list = new Uint8Array()] = [1, 2].map(
    (number) => partsOf(bytesOf(answer).subarray(4), number)[0],
  );
  expect([textAt(type, 1), textAt(type, 2)]).toEqual(["v1", "ConfigMapList"]);
  const { value } = await server.call("GET", `${MAPS}?limit=2`);
  const [metadata = new Uint8Array(), ...more] = partsOf(list, 1);
  expect(more).toEqual([]);
  expect(textAt(metadata, 2)).toBe(value.metadata.resourceVersion);
  expect(textAt(metadata, 3)).toBe(value.metadata.continue);
  expect(readFields(metadata)).toContainEqual({ number: 4, kind: "varint", value: 1n });
  const items = partsOf(list, 2).map((item) => decodeMessage(item, configMapSchema));
  expect(items).toEqual(value.items);
});

test("forms: metadata alone in protobuf, of one and of many", async () => {
  const server = await aServerWithMaps(2);
  const one = bytesOf(await get(server, `${MAPS}/m0`, `${PROTOBUF};${METADATA}`)).subarray(4);
  const [type = new Uint8Array()] = partsOf(one, 1);
  expect([textAt(type, 1), textAt(type, 2)]).toEqual(["meta.k8s.io/v1", "PartialObjectMetadata"]);
  const metadataIn = (message: Uint8Array | undefined): unknown =>
    decodeMessage(partsOf(message ?? new Uint8Array(), 1)[0] ?? new Uint8Array(), objectMetaSchema);
  const { value } = await server.call("GET", MAPS);
  expect(metadataIn(partsOf(one, 2)[0])).toEqual(value.items[0].metadata);
  const many = bytesOf(await get(server, MAPS, `${PROTOBUF};${METADATA_LIST}`)).subarray(4);
  const items = partsOf(partsOf(many, 2)[0] ?? new Uint8Array(), 2);
  expect(items.map(metadataIn)).toEqual([value.items[0].metadata, value.items[1].metadata]);
});

test("forms: YAML of one and of many says what JSON says", async () => {
  const server = await aServerWithMaps(2);
  for (const path of [`${MAPS}/m0`, MAPS, `${MAPS}?labelSelector=none`]) {
    const answer = await get(server, path, "application/yaml");
    expect(answer.headers).toMatchObject({ "content-type": "application/yaml" });
    const text = new TextDecoder().decode(bytesOf(answer));
    expect(decodeYaml(text).value).toEqual((await server.call("GET", path)).value);
    expect(text.startsWith("apiVersion: v1\n")).toBe(true);
  }
});

test("forms: the pieces of a long table are the table", async () => {
  const server = await aServerWithMaps(3);
  for (const query of ["", "?labelSelector=none", "?includeObject=None"]) {
    const answer = await get(server, MAPS + query, "application/json;as=Table;v=v1;g=meta.k8s.io");
    const value = answer.body.kind === "object" ? answer.body.object.value : undefined;
    expect(JSON.parse(new TextDecoder().decode(bytesOf(answer)))).toEqual(value);
    expect(value).toMatchObject({ kind: "Table" });
  }
});

for (const [path, accept, message] of [
  [
    MAPS,
    `application/json;${METADATA}`,
    "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)",
  ],
  [
    `${MAPS}/m0`,
    `application/json;${METADATA_LIST}`,
    "you requested PartialObjectMetadataList, but the requested object is not a list " +
      "(*core.ConfigMap)",
  ],
  [
    `${MAPS}?includeObject=All`,
    "application/json;as=Table;v=v1;g=meta.k8s.io",
    'Unable to convert to Table as requested: includeObject: Invalid value: "All": must be ' +
      "'Metadata', 'Object', 'None', or empty",
  ],
  [
    MAPS,
    "text/html",
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, " +
      "application/vnd.kubernetes.protobuf, application/json;stream=watch, " +
      "application/vnd.kubernetes.protobuf;stream=watch",
  ],
] as const) {
  test(`forms: ${accept} of ${path} is refused`, async () => {
    const server = await aServerWithMaps(1);
    const refused = await server.call("GET", path, { headers: { accept } });
    expect(refused.value.message).toBe(message);
  });
}

test("forms: refusals come in the form the client reads", async () => {
  const server = await aServer();
  const protobuf = await get(server, `${MAPS}/none`, `${PROTOBUF},application/json`);
  expect(protobuf).toMatchObject({ status: 404, headers: { "content-type": PROTOBUF } });
  const [type = new Uint8Array(), status = new Uint8Array()] = [1, 2].map(
    (number) => partsOf(bytesOf(protobuf).subarray(4), number)[0],
  );
  expect([textAt(type, 2), textAt(status, 2), textAt(status, 3), textAt(status, 4)]).toEqual([
    "Status",
    "Failure",
    'configmaps "none" not found',
    "NotFound",
  ]);
  expect(readFields(status)).toContainEqual({ number: 6, kind: "varint", value: 404n });
  const yaml = await server.call("GET", `${MAPS}/none`, {
    headers: { accept: "application/yaml" },
  });
  expect(yaml.value).toContain('message: configmaps "none" not found\n');
  const deleted = await aServerWithMaps(1);
  const headers = { accept: "application/yaml" };
  expect((await deleted.call("DELETE", `${MAPS}/m0`, { headers })).value).toContain(
    "status: Success\n",
  );
});

test("forms: a Scale has a table of its own, and all else", async () => {
  const server = await aServer();
  const template = {
    metadata: { labels: { a: "b" } },
    spec: { containers: [{ name: "c", image: "i" }] },
  };
  const spec = { replicas: 0, selector: { matchLabels: { a: "b" } }, template };
  const path = "/apis/apps/v1/namespaces/t/deployments";
  await server.call("POST", path, { body: { metadata: { name: "d" }, spec } });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const { value } = await server.call("GET", `${path}/d/scale`, { headers: { accept } });
  expect(value.kind).toBe("Table");
  const columns = value.columnDefinitions.map(({ name }: { readonly name: string }) => name);
  expect(columns).toEqual(["Name", "Desired", "Available", "Age"]);
  expect(value.rows[0].cells.slice(0, 3)).toEqual(["d", 0, 0]);
  const answer = await get(server, `${path}/d/scale`, PROTOBUF);
  expect(textAt(partsOf(bytesOf(answer).subarray(4), 1)[0] ?? new Uint8Array(), 2)).toBe("Scale");
});
