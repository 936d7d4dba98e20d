/** All pages of the reference. */
import { format } from "prettier";
import { firstSentence, markdownOf } from "./doc-comment.ts";
import { inOrder, layoutOf, type Layout } from "./layout.ts";
import { namesOf, pageOf, type Place } from "./page.ts";
import { originText, publicSubpaths } from "./subpaths.ts";

/** The folder of the pages, below the root of the repository. */
export const FOLDER = "docs/reference/api";

/** Each page by the name of its file, formatted. The same sources give the same pages. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const subpaths = publicSubpaths();
  const publicOrigins = new Set(
    subpaths.flatMap(({ names }) => names.map(({ declaration }) => originText(declaration.origin))),
  );
  const layouts = subpaths.map((subpath) =>
    layoutOf(subpath, (origin) => publicOrigins.has(origin)),
  );
  const places = new Map<string, readonly Place[]>();
  for (const { origin, place } of layouts.flatMap(namesOf)) {
    places.set(origin, [...(places.get(origin) ?? []), place]);
  }
  const pages = new Map([["README.md", indexPage(layouts)]]);
  for (const layout of layouts) pages.set(layout.subpath.page, pageOf(layout, places));
  const formatted = [...pages].map(async ([name, text]) => {
    return [name, await format(text, { parser: "markdown", printWidth: 100 })] as const;
  });
  return new Map(await Promise.all(formatted));
}

function indexPage(layouts: readonly Layout[]): string {
  const rows = layouts.map(({ subpath: { specifier, page, names, doc } }) => {
    const words = markdownOf(firstSentence(doc), () => undefined);
    return `| [\`${specifier}\`](${page}) | ${names.length} | ${words} |`;
  });
  return [
    "# API reference",
    "What can be imported, from where. All else in the package is an internal matter and may\n" +
      "change at any time. The guides show how it fits together: [all documents](../../README.md).",
    ["| subpath | names | |", "| --- | --- | --- |", ...rows].join("\n"),
    "Made from the doc comments of the sources: change those, then run\n" +
      "`npx node tools/api-reference/main.ts`.",
    "## All names",
    ...namesByLetter(layouts),
  ].join("\n\n");
}

/** A paragraph for each letter: names lead to their pages, those of several pages to each. */
function namesByLetter(layouts: readonly Layout[]): readonly string[] {
  const letters = new Map<string, readonly string[]>();
  const entries = layouts.flatMap(namesOf).filter(({ isPublic }) => isPublic);
  for (const { name, place } of inOrder(entries)) {
    const letter = name.charAt(0).toUpperCase();
    const link = `[${name}](${place.page}#${place.anchor})`;
    letters.set(letter, [...(letters.get(letter) ?? []), link]);
  }
  return [...letters].map(([letter, links]) => `**${letter}** ${links.join(", ")}`);
}
