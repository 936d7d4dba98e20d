/** Code that nothing reaches is not part of the product. */
import { expect, test } from "vitest";
import { isTestFile, reachableFrom, repositoryFiles, typescriptFiles } from "./sources.ts";

const ENTRY = /^src\/cli\/(?:main|setpoint)\.ts$|^src\/[^/]+\/index\.ts$/;

test("every product file is reached from the command line or a public subpath", () => {
  const product = typescriptFiles("src").filter((path) => !isTestFile(path));
  const reached = reachableFrom(product.filter((path) => ENTRY.test(path)));
  expect(product.filter((path) => !reached.has(path))).toEqual([]);
});

test("every fixture and conformance suite is used by a test", () => {
  const files = typescriptFiles("src");
  const tests = repositoryFiles().filter((path) => path.endsWith(".test.ts"));
  const reached = reachableFrom(tests);
  expect(files.filter((path) => isTestFile(path) && !reached.has(path))).toEqual([]);
});
