import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { describedFields, descriptionOf } from "./description-of.ts";

test("descriptions: what is said of shapes, of their fields, and of what all kinds have", () => {
  const checkDescribed = (name: string, field: string | undefined, text: unknown): void => {
    expect(descriptionOf(name, field)).toEqual(text);
  };
  const core = "io.k8s.api.core.v1";
  checkDescribed(`${core}.Namespace`, undefined, expect.stringContaining("Holds objects"));
  checkDescribed(`${core}.Namespace`, "spec", "What is wanted.");
  checkDescribed(`${core}.Taint`, "key", "Key of the taint.");
  // Said in two lines, of two shapes, of two fields.
  checkDescribed(
    `${core}.Toleration`,
    "operator",
    "Equal (the default) if the value must be the same, Exists for any; Lt and Gt compare numbers.",
  );
  checkDescribed(`${core}.SecretEnvSource`, "optional", "Whether it may be missing.");
  checkDescribed(`${core}.SecretVolumeSource`, "secretName", expect.stringContaining("Name of"));
  checkDescribed(`${core}.EphemeralContainer`, undefined, expect.stringContaining("for a look"));
  checkDescribed(`${core}.PodList`, undefined, "Objects of kind Pod.");
  checkDescribed(`${core}.PodList`, "items", "The objects.");
  checkDescribed(`${core}.Pod`, "colour", undefined);
  checkDescribed("com.example.v1.Pod", undefined, undefined);
  checkDescribed("com.example.v1.Pod", "spec", undefined);
});

const BASES: Readonly<Record<string, string>> = {
  meta: "io.k8s.apimachinery.pkg.apis",
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis",
};

const modules = await Promise.all(
  generated(join(import.meta.dirname, "..")).map(
    async ([path, prefix]) => [prefix, (await import(path)) as object] as const,
  ),
);

const shapes = modules.flatMap(([prefix, module]) =>
  Object.values(module)
    .filter((schema: StructuralSchema) => schema.properties !== undefined)
    .map(({ typeName = "", properties = {} }: StructuralSchema) => ({
      name: `${prefix}.${typeName}`,
      fields: Object.keys(properties),
    })),
);

test.each(shapes)("descriptions: $name and its fields have one", ({ name, fields }) => {
  const missing = [undefined, ...fields].filter((field) => !descriptionOf(name, field));
  expect(missing).toEqual([]);
});

test("descriptions: nothing is described that is not there", () => {
  const there = new Set(
    shapes.flatMap(({ name, fields }) => [
      `${name}: ${descriptionOf(name) ?? ""}`,
      ...fields.map((field) => `${name}.${field}: ${descriptionOf(name, field) ?? ""}`),
    ]),
  );
  const prefixes = new Set(modules.map(([prefix]) => prefix));
  // Shapes described together need not all have the field.
  const somewhere = new Set([...there].map(withoutShape));
  for (const [name, fields] of describedFields()) {
    expect(prefixes).toContain(name.slice(0, name.lastIndexOf(".")));
    for (const field of fields.filter((each) => each !== "" && !name.includes(".meta.v1."))) {
      expect(somewhere).toContain(withoutShape(`${name}.${field}: ${descriptionOf(name, field)}`));
    }
  }
  const names = shapes.map(({ name }) => name);
  const unknown = [...describedFields().keys()].filter((name) => !names.includes(name));
  expect(unknown.filter((name) => !name.includes(".meta.v1."))).toEqual([]);
});

/** PREFIX.SHAPE.FIELD: TEXT without the shape. */
function withoutShape(text: string): string {
  return text.replace(/^(.*?\.v\d)\.[A-Za-z0-9]+/, "$1");
}

test("descriptions: whole sentences in plain letters", () => {
  for (const [name, fields] of describedFields()) {
    for (const field of fields) {
      const text = descriptionOf(name, field === "" ? undefined : field) ?? "";
      expect(text, `${name} ${field}`).toMatch(/^\S.*\.$/);
      expect(text, `${name} ${field}`).not.toMatch(/ {2}|\n|`/);
    }
  }
});

/** Generated modules below a folder, and the prefix of their definitions. */
function generated(folder: string): readonly (readonly [path: string, prefix: string])[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("schema.generated.ts"))
    .map((path) => {
      const [group = "", version = ""] = path.split("/");
      const base = BASES[group] ?? "io.k8s.api";
      return [join(folder, path), `${base}.${group}.${version}`];
    });
}
