import { expect, test } from "vitest";
import { parseManifests } from "./manifests.ts";

test("documents are read in order, lists are taken apart, empty documents are skipped", () => {
  const text = [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: {name: a, namespace: team}",
    "---",
    "---",
    "apiVersion: v1",
    "kind: List",
    "items:",
    "- {apiVersion: v1, kind: Secret, metadata: {name: b}}",
    "- {apiVersion: v1, kind: Secret, metadata: {generateName: c-}}",
  ].join("\n");
  expect(
    parseManifests(text, "x.yaml").map(({ kind, name, namespace }) => [kind, name, namespace]),
  ).toEqual([
    ["ConfigMap", "a", "team"],
    ["Secret", "b", ""],
    ["Secret", "c-", ""],
  ]);
});

test.each([
  { name: "broken YAML", text: "a: [1\nb: 2\n", says: /^x\.yaml:[0-9]+:[0-9]+: / },
  { name: "no apiVersion", text: "kind: Pod", says: /x\.yaml:1: apiVersion is missing/ },
  { name: "no kind", text: "apiVersion: v1", says: /x\.yaml:1: kind is missing/ },
  {
    name: "no name",
    text: "apiVersion: v1\nkind: Pod",
    says: /x\.yaml:1: metadata\.name is missing/,
  },
  {
    name: "a field given twice",
    text: "kind: Pod\nkind: Job",
    says: /x\.yaml:1: duplicate field "kind"|already|unique|duplicate/,
  },
  { name: "a bare text", text: "hello", says: /x\.yaml:1: not an object/ },
])("$name is told with its place", ({ text, says }) => {
  expect(() => parseManifests(text, "x.yaml")).toThrow(says);
});

test("broken JSON is told with line and column", () => {
  expect(() => parseManifests('{"apiVersion": "v1",\n  "kind": }', "x.json")).toThrow(
    /^x\.json:2:11: /,
  );
});
