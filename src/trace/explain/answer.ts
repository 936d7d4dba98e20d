/** The answer to a question, from what is recorded. */
import { unreachable } from "../../base/assert.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { HISTORY_MAX, type ExplanationSpec, type ExplanationStatus } from "../explanation.ts";
import { objectText, type ChangeFact, type Facts, type ObjectName } from "../facts.ts";
import type { ControllerFigures, ReconcileRecord, ViewFigure } from "../reconcile-record.ts";
import { consequencesOf } from "./consequences.ts";
import { fightsIn } from "./fights.ts";
import { hotControllers } from "./hot.ts";
import { whyNotReady, type Present } from "./not-ready/not-ready.ts";
import { reconcileFact } from "./reconcile-fact.ts";
import { storyOf } from "./why.ts";

/** What a question lacks; thrown by `answer`. */
export class IncompleteQuestionError extends Error {
  override readonly name = "IncompleteQuestionError";
  readonly field: "object" | "field" | "revision" | "time";
  constructor(field: IncompleteQuestionError["field"], why: string) {
    super(why);
    this.field = field;
  }
}

/** Changes of its kind that a view has not been told of. */
export type Unseen = {
  readonly count: number;
  /** How long ago the first of them was made; absent: there is none. */
  readonly behindMs?: number;
};

export type ViewLag = ViewFigure & Unseen;

/** What is known of the controllers beside the server. */
export interface Runtime {
  /** Undefined: it is not kept, or ran elsewhere. */
  reconcile(id: string): Promise<ReconcileRecord | undefined>;
  figures(): Promise<readonly ControllerFigures[]>;
  views(): readonly ViewFigure[];
  /** What each of the views has not seen, in their order. */
  unseen(views: readonly ViewFigure[]): Promise<readonly Unseen[]>;
}

/**
 * What answers are made of: what is recorded, what there is now, and what controllers do. Without
 * `runtime` nothing is known of those.
 */
export type Knowledge = {
  readonly facts: Facts;
  readonly present: Present;
  readonly runtime?: Runtime;
};

/** Throws `IncompleteQuestionError`. */
export async function answer(
  spec: ExplanationSpec,
  knowledge: Knowledge,
): Promise<ExplanationStatus> {
  const { facts, present, runtime } = knowledge;
  const { question } = spec;
  switch (question) {
    case "Why":
      if (spec.revision !== undefined) return tellStory(spec.revision, knowledge);
      return why(objectOf(spec), knowledge, (change) => change.what === "created");
    case "WhyNotReady": {
      const object = objectOf(spec);
      const notReady = await whyNotReady(object, present);
      if (notReady !== undefined) return { notReady };
      return { problem: `there is no ${objectText(object)}, or you may not read it` };
    }
    case "WhyDeleted":
      return whyDeleted(objectOf(spec), knowledge);
    case "WhyChanged": {
      const { field = "" } = spec;
      if (field === "") throw new IncompleteQuestionError("field", "name the field that changed");
      return why(objectOf(spec), knowledge, (change) => isChangeOf(change, field));
    }
    case "History":
      return { history: await historyOf(spec, facts) };
    case "Fights":
      return { fights: fightsIn(await historyOf(spec, facts)) };
    case "Consequences": {
      const revision = revisionOf(spec);
      const consequences = await consequencesOf(revision, facts);
      return consequences === undefined ? notKept(revision, facts) : { consequences };
    }
    case "Hot":
      return runtime === undefined ? NO_RUNTIME : { hot: hotControllers(await runtime.figures()) };
    case "Lag":
      return runtime === undefined ? NO_RUNTIME : { lag: await lagOf(runtime) };
    case "RevisionAt": {
      const timeMs = parseApiTime(spec.time ?? "");
      if (Number.isNaN(timeMs)) throw new IncompleteQuestionError("time", "is a time of RFC 3339");
      return revisionAt(timeMs, facts);
    }
    default:
      unreachable(question);
  }
}

function historyOf(spec: ExplanationSpec, facts: Facts): Promise<readonly ChangeFact[]> {
  return facts.history(objectOf(spec), Math.min(spec.limit ?? HISTORY_MAX, HISTORY_MAX));
}

