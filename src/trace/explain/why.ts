/**
 * Why a change was made: the changes that led to it, and what led to those, back to where it all
 * began. Each change is told once, as near to the question as it can be.
 *
 * Promises: every branch ends, and says with what; a cause is always older than its effect, so a
 * false claim of a client cannot make a circle; at most `STORY_CHANGES_MAX` changes are told.
 */
import type { Root } from "../../base/context.ts";
import type { ChangeFact, Facts } from "../facts.ts";
import { inferredCauses, isProgram } from "./inferred.ts";

export const STORY_CHANGES_MAX = 200;

/** As whom the server writes what nobody has asked it for. */
const API_SERVER_USER = "system:apiserver";

/** How it is known that a change led to the one it is told under. */
export type Link =
  /** It is what was asked about. */
  | "asked"
  /** Its writer said so. */
  | "recorded"
  /** Its writer said nothing: it follows from what was known to it. */
  | "inferred";

/** Where a branch ends. */
export type StoryEnd =
  /** Somebody asked for it. */
  | { readonly kind: "request" }
  /** The API server did it by itself. */
  | { readonly kind: "server" }
  /** What the writer says it was, besides changes. */
  | { readonly kind: Root }
  /** A controller acted by itself, and does not say what made it. */
  | { readonly kind: "own-accord" }
  /** A program that does not say why it acts, and nothing that could have led to it is known. */
  | { readonly kind: "unknown" }
  /** These revisions are older than what is kept. */
  | { readonly kind: "forgotten"; readonly revisions: readonly number[] }
  /** These are told elsewhere in the same story. */
  | { readonly kind: "told"; readonly revisions: readonly number[] }
  /** The story is longer than what is told at once. */
  | { readonly kind: "cut" };

export type Story = {
  readonly change: ChangeFact;
  readonly link: Link;
  /** Oldest first. */
  readonly because: readonly Story[];
  /** What else there is to say of why; a story without further causes always has one. */
  readonly ends: readonly StoryEnd[];
};

type Draft = {
  readonly change: ChangeFact;
  readonly link: Link;
  readonly because: Draft[];
  readonly ends: StoryEnd[];
};

/** Undefined: the revision is forgotten, or not there yet. */
export async function storyOf(revision: number, facts: Facts): Promise<Story | undefined> {
  const asked = await facts.change(revision);
  if (asked === undefined) return undefined;
  const root: Draft = { change: asked, link: "asked", because: [], ends: [] };
  const told = new Set([revision]);
  const open: Draft[] = [root];
  for (let draft = open.shift(); draft !== undefined; draft = open.shift()) {
    open.push(...(await extend(draft, told, facts)));
  }
  return root;
}

/** Adds what led to a change. Answers what is to be explained further. */
async function extend(draft: Draft, told: Set<number>, facts: Facts): Promise<readonly Draft[]> {
  const { change, because, ends } = draft;
  const { revisions, link } = await causesOf(change, facts);
  ends.push(...(change.cause.roots ?? []).map((kind) => ({ kind })));
  if (revisions.length === 0) {
    if (ends.length === 0) ends.push(endOf(change));
    return [];
  }
  const forgotten: number[] = [];
  const elsewhere: number[] = [];
  for (const revision of revisions) {
    if (told.has(revision)) {
      elsewhere.push(revision);
      continue;
    }
    if (told.size >= STORY_CHANGES_MAX) {
      ends.push({ kind: "cut" });
      break;
    }
    const cause = await facts.change(revision);
    if (cause === undefined) {
      forgotten.push(revision);
      continue;
    }
    told.add(revision);
    because.push({ change: cause, link, because: [], ends: [] });
  }
  if (forgotten.length > 0) ends.push({ kind: "forgotten", revisions: forgotten });
  if (elsewhere.length > 0) ends.push({ kind: "told", revisions: elsewhere });
  return because;
}

async function causesOf(
  change: ChangeFact,
  facts: Facts,
): Promise<{ readonly revisions: readonly number[]; readonly link: Link }> {
  const older = change.cause.triggers.filter((revision) => revision < change.revision);
  if (older.length > 0) return { revisions: older, link: "recorded" };
  return { revisions: await inferredCauses(change, facts), link: "inferred" };
}

function endOf({ cause }: ChangeFact): StoryEnd {
  if (cause.user === "" || cause.user === API_SERVER_USER) return { kind: "server" };
  if (!isProgram(cause)) return { kind: "request" }; // the tools of people name their calls, too
  return { kind: cause.id === "" ? "unknown" : "own-accord" };
}
