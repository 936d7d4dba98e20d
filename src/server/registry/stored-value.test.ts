import { expect, test } from "vitest";
import { storedBytes, storedValue } from "./stored-value.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { tags: ["x"] } };

test("stored values: who stored an object need not parse it, and nothing of theirs is frozen", () => {
  const bytes = storedBytes(pod);
  const value = storedValue(bytes);
  expect(value).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
  expect(storedValue(bytes)).toBe(value);
  expect(Object.isFrozen(value) && Object.isFrozen(value.metadata)).toBe(true);
  expect(Object.isFrozen(pod.spec.tags)).toBe(false);
});

test("stored values: bytes of another process are parsed, once for all who look meanwhile", () => {
  const bytes = new TextEncoder().encode(JSON.stringify(pod));
  const value = storedValue(bytes);
  expect(value).toEqual(pod);
  expect(Object.isFrozen(value.metadata)).toBe(true);
  expect(storedValue(bytes)).toBe(value);
});
