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
import type { ObjectName } from "../../trace/facts.ts";
import { parseObjectArguments } from "../object-arguments.ts";
import { changeLine, storyLines } from "../printers/story.ts";
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

/** Why the change of this revision was made. */
export async function whyRevision(
  session: Session,
  revision: number,
  options: PastOptions,
): Promise<void> {
  print(session, await ask(session, { question: "Why", revision }), options);
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
  const apiVersion = apiVersionOf(EXPLANATION);
  const question = { apiVersion, kind: EXPLANATION.kind, metadata: {}, spec };
  try {
    return await session.client.create(EXPLANATION, question, session.context);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
    throw new UserError(
      "this API server keeps no record of why things happen",
      "Setpoint's own does: `setpoint up`, or createControlPlane().",
    );
  }
}

function print(session: Session, explanation: Explanation, { format }: PastOptions): void {
  const { terminal } = session;
  if (format === "json") {
    terminal.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
    return;
  }
  const { story, history, problem } = explanation.status ?? {};
  if (problem !== undefined) throw new UserError(problem);
  if (story !== undefined) terminal.write(`${storyLines(story).join("\n")}\n`);
  if (history?.length === 0) terminal.warn("nothing is recorded of it, or you may not read it\n");
  for (const change of history ?? []) terminal.write(`${changeLine(change)}\n`);
}
