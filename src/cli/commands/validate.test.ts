import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Terminal } from "../terminal.ts";
import { validate } from "./validate.ts";

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: sites.example.dev}
spec:
  group: example.dev
  names: {plural: sites, kind: Site}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [host]
            properties:
              host: {type: string, format: hostname}
              replicas: {type: integer, minimum: 1}
            x-kubernetes-validations: [{rule: "self.replicas < 5", message: too many}]
`;

const GOOD = "apiVersion: example.dev/v1\nkind: Site\nmetadata: {name: a}\n";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "validate-"));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("crd.yaml", CRD);
  write("good.yaml", `${GOOD}spec: {host: a.example, replicas: 2}\n`);
  write("bad.yaml", `${GOOD}spec: {host: a.example, replicas: 7}\n---\n${GOOD}spec: {}\n`);
  write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: P}\nspec: {containers: []}\n");
  write("wrong-crd.yaml", CRD.replace("type: integer", "type: whole"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  files: readonly string[],
  definitions: readonly string[],
  output: "text" | "json" = "text",
): Promise<{ readonly text: string; readonly code: number }> {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text.replaceAll(`${folder}/`, ""));
  const terminal: Terminal = { write, warn: write, isInteractive: false, columns: 80 };
  const paths = (names: readonly string[]): string[] => names.map((name) => join(folder, name));
  const code = await validate(
    { files: paths(files), definitions: paths(definitions), output },
    terminal,
  ).then(
    () => 0,
    (error: unknown) => (error instanceof Error && "code" in error ? Number(error.code) : NaN),
  );
  return { text: lines.join(""), code };
}

test("manifests that are right are told in a line", async () => {
  expect(await run(["good.yaml"], ["crd.yaml"])).toEqual({
    text: "2 objects: all are right\n",
    code: 0,
  });
});

test("each problem is a line with file, object and field, and the command fails", async () => {
  const { text, code } = await run(["crd.yaml", "bad.yaml", "pod.yaml"], []);
  expect(code).toBe(1);
  const lines = text.split("\n");
  expect(lines).toContain("bad.yaml:1: Site/a: spec: Invalid value: too many");
  expect(lines).toContain("bad.yaml:6: Site/a: spec.host: Required value");
  expect(lines).toContain("pod.yaml:1: Pod/P: spec.containers: Required value");
  expect(lines.at(-2)).toBe("4 objects: 3 would be refused");
});

test("a definition that is wrong is told itself, and its kind is not known", async () => {
  const { text, code } = await run(["good.yaml"], ["wrong-crd.yaml"]);
  expect(code).toBe(1);
  expect(text).toContain("wrong-crd.yaml:2: CustomResourceDefinition/sites.example.dev: spec.");
  expect(text).toContain("good.yaml:1: Site/a: ");
});

test("as JSON it is for programs", async () => {
  const { text } = await run(["bad.yaml"], ["crd.yaml"], "json");
  expect(JSON.parse(text)).toMatchObject([
    { kind: "CustomResourceDefinition", problems: [] },
    { source: "bad.yaml:1", kind: "Site", name: "a", problems: [{ field: "spec" }] },
    { source: "bad.yaml:6", problems: [{ field: "spec.host", reason: "FieldValueRequired" }, {}] },
  ]);
});
