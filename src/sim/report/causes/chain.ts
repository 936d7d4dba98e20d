/**
 * Which writes led to a failure: from the write that broke what must hold back to what people did,
 * by the causes that the store keeps. On the way each reconcile is asked what it had read; what it
 * did not know is part of the story, and so is what led to that.
 */
import type { ReconcileRecord } from "../../../trace/reconcile-record.ts";
import { storyOf, type Story } from "../../../trace/explain/why.ts";
import type { WitnessedWrite } from "../witness.ts";
import { notShown, readsBefore, type ReadTold, type Run, type Unknown } from "./knowledge.ts";
import type { RunFacts } from "./run-facts.ts";

/** More writes than these are not told: those that are nearest to the failure are. */
const WRITES_MAX = 24;

/** A turn of a process: what made it act, what it knew, and what it wrote that matters. */
export type Look = {
  readonly process: string;
  /** Undefined: of a process without a log of its reconciles. */
  readonly record: ReconcileRecord | undefined;
  /** Those of its writes that are in the chain, oldest first. */
  readonly writes: readonly [WitnessedWrite, ...(readonly WitnessedWrite[])];
  /** The writes that woke it. */
  readonly triggers: readonly Trigger[];
  readonly reads: readonly ReadTold[];
  /** Where no reads are known: what it had not been shown. */
  readonly notShown: readonly Unknown[];
};

/** A write that woke a process, and how long after it was made the process was shown it. */
export type Trigger = { readonly write: WitnessedWrite; readonly lateMs: number };

export type Chain = {
  /** Oldest first. */
  readonly writes: readonly WitnessedWrite[];
  readonly looks: readonly Look[];
  /** Whether there are further ones behind it. */
  readonly isCut: boolean;
};

export type ChainDeps = {
  readonly run: Run;
  readonly facts: RunFacts;
  readonly recordOf: (id: string) => ReconcileRecord | undefined;
  /** Names of the processes whose turns are asked what they knew. */
  readonly processes: ReadonlySet<string>;
};

/** All that led to these writes. */
export async function chainOf(broken: readonly number[], deps: ChainDeps): Promise<Chain> {
  const walk = new Walk(deps);
  return walk.from(broken);
}

class Walk {
  readonly #deps: ChainDeps;
  readonly #byRevision: ReadonlyMap<number, WitnessedWrite>;
  readonly #found = new Map<number, WitnessedWrite>();
  readonly #open: number[] = [];
  #isCut = false;

  constructor(deps: ChainDeps) {
    this.#deps = deps;
    this.#byRevision = new Map(deps.run.writes.map((write) => [write.revision, write]));
  }

