/** Code that nothing reaches is not part of the product. */
import { expect, test } from "vitest";
import {
  importsOf,
  isTestFile,
  repositoryFiles,
  resolveImport,
  typescriptFiles,
} from "./sources.ts";

const ENTRY = /^src\/cli\/main\.ts$|^src\/[^/]+\/index\.ts$/;

function reachableFrom(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [...entries];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { specifier } of importsOf(path)) {
      if (specifier.startsWith(".")) pending.push(resolveImport(path, specifier));
    }
  }
  return reached;
}

test("every product file is reached from the command line or a public subpath", () => {
  const product = typescriptFiles("src").filter((path) => !isTestFile(path));
  const reached = reachableFrom(product.filter((path) => ENTRY.test(path)));
  expect(product.filter((path) => !reached.has(path))).toEqual([]);
});

test("every fixture and conformance suite is used by a test", () => {
  const files = typescriptFiles("src");
  const tests = repositoryFiles().filter((path) => /\.test\.ts$/.test(path));
  const reached = reachableFrom(tests);
  expect(files.filter((path) => isTestFile(path) && !reached.has(path))).toEqual([]);
});
