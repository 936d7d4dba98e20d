import fc from "fast-check";
import { expect, test } from "vitest";
import { BUILT_IN } from "../../apis/registry.ts";
import { aServer } from "../testing/test-server.ts";
import { decodeProtobufBody, PROTOBUF_TYPE } from "./decode-body.ts";
import { ProtobufError } from "./wire.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

type Part = readonly [field: number, value: string | number | readonly Part[]];

/** A message written by hand: numbers as varints, texts and messages with their length. */
function message(parts: readonly Part[]): number[] {
  return parts.flatMap(([field, value]) => {
    if (typeof value === "number") return [field << 3, ...varint(value)];
    const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : message(value);
    return [(field << 3) | 2, ...varint(bytes.length), ...bytes];
  });
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function body(apiVersion: string, kind: string, parts: readonly Part[]): Uint8Array {
  const type: readonly Part[] = [
    [1, apiVersion],
    [2, kind],
  ];
  const envelope = message([
    [1, type],
    [2, parts],
    [3, ""],
    [4, ""],
  ]);
  return Uint8Array.from([0x6b, 0x38, 0x73, 0, ...envelope]);
}

test("protobuf: a create as typed clients send it", async () => {
  const server = await aServer();
  const sent = body("v1", "ConfigMap", [
    // Go sends empty texts and the zero time, which JSON leaves out.
    [
      1,
      [
        [1, "made"],
        [2, ""],
        [3, "t"],
        [8, []],
        [
          11,
          [
            [1, "app"],
            [2, "web"],
          ],
        ],
      ],
    ],
    [
      2,
      [
        [1, "__proto__"],
        [2, "x"],
      ],
    ],
    [
      2,
      [
        [1, "empty"],
        [2, ""],
      ],
    ],
  ]);
  const made = await server.call("POST", MAPS, { body: sent, contentType: PROTOBUF_TYPE });
  expect(made).toMatchObject({
    status: 201,
    value: { metadata: { name: "made", labels: { app: "web" } } },
  });
  expect(Object.entries(made.value.data)).toEqual([
    ["__proto__", "x"],
    ["empty", ""],
  ]);
});

test("protobuf: a delete may carry its options", async () => {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "d" } } });
  const options = body("v1", "DeleteOptions", [[4, "Orphan"]]);
  const answer = await server.call("DELETE", `${MAPS}/d`, {
    body: options,
    contentType: PROTOBUF_TYPE,
  });
  expect(answer.value.metadata.finalizers).toEqual(["orphan"]);
});

test("protobuf: another kind is refused by name", async () => {
  const server = await aServer();
  const sent = body("v1", "Secret", []);
  const answer = await server.call("POST", MAPS, { body: sent, contentType: PROTOBUF_TYPE });
  expect(answer).toMatchObject({ status: 400 });
  expect(answer.value.message).toContain('Secret in version "v1" cannot be handled as a ConfigMap');
});

test("protobuf: any other bytes are a refusal, never a defect", async () => {
  const server = await aServer();
  const magic = [0x6b, 0x38, 0x73, 0];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.boolean(), async (bytes, isMarked) => {
      const sent = Uint8Array.from(isMarked ? [...magic, ...bytes] : bytes);
      const answer = await server.call("POST", MAPS, { body: sent, contentType: PROTOBUF_TYPE });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test("protobuf: cut and mistyped messages are refused", () => {
  const configMap = BUILT_IN.find((each) => each.names.kind === "ConfigMap");
  const expected = { kind: "ConfigMap", schema: configMap?.schema ?? { type: "object" as const } };
  const whole = body("v1", "ConfigMap", [[1, [[1, "name"]]]]);
  const wrongType = body("v1", "ConfigMap", [[1, 5]]);
  for (const bytes of [whole.subarray(0, whole.length - 7), wrongType]) {
    expect(() => decodeProtobufBody(bytes, expected)).toThrow(ProtobufError);
  }
});
