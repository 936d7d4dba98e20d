/**
 * Why an object is not ready: from its own problem down to the leaves that block it, and what
 * happens next to each. The same for any cluster: it reads objects as they are now.
 *
 * Promises: each object is looked at once; objects with the same problem are told as one; at most
 * `NOT_READY_OBJECTS_MAX` are looked at, `NOT_READY_DEPTH_MAX` deep.
 */
import { apiTime } from "../../../machinery/api-time.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { objectText, type ObjectName } from "../../facts.ts";
import { judgeTerminating, judgeAny, judgeClaim, judgeNode } from "./others.ts";
import type { Judge, Judgement, Lead, NextStep, ToldEvent } from "./judgement.ts";
import { judgePod } from "./pod.ts";
import { judgeUnattended } from "./unattended.ts";
import {
  judgeDaemonSet,
  judgeDeployment,
  judgeJob,
  judgeReplicas,
  judgeService,
  judgeStatefulSet,
} from "./workloads.ts";

export const NOT_READY_OBJECTS_MAX = 300;
export const NOT_READY_DEPTH_MAX = 8;

/** Objects as they are now, as far as the asker may read them. */
export interface Present {
  /** Undefined: there is none, or it may not be read. */
  get(name: ObjectName): Promise<ApiObject | undefined>;
  /** Those that name the object as an owner, by its uid. */
  ownedBy(owner: ApiObject): Promise<readonly ApiObject[]>;
  pods(namespace: string): Promise<readonly ApiObject[]>;
  /** Objects of any kind in the namespace that have been asked to go, and are still there. */
  leaving(namespace: string): Promise<readonly ApiObject[]>;
  /** Told of the object, newest first. */
  events(object: ApiObject): Promise<readonly ToldEvent[]>;
  /** What controllers that run beside the server did for the object last, each once. */
  attempts(object: ApiObject): readonly Attempt[];
  nowMs(): number;
}

/** A reconcile for an object that is to be run again. */
export type Attempt = {
  readonly controller: string;
  /** Why it failed. Absent: it did not. */
  readonly error?: string;
  readonly againAtMs: number;
};

/** An object that is not ready, and those it waits for. */
export type Blocker = {
  readonly object: ObjectName;
  readonly problem: string;
  readonly since?: string;
  readonly next: readonly NextStep[];
  /** How many objects of its kind have the same problem; this is one of them. */
  readonly count: number;
  readonly because: readonly Blocker[];
};

export type NotReady = {
  /** Absent: it is ready, as `text` says. */
  readonly blocker?: Blocker;
  readonly text: string;
  /** There are more objects than those looked at. */
  readonly isCut: boolean;
};

const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ["apps/Deployment", judgeDeployment],
  ["apps/ReplicaSet", judgeReplicas],
  ["apps/StatefulSet", judgeStatefulSet],
  ["apps/DaemonSet", judgeDaemonSet],
  ["batch/Job", judgeJob],
  ["/ReplicationController", judgeReplicas],
  ["/Pod", judgePod],
  ["/Service", judgeService],
  ["/PersistentVolumeClaim", judgeClaim],
  ["/Node", judgeNode],
]);

/** Undefined: there is no such object, or it may not be read. */
export async function whyNotReady(
  name: ObjectName,
  present: Present,
): Promise<NotReady | undefined> {
  const object = await present.get(name);
  if (object === undefined) return undefined;
  const walk = new Walk(present);
  const blocker = await walk.look(object, 0);
  const { isCut } = walk;
  if (typeof blocker === "string") return { text: blocker, isCut };
  return { blocker, text: `${objectText(blocker.object)}: ${blocker.problem}`, isCut };
}

class Walk {
  readonly #present: Present;
  readonly #seen = new Set<string>();
  isCut = false;

  constructor(present: Present) {
    this.#present = present;
  }

