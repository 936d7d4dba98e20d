import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ResponseBody } from "../machinery/request.ts";
import { bodyOfJson, decodeServerJson } from "./decode-json.ts";
import { ListSplitter } from "./list-splitter.ts";
import { UnexpectedResponseError } from "./response.ts";

const encoder = new TextEncoder();

/** The body that comes in pieces of `size` bytes. */
function split(text: string, size: number): ResponseBody {
  const bytes = encoder.encode(text);
  const splitter = new ListSplitter();
  const memory = new Uint8Array(size); // the same for each chunk, as a socket may do it
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    memory.set(chunk);
    splitter.push(memory.subarray(0, chunk.length));
  }
  return splitter.finish();
}

/** A body as plain values; what is thrown as its name. */
function plain(make: () => ResponseBody): unknown {
  try {
    const body = make();
    if (body.kind === "object") return { kind: body.kind, value: body.object.value };
    if (body.kind !== "list") return body;
    return { ...body, items: body.items.map((item) => item.value) };
  } catch (error) {
    return error instanceof UnexpectedResponseError ? error.name : error;
  }
}

const whole = (text: string): unknown => plain(() => bodyOfJson(decodeServerJson(text)));

const value = fc.jsonValue({ maxDepth: 3 });
const name = fc.oneof(
  fc.constantFrom("items", 'a"}],', "\\", "é😀", "__proto__", "kind"),
  fc.string(),
);
const item = fc.record({
  metadata: fc.record({ name, labels: fc.dictionary(name, fc.string()) }),
  spec: value,
  items: fc.array(value),
});
const field = (key: string, arb: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  arb.map((each) => `${JSON.stringify(key)}: ${JSON.stringify(each)}`);
const list = fc
  .tuple(
    field("kind", fc.constantFrom("PodList", "Pod")),
    field("apiVersion", fc.constant("v1")),
    field("metadata", fc.record({ resourceVersion: fc.string(), items: value })),
    field("items", fc.oneof(fc.array(item), fc.constant(null), value)),
    field("other", value),
  )
  .chain((fields) => fc.shuffledSubarray(fields, { minLength: 3 }))
  .map((fields) => `{${fields.join(" ,\n")}}`);

test("a list that comes in any pieces is what it is in one", () => {
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 60 }), (text, size) => {
      const expected = whole(text);
      const seen = plain(() => split(text, size));
      // What is in the place of an item but no object makes another error, or no list.
      const isOfObjects = JSON.stringify(expected).includes('"kind":"list"');
      if (isOfObjects) expect(seen).toEqual(expected);
      else expect([expected, UnexpectedResponseError.name]).toContainEqual(seen);
    }),
    { numRuns: 2_000 },
  );
});

test("what is broken anywhere is refused", () => {
  const text = '{"kind":"PodList","metadata":{},"items":[{"metadata":{}},{"metadata":{}}]}';
  expect(plain(() => split(text, 7))).toMatchObject({ items: [{}, {}] });
  for (let end = 0; end < text.length; end += 1) {
    expect(
      plain(() => split(text.slice(0, end), 7)),
      text.slice(0, end),
    ).toBe(UnexpectedResponseError.name);
  }
  for (const broken of [
    text.replace("},{", "} {"),
    text.replace("},{", "},,{"),
    text.replace("}}]", "}},]"),
    text.replace("[{", "[{]"),
    `${text}}`,
    `${text}{}`,
    text.replace('{"metadata":{}},', '{"metadata":},'),
    text.replace('{"metadata":{}},', "7,"),
    text.replace('{"metadata":{}},', '{"metadata":7},'),
  ]) {
    expect(
      plain(() => split(broken, 7)),
      broken,
    ).toBe(UnexpectedResponseError.name);
  }
});

test("the items of a field that comes twice are those of the second", () => {
  const first = '"items":[{"metadata":{"name":"a"}}]';
  const text = `{"kind":"PodList","metadata":{},${first},${first.replace('"a"', '"b"')}}`;
  expect(plain(() => split(text, 9))).toEqual(whole(text));
});

test("integers that a number would round are kept as they are", () => {
  const text = '{"kind":"XList","metadata":{},"items":[{"metadata":{},"n":9007199254740993}]}';
  expect(plain(() => split(text, 9))).toMatchObject({ items: [{ n: 9007199254740993n }] });
});

test("a list whose items are null is empty, as kube-apiserver writes it", () => {
  const text =
    '{"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"7"},"items":null}';
  expect(whole(text)).toMatchObject({ kind: "list", items: [] });
  expect(plain(() => split(text, 9))).toEqual(whole(text));
});
