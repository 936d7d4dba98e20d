/** The reference of the API is that of the sources, and has something to say of every name. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLDER, referencePages } from "../api-reference/reference.ts";
import { publicSubpaths } from "../api-reference/subpaths.ts";
import { readText, ROOT } from "./sources.ts";

const UPDATE = "a public name or its comment changed: npx node tools/api-reference/main.ts";

test("the reference of the API is made from the present sources", async () => {
  const pages = await referencePages();
  expect(readdirSync(join(ROOT, FOLDER)).sort()).toEqual([...pages.keys()].sort());
  const stale = [...pages].filter(([name, text]) => readText(`${FOLDER}/${name}`) !== text);
  expect(
    stale.map(([name]) => name),
    UPDATE,
  ).toEqual([]);
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
