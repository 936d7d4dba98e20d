import fc from "fast-check";
import { expect, test } from "vitest";
import {
  LOG_DEPTH_MAX,
  LOG_ITEMS_MAX,
  LOG_LINE_MAX,
  LOG_TEXT_MAX,
  LOG_VALUES_MAX,
  loggable,
  loggableFields,
} from "./log-value.ts";

const SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: "shop", name: "db", uid: "u-1", resourceVersion: "42", labels: {} },
  data: { password: "aHVudGVyMg==" },
};

test("API objects are named, not shown; of lists their length is", () => {
  expect(loggableFields({ secret: SECRET, all: [SECRET] })).toEqual({
    secret: {
      apiVersion: "v1",
      kind: "Secret",
      namespace: "shop",
      name: "db",
      uid: "u-1",
      resourceVersion: "42",
    },
    all: [expect.objectContaining({ name: "db" })],
  });
  const list = { kind: "SecretList", apiVersion: "v1", metadata: {}, items: [SECRET, SECRET] };
  expect(loggable(list)).toEqual({ apiVersion: "v1", kind: "SecretList", items: 2 });
});

test("what names itself a secret is hidden, and so is what objects hold for their users", () => {
  const fields = {
    authorization: "Bearer x",
    password: "hunter2",
    refreshToken: "y",
    headers: { Cookie: "z" },
    data: { any: "thing" },
    stringData: { any: "thing" },
    tokens: 3,
  };
  expect(loggableFields(fields)).toEqual({
    authorization: "<hidden>",
    password: "<hidden>",
    refreshToken: "<hidden>",
    headers: { Cookie: "<hidden>" },
    data: "<hidden>",
    stringData: "<hidden>",
    tokens: 3,
  });
});

test("an error tells its name, message, stack, code and causes", () => {
  const inner = Object.assign(new Error("inner"), { code: "ECONNRESET", request: SECRET });
  const outer = new TypeError("outer", { cause: inner });
  expect(loggable(outer)).toEqual({
    name: "TypeError",
    message: "outer",
    stack: outer.stack,
    cause: { name: "Error", message: "inner", stack: inner.stack, code: "ECONNRESET" },
  });
  const several = new AggregateError([new Error("one"), "two"], "all");
  expect(loggable(several)).toMatchObject({ errors: [{ message: "one" }, "two"] });
});

test("what JSON has no word for is put in words", () => {
  const fields = {
    big: 2n ** 70n,
    none: undefined,
    infinite: Number.POSITIVE_INFINITY,
    call: () => 1,
    sign: Symbol("s"),
    bytes: new Uint8Array(3),
    when: new Date(0),
    map: new Map([["a", 1]]),
    set: new Set([1]),
  };
  expect(loggableFields(fields)).toEqual({
    big: "1180591620717411303424",
    infinite: "Infinity",
    call: "<function>",
    sign: "Symbol(s)",
    bytes: "<3 bytes>",
    when: "1970-01-01T00:00:00.000Z",
    map: [["a", 1]],
    set: [1],
  });
});

test("circles, depth, length and number have an end", () => {
  const circle: Record<string, unknown> = { again: undefined };
  circle["again"] = { circle };
  expect(loggableFields({ circle })).toEqual({ circle: { again: { circle: "<circular>" } } });
  let deep: unknown = 1;
  for (let level = 0; level < LOG_DEPTH_MAX + 2; level += 1) deep = [deep];
  expect(JSON.stringify(loggable(deep))).toContain("<deep>");
  expect(loggable("x".repeat(LOG_TEXT_MAX + 7))).toMatch(/x… 7 more characters$/);
  expect(loggable(Array.from({ length: LOG_ITEMS_MAX + 5 }, () => 0))).toContain("… 5 more");
  const long = Array.from({ length: LOG_ITEMS_MAX }, () => "x".repeat(LOG_TEXT_MAX));
  expect(JSON.stringify(loggable(long)).length).toBeLessThan(LOG_LINE_MAX + 5_000);
  const wide = Array.from({ length: LOG_ITEMS_MAX }, () =>
    Array.from({ length: LOG_ITEMS_MAX }, () => 1),
  );
  const ones = JSON.stringify(loggable(wide)).split("1").length;
  expect(ones).toBeLessThan(LOG_VALUES_MAX);
});

test("what cannot be read is said to be so", () => {
  const hostile = {
    get bad(): never {
      throw new Error("no");
    },
    proxy: new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    ),
    json: {
      toJSON: () => {
        throw new Error("no");
      },
    },
    fine: 1,
  };
  expect(loggableFields(hostile)).toEqual({
    bad: "<unreadable>",
    proxy: "<unreadable>",
    json: "<unreadable>",
    fine: 1,
  });
});

test("anything at all becomes JSON of bounded size", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
  });
  const property = fc.property(anything, (value) => {
    expect(JSON.stringify(loggableFields({ value })).length).toBeLessThan(100_000);
    expect(JSON.parse(JSON.stringify(loggable(value)))).toEqual(loggable(value));
  });
  fc.assert(property, { numRuns: 300 });
});
