/** `why`, `why-deleted`, `why-changed`, `history`: questions about what happened. */
import type { ResourceType } from "../../client/resource-type.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import {
  TRACE_GROUP,
  TRACE_VERSION,
  type ExplanationSpec,
  type ExplanationStatus,
} from "../../trace/explanation.ts";
import { whyNotReady } from "../../trace/explain/not-ready/not-ready.ts";
import { objectText, type ObjectName } from "../../trace/facts.ts";
import { ClientPresent } from "../client-present.ts";
import { parseObjectArguments } from "../object-arguments.ts";
import { consequenceLines, fightLines } from "../printers/fights.ts";
import { notReadyLines } from "../printers/not-ready.ts";
import {
  HOT_HEADINGS,
  hotRows,
  LAG_HEADINGS,
  lagRows,
  reconcileLines,
} from "../printers/reconciles.ts";
import { changeLine, storyLines } from "../printers/story.ts";
import { formatTable } from "../printers/table.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

type Explanation = ApiObject & {
  readonly spec: ExplanationSpec;
  readonly status?: ExplanationStatus;
};

const EXPLANATION: ResourceType<Explanation> = {
  group: TRACE_GROUP,
  version: TRACE_VERSION,
  kind: "Explanation",
  resource: "explanations",
  isNamespaced: false,
};

export type PastOptions = { readonly format: "text" | "json" };

/** Asks about one object, named as `pod/web-1`, and prints the answer. */
export async function askAboutObject(
  session: Session,
  words: readonly string[],
  question: Omit<ExplanationSpec, "object">,
  options: PastOptions,
): Promise<void> {
  const object = await objectNamed(session, words);
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

/** Why the change of this revision was made. */
export async function whyRevision(
  session: Session,
  revision: number,
  options: PastOptions,
): Promise<void> {
  print(session, await ask(session, { question: "Why", revision }), options);
}

/** What an object waits for; asked of the server, or found out here if it explains nothing. */
export async function whyNotReadyCommand(
  session: Session,
  words: readonly string[],
  options: PastOptions,
): Promise<void> {
  const object = await objectNamed(session, words);
  const asked = await askIfExplained(session, { question: "WhyNotReady", object });
  if (asked !== undefined) return print(session, asked, options);
  const notReady = await whyNotReady(object, new ClientPresent(session));
  const missing = { problem: `there is no ${objectText(object)}, or you may not read it` };
  const status = notReady === undefined ? missing : { notReady };
  const spec = { question: "WhyNotReady", object } as const;
  print(session, { ...identity(), spec, status }, options);
}

async function objectNamed(session: Session, words: readonly string[]): Promise<ObjectName> {
  const [first, ...others] = parseObjectArguments(words, { isNameRequired: true });
  const [name = "", ...more] = first?.names ?? [];
  if (first === undefined || others.length > 0 || more.length > 0) {
    throw new UserError("one object at a time", "For example: pod/web-1");
  }
  const type = (await session.mapper()).resolve(first.word);
  const namespace = type.isNamespaced ? session.namespace : "";
  return { apiVersion: apiVersionOf(type), kind: type.kind, namespace, name };
}

async function ask(session: Session, spec: ExplanationSpec): Promise<Explanation> {
  const answer = await askIfExplained(session, spec);
  if (answer !== undefined) return answer;
  throw new UserError(
    "this API server keeps no record of why things happen",
    "Setpoint's own does: `setpoint up`, or createControlPlane().",
  );
}

/** Undefined: the server has no such API. */
async function askIfExplained(
  session: Session,
  spec: ExplanationSpec,
): Promise<Explanation | undefined> {
  try {
    return await session.client.create(EXPLANATION, { ...identity(), spec }, session.context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

function identity(): Pick<Explanation, "metadata"> & { apiVersion: string; kind: string } {
  return { apiVersion: apiVersionOf(EXPLANATION), kind: EXPLANATION.kind, metadata: {} };
}

function print(session: Session, explanation: Explanation, { format }: PastOptions): void {
  const { terminal } = session;
  if (format === "json") {
    terminal.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
    return;
  }
  const { history, fights, problem } = explanation.status ?? {};
  if (problem !== undefined) throw new UserError(problem);
  const lines = answerLines(explanation.status ?? {}, session.env.clock.now());
  if (lines.length > 0) terminal.write(`${lines.join("\n")}\n`);
  if (fights?.length === 0) {
    terminal.warn("no field of it went back and forth, as far as its history is kept\n");
  }
  if (history?.length === 0) terminal.warn("nothing is recorded of it, or you may not read it\n");
  for (const change of history ?? []) terminal.write(`${changeLine(change)}\n`);
}

function answerLines(status: ExplanationStatus, nowMs: number): readonly string[] {
  const { story, reconcile, notReady, fights, consequences, hot, lag } = status;
  return [
    ...(story === undefined ? [] : storyLines(story)),
    ...(reconcile === undefined ? [] : reconcileLines(reconcile)),
    ...(notReady === undefined ? [] : notReadyLines(notReady, nowMs)),
    ...(fights === undefined ? [] : fightLines(fights)),
    ...(consequences === undefined ? [] : consequenceLines(consequences)),
    ...(hot === undefined ? [] : formatTable(HOT_HEADINGS, hotRows(hot))),
    ...(lag === undefined ? [] : formatTable(LAG_HEADINGS, lagRows(lag))),
  ];
}
