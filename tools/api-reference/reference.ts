/** All pages of the reference. */
import { createHash } from "node:crypto";
import { format } from "prettier";
import { firstSentence, markdownOf } from "./doc-comment.ts";
import { inOrder, layoutOf, type Layout } from "./layout.ts";
import { namesOf, pageOf, type Place } from "./page.ts";
import { originText, publicSubpaths } from "./subpaths.ts";

/** The folder of the pages, below the root of the repository. */
export const FOLDER = "docs/reference/api";

/** Each page by the name of its file, to be formatted yet. The same sources give the same pages. */
export function referencePages(): ReadonlyMap<string, string> {
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
  const pages = layouts.map((layout) => [layout.subpath.page, pageOf(layout, places)] as const);
  return new Map([["README.md", indexPage(layouts)], ...pages]);
}

/** A page as it is written. Its last line says what it was made of, so that a look is enough. */
export async function writtenPage(page: string): Promise<string> {
  const body = await format(page, { parser: "markdown", printWidth: 100 });
  return `${body}\n${footerOf(page, body)}`;
}

/** Whether that is the written form of that page. Takes no formatting, which is slow. */
export function isWrittenOf(written: string, page: string): boolean {
  const end = written.lastIndexOf("\n<!--");
  return end >= 0 && written.slice(end + 1) === footerOf(page, written.slice(0, end));
}

function footerOf(page: string, body: string): string {
  return `<!-- of ${digest(page)}, written as ${digest(body)} -->\n`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
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
    "## Where it begins",
    beginnings(layouts),
    "## All names",
    ...namesByLetter(layouts),
  ].join("\n\n");
}

/** Names from which all others follow, in the order in which they are met. */
const BEGINNINGS = [
  "defineResource",
  "controller",
  "createManager",
  "dependent",
  "external",
  "defineConditions",
  "admission",
  "conversion",
  "planOf",
  "createFleetManager",
  "createTestWorld",
  "createValidator",
  "roundTrips",
  "simulate",
  "clientOfProgram",
  "clientFromKubeconfig",
  "createInformers",
  "createControlPlane",
];

function beginnings(layouts: readonly Layout[]): string {
  const entries = layouts.flatMap(({ subpath: { page }, groups }) =>
    groups.flatMap(({ entries: all }) => all.map((entry) => ({ ...entry, page }))),
  );
  const rows = BEGINNINGS.map((wanted) => {
    const found = entries.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`${wanted} is no public name any more`);
    const { name, page, anchor, declaration } = found;
    const words = markdownOf(firstSentence(declaration.doc), () => undefined);
    return `| [\`${name}\`](${page}#${anchor}) | ${words} |`;
  });
  return ["| name | |", "| --- | --- |", ...rows].join("\n");
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
