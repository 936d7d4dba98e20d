/** The store's own history as facts about objects. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { revision, type Change, type HistoryEntry, type Store } from "../../store/store.ts";
import type { CauseRow } from "../../trace/cause.ts";
import {
  FIELD_TEXT_MAX,
  type ChangeFact,
  type ChangeKind,
  type Facts,
  type ObjectName,
} from "../../trace/facts.ts";
import { fieldChangesOf } from "../../trace/field-changes.ts";
import { Pace } from "../handlers/pace.ts";
import { storeKey, type Resources } from "../registry/resource.ts";
import { servedKind } from "./served-kind.ts";

export type StoreFactsDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly resources: Resources;
};

const decoder = new TextDecoder();

export class StoreFacts implements Facts {
  readonly #deps: StoreFactsDeps;
  readonly #context: Context;
  readonly #pace: Pace;

  /** For one question; `context` is that of its request. */
  constructor(deps: StoreFactsDeps, context: Context) {
    this.#deps = deps;
    this.#context = context;
    this.#pace = new Pace(deps.env);
  }

  kept(): { readonly oldest: number; readonly newest: number } {
    const { revision: newest, compacted } = this.#deps.store.status();
    return { oldest: Math.min(compacted + 1, newest), newest };
  }

  async change(at: number): Promise<ChangeFact | undefined> {
    const change = await this.#deps.store.change(revision(at), this.#context);
    return change === undefined ? undefined : factOf(statesOf(change), at, change.cause);
  }

  async history(object: ObjectName, limit: number): Promise<readonly ChangeFact[]> {
    const key = this.#keyOf(object);
    if (key === undefined) return [];
    const options = { limit: limit + 1 }; // the oldest is compared with the one before it
    const entries = await this.#deps.store.history(key, options, this.#context);
    const facts: ChangeFact[] = [];
    for (const [index, entry] of entries.slice(0, limit).entries()) {
      const earlier = entries[index + 1];
      const fact = this.#olderFact(entry) ?? (await this.#factAt(entry, earlier));
      if (fact !== undefined) facts.push(fact);
      await this.#pace.step();
    }
    return facts;
  }

  async lastState(object: ObjectName): Promise<ApiObject | undefined> {
    const key = this.#keyOf(object);
    if (key === undefined) return undefined;
    const [newest, earlier] = await this.#deps.store.history(key, { limit: 2 }, this.#context);
    if (newest === undefined) return undefined;
    return newest.value === undefined
      ? (await this.#statesAt(newest, earlier))?.before
      : objectOf(newest.value);
  }

  async before(at: number, limit: number): Promise<readonly ChangeFact[]> {
    const facts: ChangeFact[] = [];
    const first = Math.max(this.kept().oldest, at - limit);
    for (let each = at - 1; each >= first; each -= 1) {
      const fact = await this.change(each);
      if (fact !== undefined) facts.push(fact);
      await this.#pace.step();
    }
    return facts;
  }

  async causesAfter(
    at: number,
    limit: number,
  ): Promise<readonly { readonly revision: number; readonly cause: CauseRow }[]> {
    return this.#deps.store.causes(revision(at), { limit }, this.#context);
  }

  #keyOf(object: ObjectName): string | undefined {
    const { namespace, name } = object;
    const served = servedKind(object, this.#deps.resources);
    if (served === undefined || name === "" || served.isNamespaced !== (namespace !== "")) {
      return undefined;
    }
    return storeKey(served, { namespace, name });
  }

  /** Of a change before what is kept, its state is there still; undefined: it is no such change. */
  #olderFact({ revision: at, cause, value }: HistoryEntry): ChangeFact | undefined {
    if (at > this.#deps.store.status().compacted || value === undefined) return undefined;
    const after = objectOf(value);
    const isGoing = after.metadata.deletionTimestamp !== undefined;
    const kind = cause.verb === "create" ? "created" : "changed";
    const what = isGoing ? "deletion-requested" : kind;
    return { ...factOf({ before: after, after }, at, cause), what, isOlderThanKept: true };
  }

  async #factAt(
    entry: HistoryEntry,
    earlier: HistoryEntry | undefined,
  ): Promise<ChangeFact | undefined> {
    const states = await this.#statesAt(entry, earlier);
    return states && factOf(states, entry.revision, entry.cause);
  }

  /** Undefined: it was deleted, and its last state is forgotten. */
  async #statesAt(
    entry: HistoryEntry,
    earlier: HistoryEntry | undefined,
  ): Promise<States | undefined> {
    const before = earlier?.value === undefined ? undefined : objectOf(earlier.value);
    if (entry.value !== undefined) return { before, after: objectOf(entry.value) };
    if (before !== undefined) return { before, after: undefined };
    const change = await this.#deps.store.change(revision(entry.revision), this.#context);
    return change === undefined ? undefined : statesOf(change);
  }
}

/** One of them is there. */
export type States =
  | { readonly before: ApiObject | undefined; readonly after: ApiObject }
  | { readonly before: ApiObject; readonly after: undefined };

function statesOf(change: Change): States {
  if (change.kind === "delete")
    return { before: objectOf(change.previous.value), after: undefined };
  const { entry, previous } = change;
  const before = previous === undefined ? undefined : objectOf(previous.value);
  return { before, after: objectOf(entry.value) };
}

function objectOf(bytes: Uint8Array): ApiObject {
  return parseExactly(decoder.decode(bytes)) as ApiObject; // written by this program
}

/** What a change did, told of the object before and after it. */
export function factOf({ before, after }: States, at: number, cause: CauseRow): ChangeFact {
  const object = after ?? before;
  const { apiVersion = "", kind = "", metadata } = object;
  const { namespace = "", name = "", uid = "" } = metadata;
  const owners = (metadata.ownerReferences ?? []).map((owner) => {
    return { kind: owner.kind, name: owner.name, uid: owner.uid };
  });
  return {
    revision: at,
    object: { apiVersion, kind, namespace, name, uid },
    what: kindOf(before, after),
    owners,
    fields:
      before === undefined || after === undefined ? [] : fieldChangesOf(before, after, shortText),
    cause,
  };
}

function kindOf(before: ApiObject | undefined, after: ApiObject | undefined): ChangeKind {
  if (after === undefined) return "deleted";
  if (before === undefined || before.metadata.uid !== after.metadata.uid) return "created";
  const wasGoing = before.metadata.deletionTimestamp !== undefined;
  const isGoing = after.metadata.deletionTimestamp !== undefined;
  return isGoing && !wasGoing ? "deletion-requested" : "changed";
}

function shortText(value: unknown): string {
  const text = exactText(value);
  return text.length <= FIELD_TEXT_MAX ? text : `${text.slice(0, FIELD_TEXT_MAX - 1)}…`;
}