function objectOf({ object }: ExplanationSpec): ObjectName {
  if (object === undefined) throw new IncompleteQuestionError("object", "name the object");
  return object;
}

function revisionOf({ revision }: ExplanationSpec): number {
  if (revision === undefined) throw new IncompleteQuestionError("revision", "name the revision");
  return revision;
}

/** The story of the newest change that is meant, or else of the creation. */
async function why(
  object: ObjectName,
  knowledge: Knowledge,
  isMeant: (change: ChangeFact) => boolean,
): Promise<ExplanationStatus> {
  const { facts } = knowledge;
  const history = await facts.history(object, HISTORY_MAX);
  if (history.length === 0) return unknownObject(object);
  const life = history.slice(0, history.findIndex(({ what }) => what === "created") + 1);
  const found = (life.length === 0 ? history : life).find(isMeant) ?? life.at(-1);
  if (found !== undefined) return tellStory(found.revision, knowledge);
  const oldest = history.at(-1)?.revision ?? 0;
  return {
    problem:
      `what you ask about happened to ${objectText(object)} before revision ${oldest}, ` +
      "the oldest of its changes that is still known; `setpoint up --history` says how long they are kept",
  };
}

async function whyDeleted(object: ObjectName, knowledge: Knowledge): Promise<ExplanationStatus> {
  const history = await knowledge.facts.history(object, HISTORY_MAX);
  const newest = history[0];
  if (newest === undefined) return unknownObject(object);
  const going = history.find(({ what }) => what === "deleted" || what === "deletion-requested");
  if (going === undefined) {
    return { problem: `${objectText(object)} is there, and nobody has asked to delete it` };
  }
  return tellStory(going.revision, knowledge);
}

async function tellStory(
  revision: number,
  { facts, runtime }: Knowledge,
): Promise<ExplanationStatus> {
  const story = await storyOf(revision, facts);
  if (story === undefined) return notKept(revision, facts);
  const { change } = story;
  const isTold = runtime !== undefined && change.cause.id !== "" && change.isHidden !== true;
  const record = isTold ? await runtime.reconcile(change.cause.id) : undefined;
  if (record === undefined) return { story };
  return { story, reconcile: await reconcileFact(record, change, facts) };
}

const NO_RUNTIME: ExplanationStatus = {
  problem:
    "this server knows nothing of controllers: none run beside it, or they are told not to keep " +
    "what they do; those of other processes tell it themselves, under /debug",
};

async function lagOf(runtime: Runtime): Promise<readonly ViewLag[]> {
  const views = runtime.views();
  const unseen = await runtime.unseen(views);
  return views.map((view, index) => ({ ...view, ...(unseen[index] ?? { count: 0 }) }));
}

function isChangeOf({ fields }: ChangeFact, wanted: string): boolean {
  return fields.some(({ field }) => isWithin(field, wanted) || isWithin(wanted, field));
}

/** Whether a path is another one, or below it. */
function isWithin(path: string, above: string): boolean {
  if (!path.startsWith(above)) return false;
  const next = path.charAt(above.length);
  return next === "" || next === "." || next === "[";
}

function unknownObject(object: ObjectName): ExplanationStatus {
  return {
    problem:
      `nothing is recorded of ${objectText(object)}: there was no such object within the time ` +
      "that history is kept for, or you may not read it",
  };
}

function notKept(revision: number, facts: Facts): ExplanationStatus {
  const { oldest, newest } = facts.kept();
  return { problem: `revision ${revision} is not known: history goes from ${oldest} to ${newest}` };
}

/** By halves: times of commits grow with their revisions. */
async function revisionAt(timeMs: number, facts: Facts): Promise<ExplanationStatus> {
  let { oldest: low, newest: high } = facts.kept();
  const first = await facts.change(low);
  if (first === undefined || first.cause.timeMs > timeMs) {
    return { problem: `history goes back to revision ${low} only, which is later than that` };
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const change = await facts.change(middle);
    if (change === undefined || change.cause.timeMs <= timeMs) low = middle;
    else high = middle - 1;
  }
  return { revision: low };
}