  /** What blocks the object, or in what way it is ready. */
  async look(object: ApiObject, depth: number): Promise<Blocker | string> {
    this.#seen.add(idOf(object));
    const events = await this.#present.events(object);
    const judged = judge(object, events, this.#present.nowMs());
    if (judged.isReady) return judged.text;
    const { problem, since, next, leads } = judged;
    const { found, isUnblocked, missing } = await this.#follow(object, leads, depth);
    if (isUnblocked) return "a pod that it selects is ready";
    return {
      object: nameOf(object),
      problem,
      ...(since === undefined ? {} : { since }),
      next: [...next, ...this.#attemptsAt(object)],
      count: 1,
      because: [...merged(found), ...missing],
    };
  }

  #attemptsAt(object: ApiObject): readonly NextStep[] {
    const nowMs = this.#present.nowMs();
    const due = this.#present.attempts(object).filter(({ againAtMs }) => againAtMs > nowMs);
    return due.map(({ controller, error, againAtMs }) => {
      const why = error === undefined ? "" : `, having failed (${error})`;
      return { what: `${controller} looks at it again${why}`, at: apiTime(againAtMs) };
    });
  }

  async #follow(
    object: ApiObject,
    leads: readonly Lead[],
    depth: number,
  ): Promise<{
    readonly found: readonly Blocker[];
    readonly missing: readonly Blocker[];
    /** One of the objects it chooses from is ready, which is enough. */
    readonly isUnblocked: boolean;
  }> {
    const found: Blocker[] = [];
    const missing: Blocker[] = [];
    for (const lead of leads) {
      const objects = await this.#objectsOf(lead, object);
      if (objects.length === 0) missing.push(...absence(lead, object));
      for (const each of objects) {
        if (this.#seen.has(idOf(each))) continue;
        if (depth >= NOT_READY_DEPTH_MAX || this.#seen.size >= NOT_READY_OBJECTS_MAX) {
          this.isCut = true;
          break;
        }
        const blocker = await this.look(each, depth + 1);
        if (typeof blocker !== "string") found.push(blocker);
        else if (lead.kind === "selected") return { found, missing, isUnblocked: true };
      }
    }
    return { found, missing, isUnblocked: false };
  }

  async #objectsOf(lead: Lead, object: ApiObject): Promise<readonly ApiObject[]> {
    switch (lead.kind) {
      case "owned":
        return this.#present.ownedBy(object);
      case "leaving":
        return this.#present.leaving(lead.namespace);
      case "selected": {
        const pods = await this.#present.pods(object.metadata.namespace ?? "");
        const wanted = Object.entries(lead.labels);
        return pods.filter(({ metadata: { labels = {} } }) =>
          wanted.every(([name, value]) => labels[name] === value),
        );
      }
      case "object": {
        const found = await this.#present.get(lead.name);
        return found === undefined ? [] : [found];
      }
    }
  }
}

function judge(object: ApiObject, events: readonly ToldEvent[], nowMs: number): Judgement {
  const group = (object.apiVersion ?? "").split("/").slice(0, -1).join("/");
  const groupKind = `${group}/${object.kind ?? ""}`;
  const known = JUDGES.get(groupKind) ?? judgeAny;
  const early = judgeTerminating(object) ?? judgeUnattended(object, groupKind);
  return early ?? known(object, events, nowMs);
}

/** What follows where an object of this kind is missing. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  [
    "Node",
    "the pod garbage collector deletes pods of nodes that are not there, within about a minute",
  ],
  [
    "StorageClass",
    "nobody makes a volume of a class that is not there: make the class, or a volume of that class",
  ],
]);

function absence(lead: Lead, object: ApiObject): readonly Blocker[] {
  if (lead.kind === "selected") {
    const labels = Object.entries(lead.labels).map(([name, value]) => `${name}=${value}`);
    const what = "pods with these labels are made, or the selector is mended";
    const problem = `no pod has the labels it selects: ${labels.join(", ")}`;
    return [{ object: nameOf(object), problem, next: [{ what }], count: 1, because: [] }];
  }
  if (lead.kind !== "object" || !lead.isNeeded) return [];
  const problem = "there is none, or you may not read it";
  const next = [{ what: ABSENT.get(lead.name.kind) ?? "it goes on when it is made" }];
  return [{ object: lead.name, problem, next, count: 1, because: [] }];
}

/** Those of one kind with one problem, and nothing below that differs, as one. */
function merged(blockers: readonly Blocker[]): readonly Blocker[] {
  const byProblem = new Map<string, Blocker>();
  for (const blocker of blockers) {
    const id = JSON.stringify(likeness(blocker));
    const known = byProblem.get(id);
    byProblem.set(id, known === undefined ? blocker : { ...known, count: known.count + 1 });
  }
  return [...byProblem.values()];
}

const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function likeness({ object: { kind, name }, problem, because }: Blocker): unknown {
  const isTelling = (word: string): boolean => word !== name && !ADDRESS.test(word);
  const text = problem.split(/([\w.-]+)/).filter(isTelling);
  return [kind, text, because.map(likeness)];
}

function nameOf({ apiVersion = "", kind = "", metadata }: ApiObject): ObjectName {
  const { namespace = "", name = "" } = metadata;
  return { apiVersion, kind, namespace, name };
}

function idOf(object: ApiObject): string {
  return object.metadata.uid ?? JSON.stringify(nameOf(object));
}
