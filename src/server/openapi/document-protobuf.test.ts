import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { readFields, type WireField } from "../protobuf/wire.ts";
import { aServer } from "../testing/test-server.ts";
import { encodeDocument } from "./document-protobuf.ts";

const PROTOBUF = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";
const decoder = new TextDecoder();

/** The bytes of the fields that are reached by these numbers, one after the other. */
function fieldsAt(bytes: Uint8Array, ...numbers: readonly number[]): readonly Uint8Array[] {
  const [first, ...rest] = numbers;
  if (first === undefined) return [bytes];
  return readFields(bytes)
    .filter((field): field is WireField & { kind: "bytes" } => field.kind === "bytes")
    .filter(({ number }) => number === first)
    .flatMap((field) => fieldsAt(field.bytes, ...rest));
}

function textsAt(bytes: Uint8Array, ...numbers: readonly number[]): readonly string[] {
  return fieldsAt(bytes, ...numbers).map((each) => decoder.decode(each));
}

async function encoded(schema: object): Promise<Uint8Array> {
  const document = { openapi: "3.0.0", paths: {}, components: { schemas: { S: schema } } };
  const json = new TextEncoder().encode(JSON.stringify(document));
  const bytes = await encodeDocument(json, virtualEnv());
  const [only] = fieldsAt(bytes, 5, 1, 1, 2, 1);
  return only ?? new Uint8Array();
}

test("paths and schemas of a group are written in protobuf for whoever asks for it", async () => {
  const server = await aServer();
  const headers = { accept: PROTOBUF };
  const answer = await server.send("GET", "/openapi/v3/apis/scheduling.k8s.io/v1", { headers });
  expect(answer.headers["content-type"]).toBe(PROTOBUF.replace("@", "."));
  const { body } = answer;
  if (body.kind !== "bytes") throw new Error("no bytes");
  expect(textsAt(body.bytes, 1)).toEqual(["3.0.0"]);
  expect(textsAt(body.bytes, 4, 1, 1)).toContain("/apis/scheduling.k8s.io/v1/priorityclasses");
  const names = textsAt(body.bytes, 5, 1, 1, 1);
  expect(names).toContain("io.k8s.api.scheduling.v1.PriorityClass");
  const actions = textsAt(body.bytes, 4, 1, 2, 10, 13, 2, 2);
  expect(actions).toContain('"patch"');
});

test("what is said about values is written", async () => {
  const schema = await encoded({
    type: "object",
    description: "D",
    required: ["a"],
    properties: { a: { $ref: "#/x" }, b: { type: "array", items: { type: "string" } } },
    enum: ["p", 1],
    "x-kubernetes-list-type": "map",
  });
  expect(textsAt(schema, 25)).toEqual(["object"]);
  expect(textsAt(schema, 34)).toEqual(["D"]);
  expect(textsAt(schema, 23)).toEqual(["a"]);
  expect(textsAt(schema, 31, 1, 1)).toEqual(["a", "b"]);
  expect(textsAt(schema, 31, 1, 2, 2, 1)).toEqual(["#/x"]);
  expect(textsAt(schema, 31, 1, 2, 1, 30, 1, 1, 25)).toEqual(["string"]);
  expect(textsAt(schema, 24, 2)).toEqual(['"p"', "1"]);
  expect(textsAt(schema, 36, 1)).toEqual(["x-kubernetes-list-type"]);
});

test("who accepts no form of a document is told so in no words", async () => {
  const server = await aServer();
  for (const [accept, status] of [
    ["text/html", 406],
    ["application/yaml", 406],
    ["*/*", 200],
  ]) {
    const headers = { accept: String(accept) };
    const answer = await server.call("GET", "/openapi/v3/apis/apps/v1", { headers });
    expect(answer.status).toBe(status);
  }
  const absent = await server.call("GET", "/openapi/v3/nope");
  expect({ status: absent.status, value: absent.value }).toEqual({ status: 404, value: undefined });
});
