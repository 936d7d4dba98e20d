/** The reference of the API is that of the sources, and has something to say of every name. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLDER, isWrittenOf, referencePages, writtenPage } from "../api-reference/reference.ts";
import { publicSubpaths } from "../api-reference/subpaths.ts";
import { readText, ROOT } from "./sources.ts";

const UPDATE = "a public name or its comment changed: npx node tools/api-reference/main.ts";

test("the reference of the API is made from the present sources", () => {
  const pages = referencePages();
  expect(readdirSync(join(ROOT, FOLDER)).sort()).toEqual([...pages.keys()].sort());
  const stale = [...pages].filter(([name, page]) => {
    return !isWrittenOf(readText(`${FOLDER}/${name}`), page);
  });
  expect(
    stale.map(([name]) => name),
    UPDATE,
  ).toEqual([]);
});

test("a page that was changed by hand, or is of other sources, is not up to date", async () => {
  const page = "# setpoint/client\n\n|a|b|\n|-|-|\n|1|2|";
  const written = await writtenPage(page);
  expect(written).toContain("| a   | b   |");
  expect(isWrittenOf(written, page)).toBe(true);
  expect(isWrittenOf(written, `${page}\n`)).toBe(false);
  expect(isWrittenOf(written.replace("| 1 ", "| 3 "), page)).toBe(false);
});

test("every public name has a doc comment", () => {
  const subpaths = publicSubpaths();
  const bare = subpaths.flatMap(({ specifier, names }) =>
    names
      .filter(({ declaration }) => declaration.doc === "")
      .map(({ name, declaration }) => `${specifier}: ${name} (${declaration.origin.file})`),
  );
  expect(subpaths.length).toBeGreaterThan(5);
  expect(bare).toEqual([]);
});
