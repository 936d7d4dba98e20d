/** A reader who follows links finds every document, and the place in it that was meant. */
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { slugOf } from "../api-reference/layout.ts";
import { readText, repositoryFiles } from "./sources.ts";

const INDEX = "docs/README.md";

const documents: ReadonlyMap<string, string> = new Map(
  repositoryFiles()
    .filter((path) => path.endsWith(".md"))
    .map((path) => [path, withoutCode(readText(path))]),
);

function withoutCode(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, "");
}

type Link = { readonly from: string; readonly path: string; readonly anchor: string };

function linksOf(from: string, text: string): readonly Link[] {
  const targets = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return targets.map(([, target = "", anchor = ""]) => ({
    from,
    path: target === "" ? from : normalize(join(dirname(from), target)),
    anchor,
  }));
}

/** The addresses of headings: those that are there again have a number. */
function anchorsOf(text: string): ReadonlySet<string> {
  const times = new Map<string, number>();
  const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/`/g, ""));
    const earlier = times.get(slug) ?? 0;
    times.set(slug, earlier + 1);
    return earlier === 0 ? slug : `${slug}-${earlier}`;
  });
  return new Set(anchors);
}

test("every document of docs/ is reached from its index, by links alone", () => {
  const reached = new Set<string>();
  const pending = [INDEX];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const links = linksOf(path, documents.get(path) ?? "");
    pending.push(...links.map((link) => link.path).filter((each) => each.startsWith("docs/")));
  }
  const own = [...documents.keys()].filter((path) => path.startsWith("docs/"));
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((path) => !reached.has(path))).toEqual([]);
});

test("every guide and every page of the reference is named by the index itself", () => {
  const named = new Set(linksOf(INDEX, documents.get(INDEX) ?? "").map(({ path }) => path));
  const own = [...documents.keys()].filter((path) =>
    /^docs\/(guides|reference|decisions)\/[^/]+\.md$/.test(path),
  );
  expect(own.filter((path) => !named.has(path))).toEqual([]);
});

test("links into a document lead to a heading that is there", () => {
  const anchors = new Map([...documents].map(([path, text]) => [path, anchorsOf(text)]));
  const dead = [...documents].flatMap(([from, text]) =>
    linksOf(from, text)
      .filter(({ path, anchor }) => anchor !== "" && anchors.get(path)?.has(anchor) === false)
      .map(({ path, anchor }) => `${from} -> ${path}#${anchor}`),
  );
  expect(dead).toEqual([]);
});
