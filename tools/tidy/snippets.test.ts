/** What documents show works: their TypeScript compiles, their commands and flags exist. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { commandProblem, programOfSources, shownCommands } from "./commands.ts";
import { compileErrors } from "./compiler.ts";
import { readText, repositoryFiles, ROOT } from "./sources.ts";
import { snippetsOf, type Snippet } from "./snippets.ts";

const GUIDES = /^README\.md$|^docs\/(guides|reference)\/[^/]*\.md$|^examples\/[^/]+\/README\.md$/;

function guides(): readonly string[] {
  return repositoryFiles().filter((path) => GUIDES.test(path));
}

const SETTINGS = {
  extends: "../../tsconfig.json",
  compilerOptions: {
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ["**/*.ts"],
};

test("every snippet of TypeScript in the guides compiles against the public subpaths", () => {
  mkdirSync(join(ROOT, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "tmp", "snippets-")); // from here `setpoint` is found
  const places = new Map<string, { readonly document: string; readonly snippet: Snippet }>();
  try {
    for (const document of guides()) {
      for (const snippet of snippetsOf(readText(document))) {
        const path = join(folder, document.replaceAll("/", "-").replace(".md", ""), snippet.name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${snippet.code}\nexport {};\n`);
        places.set(path, { document, snippet });
      }
    }
    expect(places.size).toBeGreaterThan(20);
    const settings = join(folder, "tsconfig.json");
    writeFileSync(settings, JSON.stringify(SETTINGS));
    const errors = compileErrors(settings, [...places.keys()]).map(({ path, line, message }) => {
      const place = places.get(path);
      return `${place?.document}:${(place?.snippet.line ?? 1) + line - 1}: ${message}`;
    });
    expect(errors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("every command of setpoint that a document shows exists, with its flags", async () => {
  const program = await programOfSources();
  const documents = guides();
  const shown = documents.flatMap((path) =>
    shownCommands(readText(path)).map((command) => ({ path, command })),
  );
  expect(shown.length).toBeGreaterThan(20);
  const wrong = shown.flatMap(({ path, command }) => {
    const problem = commandProblem(program, command);
    return problem === "" ? [] : [`${path}:${command.line}: ${problem}`];
  });
  expect(wrong).toEqual([]);
}, 60_000);

test("scripts and files that documents have npm and node run are there", () => {
  const manifest: unknown = JSON.parse(readText("package.json"));
  const scripts = Object.keys(Object(Object(manifest)["scripts"]));
  const documents = repositoryFiles().filter((path) => /^[A-Z]+\.md$|^docs\/.*\.md$/.test(path));
  const missing = documents.flatMap((path) => {
    const text = readText(path);
    const files = [...text.matchAll(/\bnode ((?:tools|bench|e2e|src)\/[\w/.-]+)/g)]
      .map(([, file = ""]) => file)
      .filter((file) => !existsSync(join(ROOT, file)));
    // In the guides projects run scripts of their own.
    const names = path.startsWith("docs/guides/")
      ? []
      : [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)];
    const unknown = names.map(([, name = ""]) => name).filter((name) => !scripts.includes(name));
    return [...files, ...unknown].map((what) => `${path}: ${what}`);
  });
  expect(missing).toEqual([]);
});

test("a snippet is found with its line, and with what the page leaves out", () => {
  const page = [
    "# Page",
    "<!-- snippet: file site.ts",
    "export const hidden = 1;",
    "-->",
    "<!-- snippet: after",
    'import { hidden } from "./site.ts";',
    "-->",
    "",
    "```ts",
    "export const shown = hidden;",
    "```",
    "```sh",
    "setpoint get pods \\",
    "  -o yaml # all",
    "setpoint get crds|rbac",
    "```",
    "With `setpoint wait`.",
    "```",
    "$ setpoint why pod/web | head -1",
    "setpoint is what was printed",
    "```",
  ].join("\n");
  expect(snippetsOf(page)).toEqual([
    { name: "site.ts", code: "export const hidden = 1;\n", line: 3 },
    {
      name: "1.ts",
      code: 'import { hidden } from "./site.ts";\nexport const shown = hidden;\n',
      line: 9,
    },
  ]);
  expect(shownCommands(page)).toEqual([
    { words: ["get", "pods", "-o", "yaml"], line: 13, isWhole: true },
    { words: ["get", "crds"], line: 15, isWhole: true },
    { words: ["get", "rbac"], line: 15, isWhole: true },
    { words: ["why", "pod/web"], line: 19, isWhole: true },
    { words: ["wait"], line: 17, isWhole: false },
  ]);
  expect(() => snippetsOf("<!-- snippet: no such -->\n```ts\n1;\n```")).toThrow("no such comment");
  const twice = "<!-- snippet: after\na;\n-->\n\n<!-- snippet: after\nb;\n-->\n\n```ts\n1;\n```";
  expect(() => snippetsOf(twice)).toThrow("before no block");
});

test.each([
  ["get pods -o yaml", ""],
  ["get pods --colour", "get has no --colour"],
  ["fetch pods", "setpoint has no fetch"],
  ["why-changed deployment/web", "why-changed needs 2 words"],
  ["generate types a.yaml b.yaml", "types takes 1 words"],
  ["-n web get pods", ""],
])("setpoint %s: %j", { timeout: 60_000 }, async (text, problem) => {
  const program = await programOfSources();
  const shown = { words: text.split(" "), line: 1, isWhole: true };
  expect(commandProblem(program, shown)).toBe(problem);
});
