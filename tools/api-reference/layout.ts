/** Which names a page has, in which order, and under which address each of them is found. */
import { declarationOf, type Declaration, type DeclarationKind } from "./declaration.ts";
import { originText, type PublicName, type Subpath } from "./subpaths.ts";

const GROUPS: readonly (readonly [DeclarationKind, string])[] = [
  ["function", "Functions"],
  ["constant", "Constants"],
  ["class", "Classes"],
  ["error", "Errors"],
  ["type", "Types"],
];

const BEHIND = "Types without a name of their own";
const BEHIND_WORDS =
  "What the declarations above speak of. They cannot be imported: TypeScript finds them by itself.";

export const KINDS = "Built-in kinds";

export type Entry = PublicName & { readonly anchor: string };

export type Group = {
  readonly title: string;
  readonly words: string;
  /** Whether its names can be imported. */
  readonly isPublic: boolean;
  readonly entries: readonly Entry[];
};

export type Layout = {
  readonly subpath: Subpath;
  /** Kinds of Kubernetes, which have a table. */
  readonly kinds: readonly PublicName[];
  readonly groups: readonly Group[];
};

/** The layout of a page; `isPublic` says what is told of as a name of some subpath. */
export function layoutOf(subpath: Subpath, isPublic: (origin: string) => boolean): Layout {
  const anchors = new Anchors([subpath.specifier, "Contents", KINDS]);
  const kinds = subpath.names.filter(({ declaration }) => declaration.kind === "kind");
  const groups = GROUPS.map(([kind, title]) => ({
    title,
    words: "",
    isPublic: true,
    names: subpath.names.filter(({ declaration }) => declaration.kind === kind),
  }));
  const names = namesBehind(subpath, isPublic);
  const behind = { title: BEHIND, words: BEHIND_WORDS, isPublic: false, names };
  const filled = [...groups, behind].filter(({ names }) => names.length > 0);
  return {
    subpath,
    kinds: inOrder(kinds),
    groups: filled.map(({ names: unordered, ...group }) => {
      anchors.of(group.title);
      const ordered = inOrder(unordered);
      return {
        ...group,
        entries: ordered.map((each) => ({ ...each, anchor: anchors.of(each.name) })),
      };
    }),
  };
}

/** Types that are mentioned, and types those mention, as far as they are not Kubernetes' own. */
function namesBehind(
  subpath: Subpath,
  isPublic: (origin: string) => boolean,
): readonly PublicName[] {
  const seen = new Set<string>();
  const behind: PublicName[] = [];
  const pending: Declaration[] = subpath.names.map(({ declaration }) => declaration);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const origin of next.mentions) {
      const text = originText(origin);
      if (seen.has(text) || isPublic(text) || origin.file.endsWith(".generated.ts")) continue;
      seen.add(text);
      const declaration = declarationOf(origin);
      behind.push({ name: origin.name, declaration });
      pending.push(declaration);
    }
  }
  return behind;
}

/** By letters, whatever their case; the same everywhere. */
export function inOrder<T extends { readonly name: string }>(names: readonly T[]): readonly T[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return names.toSorted(
    (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.name, b.name),
  );
}

/** Addresses of headings, as the usual places that show Markdown make them. */
class Anchors {
  readonly #times = new Map<string, number>();

  constructor(headings: readonly string[]) {
    for (const heading of headings) this.of(heading);
  }

  of(heading: string): string {
    const slug = slugOf(heading);
    const times = this.#times.get(slug) ?? 0;
    this.#times.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  }
}

export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replace(/ /g, "-");
}
