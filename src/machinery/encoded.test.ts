import { expect, test } from "vitest";
import { EncodedObject } from "./encoded.ts";

const encoder = new TextEncoder();
const value = { kind: "A", metadata: { name: "a" } };
const text = JSON.stringify(value);

test("encoded objects: either form is made of the other, once", () => {
  const read = EncodedObject.fromBytes(encoder.encode(text));
  expect(read.value).toEqual(value);
  expect(read.value).toBe(read.value);
  const written = EncodedObject.fromValue(value);
  expect(written.bytes).toEqual(encoder.encode(text));
  expect(written.parts).toEqual([written.bytes]);
});

test("encoded objects: what was decoded is frozen for the first who asks for the value", () => {
  const decoded = EncodedObject.fromDecoded({ metadata: { name: "a" } });
  expect(Object.isFrozen(decoded.unfrozen)).toBe(false);
  expect(decoded.value).toBe(decoded.unfrozen);
  expect(Object.isFrozen(decoded.value) && Object.isFrozen(decoded.value.metadata)).toBe(true);
  const read = EncodedObject.fromBytes(encoder.encode(text));
  expect(read.unfrozen).toBe(read.value);
  expect(Object.isFrozen(read.unfrozen.metadata)).toBe(true); // others may have it, too
});

test("encoded objects: parts stay apart until somebody wants them in one", () => {
  const parts = [encoder.encode(text.slice(0, 5)), encoder.encode(text.slice(5))];
  const object = EncodedObject.fromSource({ parts: () => parts, value: () => value });
  expect(object.parts).toBe(parts);
  expect(object.peek()).toBe(value);
  expect(object.value).toBe(value);
  expect(object.bytes).toEqual(encoder.encode(text));
  expect(object.bytes).toBe(object.bytes);
});

test("encoded objects: what is kept elsewhere is asked for once, for what is wanted", () => {
  const asked: string[] = [];
  const object = EncodedObject.fromSource({
    parts: () => {
      asked.push("parts");
      return [encoder.encode(text)];
    },
    value: () => {
      asked.push("value");
      return value;
    },
  });
  expect(object.value).toBe(object.value);
  expect(asked).toEqual(["value"]);
  expect(object.bytes).toBe(object.parts[0]);
  expect(asked).toEqual(["value", "parts"]);
});
