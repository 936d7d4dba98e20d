/** Examples in doc comments of public names compile, where their words have a meaning. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { examplesOf } from "../api-reference/doc-comment.ts";
import { sourceFile } from "../api-reference/source-file.ts";
import { publicSubpaths } from "../api-reference/subpaths.ts";
import { compileErrors } from "./compiler.ts";
import { ROOT } from "./sources.ts";

const CAST = "tools/tidy/example-cast.ts";

type Example = { readonly of: string; readonly specifier: string; readonly code: string };

const subpaths = publicSubpaths();

function examples(): readonly Example[] {
  const all = subpaths.flatMap(({ specifier, names }) =>
    names.flatMap(({ name, declaration }) =>
      [declaration.doc, ...declaration.members.map(({ doc }) => doc)]
        .flatMap(examplesOf)
        .map((code) => ({ of: `${specifier}: ${name}`, specifier, code })),
    ),
  );
  return all.filter(({ code }, index) => all.findIndex((each) => each.code === code) === index);
}

/** Names that are in several subpaths mean the one that the example is about, or the first. */
function importsFor({ specifier, code }: Example, cast: string): string {
  const modules = new Map<string, string>([
    ["z", "zod"],
    ["expect", "vitest"],
    ["test", "vitest"],
  ]);
  for (const { name } of sourceFile(CAST).exports) modules.set(name, cast);
  const ordered = [...subpaths.filter((each) => each.specifier === specifier), ...subpaths];
  for (const { specifier: from, names } of ordered.toReversed()) {
    for (const { name } of names) modules.set(name, from);
  }
  const declared = new Set(
    [...code.matchAll(/\b(?:const|let|type|function|class) (\w+)/g)].map(([, name = ""]) => name),
  );
  return [...new Set(code.match(/\b[A-Za-z]\w*/g))]
    .filter((word) => modules.has(word) && !declared.has(word))
    .map((word) => `import { ${word} } from "${modules.get(word)}";`)
    .join(" ");
}

const SETTINGS = {
  extends: "../../tsconfig.json",
  compilerOptions: {
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
  },
  include: ["*.ts"],
};

test("examples of public names compile", () => {
  mkdirSync(join(ROOT, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "tmp", "examples-")); // from here `setpoint` is found
  const cast = relative(folder, join(ROOT, CAST));
  const places = new Map<string, Example>();
  try {
    for (const [index, example] of examples().entries()) {
      const path = join(folder, `${index}.ts`);
      const code = `async function example() {\n${example.code}\n}`;
      writeFileSync(path, `${importsFor(example, cast)}\n${code}\nexport {};\n`);
      places.set(path, example);
    }
    expect(places.size).toBeGreaterThan(15);
    const settings = join(folder, "tsconfig.json");
    writeFileSync(settings, JSON.stringify(SETTINGS));
    const errors = compileErrors(settings, [...places.keys()]).map(({ path, line, message }) => {
      const { of = "", code = "" } = places.get(path) ?? {};
      return `${of}: ${(code.split("\n")[line - 3] ?? "").trim()}: ${message}`;
    });
    expect(errors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