  async from(broken: readonly number[]): Promise<Chain> {
    this.#open.push(...broken, ...broken.flatMap((revision) => this.#sameTurn(revision)));
    for (let next = this.#open.shift(); next !== undefined; next = this.#open.shift()) {
      await this.#visit(next);
    }
    const writes = [...this.#found.values()].sort((a, b) => a.revision - b.revision);
    return { writes, looks: this.#looksOf(writes), isCut: this.#isCut };
  }

  /** What the same reconcile has written before. */
  #sameTurn(revision: number): readonly number[] {
    const { id = "" } = this.#byRevision.get(revision)?.cause ?? {};
    if (id === "") return [];
    return this.#deps.run.writes
      .filter(({ cause, revision: other }) => cause.id === id && other < revision)
      .map((write) => write.revision)
      .slice(-SAME_TURN_MAX);
  }

  async #visit(revision: number): Promise<void> {
    const write = this.#byRevision.get(revision);
    if (write === undefined || this.#found.has(revision)) return;
    if (this.#found.size >= WRITES_MAX) {
      this.#isCut = true;
      return;
    }
    this.#found.set(revision, write);
    const story = await storyOf(revision, this.#deps.facts);
    const causes = story === undefined ? [] : story.because.map(revisionOf);
    this.#open.push(...(causes.length > 0 ? causes : this.#impliedBy(write)));
    if (!this.#deps.processes.has(write.cause.user)) return;
    const { reads, unknown } = this.#knownTo(write);
    for (const { writes } of unknown) this.#open.push(writes[0].revision);
    for (const { read, found = [] } of reads) {
      if (read.kind === "object") this.#open.push(read.revision);
      for (const { revision: shown } of found.slice(0, FOUND_MAX)) this.#open.push(shown);
    }
  }

  /** Of a writer that names no causes: what it was shown last, or the object as it was before. */
  #impliedBy(write: WitnessedWrite): readonly number[] {
    const { cause, before, place, revision } = write;
    if (cause.user === PEOPLE || cause.id !== "") return [];
    const shown = this.#deps.run.shown.findLast(
      (each) =>
        each.way === "view" &&
        each.process === cause.user &&
        each.place <= place &&
        each.revision < revision,
    );
    if (shown !== undefined) return [shown.revision];
    const ended = this.#endsOfOwners(write);
    if (ended.length > 0) return ended;
    return before === undefined ? [] : this.#lastOf(write);
  }

  /** The write before this one of the same object. */
  #lastOf({ resource, called, revision }: WitnessedWrite): readonly number[] {
    const last = this.#deps.run.writes.findLast((write) => {
      return write.revision < revision && write.resource === resource && write.called === called;
    });
    return last === undefined ? [] : [last.revision];
  }

  /** What the garbage collector acts on: an owner that has gone, or is to go. */
  #endsOfOwners({ before, cause, revision }: WitnessedWrite): readonly number[] {
    if (cause.user !== COLLECTOR) return [];
    const uids = new Set((before?.metadata.ownerReferences ?? []).map(({ uid }) => uid));
    return this.#deps.run.writes
      .filter((write) => {
        const isGoing = write.after?.metadata.deletionTimestamp !== undefined;
        const isEnd = write.after === undefined || isGoing;
        return write.revision < revision && isEnd && uids.has(write.before?.metadata.uid ?? "");
      })
      .map((write) => write.revision)
      .slice(-1);
  }

  #knownTo(write: WitnessedWrite): {
    readonly reads: readonly ReadTold[];
    readonly unknown: readonly Unknown[];
  } {
    const { recordOf, run } = this.#deps;
    const { id } = write.cause;
    const record = id === "" ? undefined : recordOf(id);
    if (record === undefined) return { reads: [], unknown: notShown(write, run) };
    const reads = readsBefore(write, record, run);
    return { reads, unknown: reads.flatMap(({ unknown }) => unknown) };
  }

  /** What stands for a turn without a name: what it was shown last, and when it acted. */
  #unnamed(write: WitnessedWrite): string {
    return `${this.#impliedBy(write).join()} at ${write.atMs}`;
  }

  #triggerOf(revision: number, woken: WitnessedWrite): readonly Trigger[] {
    const write = this.#byRevision.get(revision);
    if (write === undefined) return [];
    const began = this.#deps.run.lifeBegan(woken.cause.user, woken.place);
    const shown = this.#deps.run.shown.find(
      (each) =>
        each.process === woken.cause.user &&
        each.place >= began &&
        each.resource === write.resource &&
        each.revision === revision,
    );
    return [{ write, lateMs: (shown?.atMs ?? write.atMs) - write.atMs }];
  }

  #looksOf(writes: readonly WitnessedWrite[]): readonly Look[] {
    const { processes, recordOf, run } = this.#deps;
    const turns = new Map<string, [WitnessedWrite, ...WitnessedWrite[]]>();
    for (const write of writes) {
      const { user, id } = write.cause;
      if (!processes.has(user)) continue;
      const life = run.lifeBegan(user, write.place);
      const turn = `${user} ${life} ${id === "" ? this.#unnamed(write) : id}`;
      const known = turns.get(turn);
      if (known === undefined) turns.set(turn, [write]);
      else known.push(write);
    }
    return [...turns.values()].map((written) => {
      const last = written.at(-1) ?? written[0];
      const { user, id, triggers } = last.cause;
      const { reads, unknown } = this.#knownTo(last);
      const record = id === "" ? undefined : recordOf(id);
      const woken = id === "" ? this.#impliedBy(written[0]) : triggers;
      return {
        process: user,
        record,
        writes: written,
        triggers: woken.flatMap((revision) => this.#triggerOf(revision, written[0])),
        reads,
        notShown: record === undefined ? unknown.filter(isNews(written)) : [],
      };
    });
  }
}

/** Not what the turn itself has done. */
function isNews(written: readonly WitnessedWrite[]): (unknown: Unknown) => boolean {
  const own = new Set(written.map(({ revision }) => revision));
  return ({ writes }) => writes.some(({ revision }) => !own.has(revision));
}

/** Writes of the reconcile that broke it, besides the one that did. */
const SAME_TURN_MAX = 6;

/** Of what a list has found, so many are followed to their beginning. */
const FOUND_MAX = 5;

/** Who does the operations of a scenario. */
export const PEOPLE = "user";
const COLLECTOR = "garbage-collector";

function revisionOf({ change }: Story): number {
  return change.revision;
}
