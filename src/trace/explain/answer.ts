/** The answer to a question, from what is recorded. */
import { unreachable } from "../../base/assert.ts";
import { apiTime, parseZonedTime } from "../../machinery/api-time.ts";
import { HISTORY_MAX, type ExplanationSpec, type ExplanationStatus } from "../explanation.ts";
import {
  isSameObject,
  objectText,
  type ChangeFact,
  type Facts,
  type ObjectName,
} from "../facts.ts";
import type { ControllerFigures, ReconcileRecord, ViewFigure } from "../reconcile-record.ts";
import { consequencesOf } from "./consequences.ts";
import { fightsIn } from "./fights.ts";
import { hotControllers } from "./hot.ts";
import { whyNotReady, type Present } from "./not-ready/not-ready.ts";
import {
  changeOfField,
  creationOf,
  endOf,
  keptSince,
  unknownObject,
  type Meant,
} from "./past-of-object.ts";
import { reconcileFact } from "./reconcile-fact.ts";
import { storyOf } from "./why.ts";

/** A time that is later than now by no more than this is now: clocks differ. */
export const CLOCK_SKEW_MS_MAX = 10_000;

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
      if (spec.revision !== undefined) return whyRevision(spec.revision, spec, knowledge);
      return tell(await creationOf(objectOf(spec), facts), knowledge);
    case "WhyNotReady": {
      const object = objectOf(spec);
      const notReady = await whyNotReady(object, present);
      if (notReady !== undefined) return { notReady };
      return { problem: `there is no ${objectText(object)}, or you may not read it` };
    }
    case "WhyDeleted":
      return tell(await endOf(objectOf(spec), facts), knowledge);
    case "WhyChanged": {
      const { field = "" } = spec;
      if (field === "") throw new IncompleteQuestionError("field", "name the field that changed");
      return tell(await changeOfField(objectOf(spec), field, facts), knowledge);
    }
    case "History": {
      const history = await historyOf(spec, facts);
      return { history, ...(history.length === 0 ? unknownObject(objectOf(spec)) : {}) };
    }
    case "Fights": {
      const history = await historyOf(spec, facts);
      const unknown = history.length === 0 ? unknownObject(objectOf(spec)) : {};
      return { fights: fightsIn(history), ...unknown };
    }
    case "Consequences": {
      const revision = revisionOf(spec);
      const consequences = await consequencesOf(revision, facts);
      return consequences === undefined ? notKept(revision, facts) : { consequences };
    }
    case "Hot":
      if (runtime === undefined) return NO_RUNTIME;
      return { hot: hotControllers(await runtime.figures(), present.nowMs()) };
    case "Lag":
      return runtime === undefined ? NO_RUNTIME : { lag: await lagOf(runtime) };
    case "RevisionAt": {
      const timeMs = parseZonedTime(spec.time ?? "");
      if (Number.isNaN(timeMs)) {
        const example = "is a time of RFC 3339, as 2026-01-01T12:00:00Z";
        throw new IncompleteQuestionError("time", example);
      }
      return revisionAt(timeMs, knowledge);
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

/** The story of the change that is meant, or what is to be said instead. */
async function tell(meant: Meant, knowledge: Knowledge): Promise<ExplanationStatus> {
  return meant.kind === "answer" ? meant.status : tellStory(meant.revision, knowledge);
}

/** If an object is named, too, the change must be one of it. */
async function whyRevision(
  revision: number,
  { object }: ExplanationSpec,
  knowledge: Knowledge,
): Promise<ExplanationStatus> {
  if (object === undefined) return tellStory(revision, knowledge);
  const change = await knowledge.facts.change(revision);
  if (change === undefined || isSameObject(change.object, object)) {
    return tellStory(revision, knowledge);
  }
  const other = change.isHidden === true ? "an object you may not read" : objectText(change.object);
  return { problem: `revision ${revision} is no change of ${objectText(object)}, but of ${other}` };
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

async function notKept(revision: number, facts: Facts): Promise<ExplanationStatus> {
  const { newest } = facts.kept();
  const since = await keptSince(facts);
  return { problem: `revision ${revision} is not known: ${since}, and up to @${newest}` };
}

/** By halves: times of commits grow with their revisions. */
async function revisionAt(
  timeMs: number,
  { facts, present }: Knowledge,
): Promise<ExplanationStatus> {
  const nowMs = present.nowMs();
  if (timeMs > nowMs + CLOCK_SKEW_MS_MAX) {
    return { problem: `${apiTime(timeMs)} has not come yet: it is ${apiTime(nowMs)}` };
  }
  let { oldest: low, newest: high } = facts.kept();
  const first = await facts.change(low);
  if (first === undefined || first.cause.timeMs > timeMs) {
    const since = await keptSince(facts);
    return { problem: `${apiTime(timeMs)} is older than what is kept: ${since}` };
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const change = await facts.change(middle);
    if (change === undefined || change.cause.timeMs <= timeMs) low = middle;
    else high = middle - 1;
  }
  return { revision: low };
}
