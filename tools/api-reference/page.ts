/** The page of one subpath: a table of contents, then each name with all there is to know of it. */
import * as builtIn from "../../src/client/builtin.ts";
import { firstSentence, markdownOf } from "./doc-comment.ts";
import { KINDS, slugOf, type Entry, type Layout } from "./layout.ts";
import { originText } from "./subpaths.ts";

/** Where each public name is told of, by its place in the sources; in several pages, perhaps. */
export type Places = ReadonlyMap<string, readonly Place[]>;
export type Place = { readonly page: string; readonly anchor: string };

const KINDS_WORDS =
  "Each is a value, which calls take, and a type, which they answer with, under one name.";

/** The names that a page tells of, and where. */
export function namesOf({ subpath, kinds, groups }: Layout): readonly {
  readonly name: string;
  readonly origin: string;
  readonly isPublic: boolean;
  readonly place: Place;
}[] {
  const told = [
    ...groups.flatMap(({ entries, isPublic }) => entries.map((each) => ({ ...each, isPublic }))),
    ...kinds.map((each) => ({ ...each, anchor: slugOf(KINDS), isPublic: true })),
  ];
  return told.map(({ name, declaration, anchor, isPublic }) => ({
    name,
    isPublic,
    origin: originText(declaration.origin),
    place: { page: subpath.page, anchor },
  }));
}

/** The page, as Markdown that is still to be formatted. */
export function pageOf(layout: Layout, places: Places): string {
  const { subpath, kinds, groups } = layout;
  const own = new Map(
    groups.flatMap(({ entries }) => entries.map(({ name, anchor }) => [name, anchor])),
  );
  // A word such as `not` or `index` may mean something else; `defineResource` cannot.
  const linkTo = (name: string): string | undefined => {
    const anchor = /[a-z][A-Z]|^[A-Z]\w*[a-z]/.test(name) ? own.get(name) : undefined;
    return anchor === undefined ? undefined : `#${anchor}`;
  };
  return [
    `# ${subpath.specifier}`,
    markdownOf(subpath.doc, linkTo),
    "Made from the doc comments of the sources: change those, then run\n" +
      "`npx node tools/api-reference/main.ts`.",
    "## Contents",
    ...contentsOf(layout),
    ...(kinds.length === 0 ? [] : [`## ${KINDS}`, KINDS_WORDS, kindsTable(layout)]),
    ...groups.flatMap(({ title, words, entries }) => [
      `## ${title}`,
      words,
      ...entries.flatMap((entry) => entryText(entry, { page: subpath.page, places, linkTo })),
    ]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function contentsOf({ kinds, groups }: Layout): readonly string[] {
  const builtIns = kinds.length === 0 ? [] : [`- [${KINDS}](#${slugOf(KINDS)})`];
  const texts = groups.map(({ title, entries }) => {
    const lines = entries.map(({ name, anchor, declaration }) => {
      const sentence = markdownOf(firstSentence(declaration.doc), () => undefined);
      return `  - [\`${name}\`](#${anchor})${sentence === "" ? "" : `: ${sentence}`}`;
    });
    return [`- [${title}](#${slugOf(title)})`, ...lines].join("\n");
  });
  return [[...builtIns, ...texts].join("\n")];
}

type Around = {
  readonly page: string;
  readonly places: Places;
  readonly linkTo: (name: string) => string | undefined;
};

function entryText({ name, declaration }: Entry, around: Around): readonly string[] {
  const { doc, signature, members, origin } = declaration;
  const isRenamed = origin.name !== name;
  const items = members.map((member) => {
    const words = markdownOf(member.doc, around.linkTo).replace(/\n/g, "\n  ");
    return `- \`${member.name}\`: ${words}`;
  });
  return [
    `### ${name}`,
    `\`\`\`ts\n${signature}\n\`\`\``,
    markdownOf(doc, around.linkTo),
    isRenamed ? `Exported as \`${name}\`.` : "",
    items.join("\n"),
    mentionsText(declaration.mentions.map(originText), originText(origin), around),
  ];
}

function mentionsText(mentions: readonly string[], own: string, { page, places }: Around): string {
  const links = mentions.flatMap((origin) => {
    if (origin === own) return [];
    const found = places.get(origin) ?? [];
    const place = found.find((each) => each.page === page) ?? found[0];
    if (place === undefined) return [];
    const file = place.page === page ? "" : place.page;
    return [`[\`${origin.replace(/.*#/, "")}\`](${file}#${place.anchor})`];
  });
  return links.length === 0 ? "" : `See ${links.join(", ")}.`;
}

function kindsTable({ kinds }: Layout): string {
  const values: Readonly<Record<string, unknown>> = builtIn;
  const rows = kinds.map(({ name, declaration }) => {
    const { group, version, kind, resource, isNamespaced } = Object(values[name]);
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const scope = isNamespaced === true ? "namespace" : "cluster";
    const words = markdownOf(firstSentence(declaration.doc), () => undefined);
    return `| \`${name}\` | ${apiVersion} | ${kind} | ${resource} | ${scope} | ${words} |`;
  });
  const head =
    "| name | apiVersion | kind | resource | scope | |\n| --- | --- | --- | --- | --- | --- |";
  return [head, ...rows].join("\n");
}
