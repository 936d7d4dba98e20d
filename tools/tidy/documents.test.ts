/** Documents tell the truth: what they name exists, and what exists is named. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { importsOf, readText, repositoryFiles, ROOT, typescriptFiles } from "./sources.ts";

function markdownFiles(): readonly string[] {
  return repositoryFiles().filter((path) => path.endsWith(".md"));
}

test("every file and folder that ARCHITECTURE.md names exists", () => {
  const named = [
    ...readText("ARCHITECTURE.md").matchAll(/`((?:src|tools|docs|e2e|bench|examples)\/[^`\s]*)`/g),
  ];
  const paths = named.map((match) => match[1] ?? "");
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("relative links in documents lead somewhere", () => {
  const dead = markdownFiles().flatMap((path) =>
    [...withoutCode(readText(path)).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
      .map((target) => `${path} -> ${target}`),
  );
  expect(dead).toEqual([]);
});

test("every dependency has a decision that names it and an alternative", () => {
  const decisions = repositoryFiles()
    .filter((path) => /^docs\/decisions\/\d{4}-.*\.md$/.test(path))
    .map(readText)
    .join("\n");
  const manifest: unknown = JSON.parse(readText("package.json"));
  const missing = dependencyNames(manifest).filter((name) => !decisions.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test("every runtime dependency is imported by the product", () => {
  const imported = new Set(
    typescriptFiles("src").flatMap((path) => importsOf(path).map(({ specifier }) => specifier)),
  );
  const manifest: unknown = JSON.parse(readText("package.json"));
  const names = Object.keys(Object(Object(manifest)["dependencies"]));
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !imported.has(name))).toEqual([]);
});

test("decisions are numbered without gaps", () => {
  const numbers = repositoryFiles()
    .map((path) => /^docs\/decisions\/(\d{4})-/.exec(path)?.[1])
    .filter((number) => number !== undefined);
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, "0")));
});

test("the README carries exactly the two set-up commands", () => {
  const readme = readText("README.md");
  expect(readme).toContain("npm ci && npm start");
  expect(readme).toContain("npm cit");
});

test("the lock file records no download addresses", () => {
  const withAddress = readText("package-lock.json")
    .split("\n")
    .filter((line) => /"resolved": "https?:/.test(line));
  expect(withAddress).toEqual([]);
});

test("nothing names the machine it was made on", () => {
  const marks = new RegExp(
    [["/wo", "rk/"].join(""), ["/ro", "ot/"].join(""), "registry\\.npm"].join("|"),
  );
  const offenders = repositoryFiles()
    .filter((path) => /\.(ts|md|json|ya?ml|mjs|sh)$|^\.ci\/|^\.[a-z]+rc/.test(path))
    .filter((path) => marks.test(readText(path)));
  expect(offenders).toEqual([]);
});

/** Calls such as `log[level](line)` look like links. */
function withoutCode(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, "").replace(/<!--[^]*?-->/g, "");
}

function dependencyNames(manifest: unknown): readonly string[] {
  const names: string[] = [];
  for (const section of ["dependencies", "devDependencies", "optionalDependencies"]) {
    const table: unknown = Object(manifest)[section];
    names.push(...Object.keys(Object(table)));
  }
  return names;
}
