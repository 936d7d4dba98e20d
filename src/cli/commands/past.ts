/** `why`, `why-deleted`, `why-changed`, `history`: questions about what happened. */
import type { ResourceType } from "../../client/resource-type.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ExplanationSpec, ExplanationStatus } from "../../trace/explanation.ts";
import { whyNotReady } from "../../trace/explain/not-ready/not-ready.ts";
import { objectText, type ChangeFact, type ObjectName } from "../../trace/facts.ts";
import { ClientPresent } from "../client-present.ts";
import { ask, askIfAllowed, explanation, type Explanation } from "../explanations.ts";
import { parseObjectArguments } from "../object-arguments.ts";
import { fieldChangeLines } from "../printers/field-changes.ts";
import { consequenceLines, fightLines } from "../printers/fights.ts";
import { notReadyLines } from "../printers/not-ready.ts";
import {
  HOT_HEADINGS,
  hotFooter,
  hotRows,
  LAG_HEADINGS,
  lagRows,
  reconcileLines,
} from "../printers/reconciles.ts";
import { changeLine, storyLines, withoutStatus } from "../printers/story.ts";
import { formatTable } from "../printers/table.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

export type PastOptions = {
  readonly format: "text" | "json";
  /** Every field of every change, in a line of its own (default false). */
  readonly hasFields?: boolean;
  /** Changes of status are left out (default false). */
  readonly isStatusLeftOut?: boolean;
  /** At most so many changes are printed of those that are left (default: all). */
  readonly limit?: number;
};

/** Asks about one object, named as `pod/web-1`, and prints the answer. */
export async function askAboutObject(
  session: Session,
  words: readonly string[],
  question: Omit<ExplanationSpec, "object">,
  options: PastOptions,
): Promise<void> {
  const object = await nameOf(session, words);
  print(session, await ask(session, { ...question, object }), options);
}

/** Asks a question that is about no object, and prints the answer. */
export async function askAtLarge(
  session: Session,
  question: ExplanationSpec,
  options: PastOptions,
): Promise<void> {
  print(session, await ask(session, question), options);
}

/** Why the change of this revision was made; it must be one of the object, if one is named. */
export async function whyRevision(
  session: Session,
  revision: number,
  words: readonly string[],
  options: PastOptions,
): Promise<void> {
  const named = words.length === 0 ? {} : { object: await nameOf(session, words) };
  print(session, await ask(session, { question: "Why", revision, ...named }), options);
}

/** What an object waits for; asked of the server, or found out here if it does not explain. */
export async function whyNotReadyCommand(
  session: Session,
  words: readonly string[],
  options: PastOptions,
): Promise<void> {
  const object = await nameOf(session, words);
  const asked = await askIfAllowed(session, { question: "WhyNotReady", object });
  if (asked !== undefined) return print(session, asked, options);
  const notReady = await whyNotReady(object, new ClientPresent(session));
  const missing = { problem: `there is no ${objectText(object)}, or you may not read it` };
  const status = notReady === undefined ? missing : { notReady };
  print(session, explanation({ question: "WhyNotReady", object }, status), options);
}

/** The one object that the words name. */
export async function objectNamed(
  session: Session,
  words: readonly string[],
): Promise<{ readonly type: ResourceType; readonly key: ObjectKey }> {
  const [first, ...others] = parseObjectArguments(words, { isNameRequired: true });
  const [name = "", ...more] = first?.names ?? [];
  if (first === undefined || others.length > 0 || more.length > 0) {
    throw new UserError("one object at a time", "For example: pod/web-1");
  }
  const type = (await session.mapper()).resolve(first.word);
  const namespace = type.isNamespaced ? session.namespace : "";
  return { type, key: { namespace, name } };
}

async function nameOf(session: Session, words: readonly string[]): Promise<ObjectName> {
  const { type, key } = await objectNamed(session, words);
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...key };
}

function print(session: Session, explained: Explanation, options: PastOptions): void {
  const { terminal } = session;
  if (options.format === "json") {
    terminal.write(`${JSON.stringify(explained, undefined, 2)}\n`);
    if (explained.status?.problem !== undefined) throw new UserError(explained.status.problem);
    return;
  }
  const { history, fights, note, problem } = explained.status ?? {};
  if (problem !== undefined) throw new UserError(problem);
  const lines = answerLines(explained.status ?? {}, session.env.clock.now());
  if (note !== undefined) terminal.write(`${note}\n`);
  if (lines.length > 0) terminal.write(`${lines.join("\n")}\n`);
  if (fights?.length === 0) {
    terminal.warn("no field of it went back and forth, as far as its history is kept\n");
  }
  if (history?.length === 0) terminal.warn("nothing is recorded of it, or you may not read it\n");
  const told = options.isStatusLeftOut === true ? withoutStatus(history ?? []) : (history ?? []);
  for (const change of told.slice(0, options.limit)) {
    const lines = options.hasFields === true ? changeLines(change) : [changeLine(change)];
    terminal.write(`${lines.join("\n")}\n`);
  }
}

/** The change without its fields, and each of them below. */
function changeLines(change: ChangeFact): readonly string[] {
  const fields = fieldChangeLines(change.fields).map((line) => `    ${line}`);
  return [changeLine({ ...change, fields: [] }), ...fields];
}

function answerLines(status: ExplanationStatus, nowMs: number): readonly string[] {
  const { story, reconcile, notReady, fights, consequences, hot, lag } = status;
  return [
    ...(story === undefined ? [] : storyLines(story)),
    ...(reconcile === undefined ? [] : reconcileLines(reconcile)),
    ...(notReady === undefined ? [] : notReadyLines(notReady, nowMs)),
    ...(fights === undefined ? [] : fightLines(fights, nowMs)),
    ...(consequences === undefined ? [] : consequenceLines(consequences)),
    ...(hot === undefined
      ? []
      : [...formatTable(HOT_HEADINGS, hotRows(hot)), ...hotFooter(hot, nowMs)]),
    ...(lag === undefined ? [] : formatTable(LAG_HEADINGS, lagRows(lag))),
  ];
}
