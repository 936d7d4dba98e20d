/** What a line, a file and a name may look like. */
import { expect, test } from "vitest";
import { readText, repositoryFiles, typescriptFiles, withoutComments } from "./sources.ts";

const LINE_LENGTH_MAX = 100;
const FILE_LINES_MAX = 600;

const isGenerated = (path: string): boolean => /\.generated\.(ts|json)$/.test(path);

function sources(): readonly string[] {
  return repositoryFiles().filter((path) => path.endsWith(".ts") && !isGenerated(path));
}

function linesWhere(
  paths: readonly string[],
  isBad: (line: string) => boolean,
  textOf: (path: string) => string = readText,
): readonly string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split("\n")
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => isBad(line))
      .map(({ line, number }) => `${path}:${number}: ${line.trim().slice(0, 80)}`),
  );
}

test("lines fit in 100 columns", () => {
  const isLong = (line: string): boolean =>
    Array.from(line).length > LINE_LENGTH_MAX && !/https?:\/\/|oxlint-disable/.test(line);
  // Long string literals are data: prettier leaves them, and so do we in tests.
  const isStringData = (line: string): boolean => /^\s*(\w+: )?["'`].*["'`][,;)]*$/.test(line);
  expect(linesWhere(sources(), (line) => isLong(line) && !isStringData(line))).toEqual([]);
});

test("files stay under 600 lines", () => {
  const long = sources().filter((path) => readText(path).split("\n").length > FILE_LINES_MAX);
  expect(long).toEqual([]);
});

test("file names are kebab-case and say what is in them", () => {
  const isBad = (path: string): boolean => {
    const name = path.split("/").at(-1) ?? "";
    const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|generated|config|e2e\.config|bench))?\.ts$/;
    return !isKebab.test(name);
  };
  expect(sources().filter(isBad)).toEqual([]);
});

test("no folder or file is called utils, helpers, common or misc", () => {
  const banned = /(^|\/)(utils?|helpers?|common|misc)(\.[^/]*)?(\/|$)/;
  expect(repositoryFiles().filter((path) => banned.test(path))).toEqual([]);
});

test("nothing is left to do, skipped, or commented out", () => {
  const marks = new RegExp(["TO", "DO|FIX", "ME|X", "XX"].join(""));
  expect(linesWhere(sources(), (line) => marks.test(line))).toEqual([]);
  const focused = /\b(test|it|describe)\.only\(/;
  expect(linesWhere(sources(), (line) => focused.test(line))).toEqual([]);
});

test("no barrels: `export *` hides where a name comes from", () => {
  const isStar = (line: string): boolean => line.startsWith("export * ");
  expect(linesWhere(typescriptFiles("src"), isStar)).toEqual([]);
});

test("user data is never walked with for-in, and prototypes are never assigned", () => {
  const banned = /\bfor \((const|let) \w+ in \b|Object\.setPrototypeOf|\.__proto__/;
  const product = typescriptFiles("src").filter((path) => !isGenerated(path));
  const isBad = (line: string): boolean => banned.test(line);
  const code = (path: string): string => withoutComments(readText(path));
  expect(
    linesWhere(
      product.filter((path) => !path.endsWith(".test.ts")),
      isBad,
      code,
    ),
  ).toEqual([]);
});
