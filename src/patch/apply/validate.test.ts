import { expect, test } from "vitest";
import { aSite } from "./testing/apply-model.ts";
import { problemsText, TYPE_PROBLEMS_MAX, typeProblems } from "./validate.ts";

for (const { title, value, text } of [
  { title: "an unknown field", value: { foo: 1 }, text: ".foo: field not declared in schema" },
  {
    title: "a text that is a number",
    value: { name: 1000000 },
    text: ".name: expected string, got &value.valueUnstructured{Value:1e+06}",
  },
  {
    title: "a text that is a list",
    value: { spec: { host: [1, "a", { b: null }] } },
    text:
      ".spec.host: expected string, got &value.valueUnstructured{Value:" +
      '[]interface {}{1, "a", map[string]interface {}{"b":interface {}(nil)}}}',
  },
  {
    title: "a number that is a text",
    value: { replicas: "1" },
    text: ".replicas: expected numeric (int or float), got string",
  },
  {
    title: "a number that is a map",
    value: { replicas: {} },
    text: ".replicas: expected numeric (int or float), got map[string]interface {}",
  },
  {
    title: "a truth value that is a text",
    value: { isOpen: "yes" },
    text: ".isOpen: expected boolean, got &{yes}",
  },
  {
    title: "an amount that is a list",
    value: { size: [1, 2] },
    text: ".size: expected any scalar, got &{[1 2]}",
  },
  {
    title: "a map that is a text",
    value: { labels: "x" },
    text: ".labels: expected map, got &{x}",
  },
  {
    title: "a list that is a map",
    value: { ports: { b: 1, a: "x" } },
    text: ".ports: expected list, got &{map[a:x b:1]}",
  },
  {
    title: "items that are no maps",
    value: { ports: ["a"] },
    text: ".ports: element 0: associative list with keys may not have non-map elements",
  },
  {
    title: "items that are null",
    value: { ports: [null] },
    text: ".ports: element 0: associative list with keys may not have a null element",
  },
  {
    title: "the same item twice, one with the default spelled out",
    value: { ports: [{ port: 80 }, { port: 80, protocol: "TCP" }] },
    text: '.ports: duplicate entries for key [port=80,protocol="TCP"]',
  },
  {
    title: "a set with maps",
    value: { tags: [{}] },
    text: ".tags: element 0: associative list without keys has an element that's a map type",
  },
  {
    title: "a set with lists",
    value: { tags: [[]] },
    text: ".tags: element 0: not supported: associative list with lists as elements",
  },
  {
    title: "a set with null",
    value: { tags: [null] },
    text: ".tags: element 0: associative list without keys has an element that's an explicit null",
  },
  {
    title: "several things",
    value: { name: 1, ports: [{ port: "x" }] },
    text:
      "errors:\n  .name: expected string, got &value.valueUnstructured{Value:1}\n" +
      '  .ports[port="x",protocol="TCP"].port: expected numeric (int or float), got string',
  },
]) {
  test(`a value is refused for ${title}`, () => {
    expect(problemsText(typeProblems(aSite(value)))).toBe(text);
  });
}

test("null may stand everywhere, and in unknown fields anything", () => {
  const value = {
    name: null,
    ports: null,
    spec: null,
    extra: { a: [1, { b: [] }] },
    raw: { c: 1 },
  };
  expect(typeProblems(aSite(value))).toEqual([]);
});

test("no more problems are told than anybody reads", () => {
  const ports = Array.from({ length: 500 }, (_item, port) => ({ port, name: 1 }));
  expect(typeProblems(aSite({ ports }))).toHaveLength(TYPE_PROBLEMS_MAX);
});
