import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { declareEnvironment } from "../environment.ts";
import { jsonOf } from "../json-of.ts";
import { CelError } from "../cel-error.ts";
import { DYN } from "../types.ts";
import { KUBERNETES_LIBRARIES } from "./kubernetes.ts";
import { MUTATION_LIBRARY, mutationTypeOf } from "./mutation.ts";

const environment = declareEnvironment({
  variables: { object: DYN },
  libraries: [...KUBERNETES_LIBRARIES, MUTATION_LIBRARY],
  objectTypeOf: mutationTypeOf,
});

function json(source: string, object: unknown = {}): unknown {
  const compilation = compile(source, environment);
  if (compilation.kind === "errors") return compilation.message;
  const evaluation = compilation.program.evaluate({ object });
  if (evaluation.kind === "error") return evaluation.error.message;
  const value = jsonOf(evaluation.value);
  return value instanceof CelError ? value.message : value;
}

test("objects to apply are constructed and become JSON", () => {
  const source =
    "Object{spec: Object.spec{replicas: 3, ?paused: object.?paused, " +
    "template: Object.spec.template{labels: {'a': 'b'}}}}";
  expect(json(source)).toEqual({ spec: { replicas: 3, template: { labels: { a: "b" } } } });
  expect(json(source, { paused: true })).toEqual({
    spec: { replicas: 3, paused: true, template: { labels: { a: "b" } } },
  });
});

test("operations of a JSON patch are constructed", () => {
  const source =
    "[JSONPatch{op: 'add', path: '/metadata/' + jsonpatch.escapeKey('a/b~c'), value: 1.5}]";
  expect(json(source)).toEqual([{ op: "add", path: "/metadata/a~1b~0c", value: 1.5 }]);
});

test("fields of operations have types", () => {
  expect(json("JSONPatch{op: 1}")).toBe(
    "ERROR: <input>:1:13: expected type of field 'op' is 'string' but provided type is 'int'\n" +
      " | JSONPatch{op: 1}\n | ............^",
  );
  expect(json("JSONPatch{nope: 1}")).toContain("undefined field 'nope'");
  expect(json("Subject{}")).toContain("undeclared reference to 'Subject'");
});

test("values that JSON does not have are refused", () => {
  expect(json("optional.of(quantity('1'))")).toBe("values of type kubernetes.Quantity are no JSON");
});
