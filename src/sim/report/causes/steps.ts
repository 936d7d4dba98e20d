/** The way to a failure, step by step in the order in which it was gone. */
import { VIRTUAL_EPOCH_MS } from "../../../base/virtual/virtual-env.ts";
import type { ReconcileRecord } from "../../../trace/reconcile-record.ts";
import type { LoggedEvent } from "../../kernel/event-log.ts";
import type { RunResult, System } from "../../world/run.ts";
import type { Moment, Witness, WitnessedWrite } from "../witness.ts";
import { answersIn, foundOnDisk } from "./answers.ts";
import { chainOf, PEOPLE, type Chain, type Look } from "./chain.ts";
import { RunFacts } from "./run-facts.ts";
import { faultText } from "./faults.ts";
import { readsBefore, type ReadTold, type Run } from "./knowledge.ts";

/** One line of the story, with what explains it. */
export type Step = Moment &
  (
    | {
        readonly kind: "people";
        readonly text: string;
        readonly writes: readonly WitnessedWrite[];
        /** Whether one of the writes is what is wrong. */
        readonly isBroken: boolean;
      }
    /** What the environment does against all wishes. */
    | { readonly kind: "fault"; readonly text: string }
    /** A process begins anew, all is mended. */
    | { readonly kind: "event"; readonly text: string }
    | { readonly kind: "look"; readonly look: Look }
    | {
        readonly kind: "write";
        readonly write: WitnessedWrite;
        readonly isBroken: boolean;
        /** How it came to be there, where its writer does not know of it; "": as usual. */
        readonly note: string;
      }
    /** The last reconcile of a key, in a story that ends at rest. */
    | {
        readonly kind: "last-look";
        readonly record: ReconcileRecord;
        /** What it missed is what has happened since. */
        readonly reads: readonly ReadTold[];
      }
    /** What is wrong, where it is not one write. */
    | { readonly kind: "end" }
  );

export type Way = {
  readonly steps: readonly Step[];
  readonly facts: RunFacts;
  /** Whether writes have led to it that are not told. */
  readonly isCut: boolean;
};

/** The way of a run that has failed. `witness` has seen that run. */
export async function wayOf(told: RunResult, witness: Witness, system: System): Promise<Way> {
  const { events, violation } = told;
  const facts = new RunFacts(witness.writes);
  const processes = new Set(system.processes.map(({ name }) => name));
  const { writes: all } = witness;
  const run = runOf(witness, events);
  const broken = violation?.revision;
  const chain = await chainOf(broken === undefined ? lastOf(all, processes) : [broken], {
    run,
    facts,
    recordOf: (id) => witness.reconciles?.find(id),
    processes,
  });
  const onDisk = foundOnDisk(events, processes, all);
  const steps = [
    ...answersIn(events, processes, all).map((answer): Step => ({ kind: "event", ...answer })),
    ...eventSteps(events, processes, { all, broken, details: detailsOf(system) }),
    ...serviceSteps(events),
    ...witness.decided.flatMap(({ atMs, place, name, taken }): readonly Step[] => {
      if (SHOUT.test(events[place]?.what ?? "")) return []; // it is told by what comes of it
      const text = faultText(name, taken);
      return text === undefined ? [] : [{ kind: "fault", atMs, place, text }];
    }),
    ...chain.looks.map((look): Step => ({ kind: "look", look, ...beginOf(look, run, told) })),
    ...[
      ...chain.writes,
      ...all.filter((write) => onDisk.has(write.revision) && !chain.writes.includes(write)),
    ]
      .filter(({ cause }) => cause.user !== PEOPLE)
      .map((write): Step => {
        const { atMs, place, revision } = write;
        const isSentBefore = processes.has(write.cause.user) && !run.isUp(write.cause.user, place);
        const sent = isSentBefore ? ", sent before it crashed" : "";
        const note = onDisk.has(revision) ? ", which was refused and is on the disk" : sent;
        return { kind: "write", atMs, place, write, isBroken: revision === broken, note };
      }),
    ...(broken === undefined ? endSteps(told, witness, { run, chain }) : []),
  ];
  const order = ({ kind }: Step): number => ORDER.indexOf(kind);
  steps.sort((a, b) => a.place - b.place || a.atMs - b.atMs || order(a) - order(b));
  return { steps, facts, isCut: chain.isCut };
}

/** Of what is at the same place. */
const ORDER: readonly Step["kind"][] = [
  "people",
  "event",
  "look",
  "fault",
  "write",
  "last-look",
  "end",
];

/** Keys whose last reconcile is told; there are controllers with thousands. */
const LAST_LOOKS_MAX = 4;

function endSteps(
  told: RunResult,
  witness: Witness,
  { run, chain }: { readonly run: Run; readonly chain: Chain },
): readonly Step[] {
  const { violation, events } = told;
  const end = events.length;
  const known = new Set(chain.looks.map(({ record }) => record?.id));
  const last = new Map<string, ReconcileRecord>();
  for (const { controller, recent } of witness.reconciles?.figures() ?? []) {
    for (const record of recent) last.set(`${controller} ${record.key}`, record);
  }
  const looks = [...last.values()]
    .filter(({ id }) => !known.has(id))
    .sort((a, b) => a.endMs - b.endMs)
    .slice(-LAST_LOOKS_MAX)
    .map((record): Step => {
      const point = {
        revision: Number.POSITIVE_INFINITY,
        place: end,
        cause: { id: record.id, user: "" },
      };
      const reads = readsBefore(point, record, run);
      const atMs = record.endMs - VIRTUAL_EPOCH_MS;
      const later = events.findIndex((event) => event.atMs > atMs);
      return { kind: "last-look", atMs, place: later === -1 ? end : later, record, reads };
    });
  return [...looks, { kind: "end", atMs: violation?.atMs ?? 0, place: end }];
}

/** Where no write is wrong, the last ones that processes made are what it came to. */
function lastOf(
  writes: readonly WitnessedWrite[],
  processes: ReadonlySet<string>,
): readonly number[] {
  const last = new Map<string, number>();
  for (const { cause, revision, resource } of writes) {
    if (SIGNS_OF_LIFE.has(resource)) continue;
    if (processes.has(cause.user)) last.set(cause.user, revision);
  }
  return [...last.values()];
}

const SIGNS_OF_LIFE: ReadonlySet<string> = new Set(["leases", "events"]);

type EventContext = {
  readonly all: readonly WitnessedWrite[];
  readonly broken: number | undefined;
  readonly details: ReadonlyMap<string, string | undefined>;
};

/** What names of operations do not say. */
function detailsOf({ operations }: System): EventContext["details"] {
  return new Map(operations.map(({ name, detail }) => [name, detail]));
}

function eventSteps(
  events: readonly LoggedEvent[],
  processes: ReadonlySet<string>,
  { all, broken, details }: EventContext,
): readonly Step[] {
  const done = events.flatMap(({ actor, what }, place) => {
    return actor === PEOPLE && what.startsWith(DOES) ? [place] : [];
  });
  return events.flatMap(({ atMs, actor, what }, place): readonly Step[] => {
    const at = { atMs, place };
    if (actor === PEOPLE && what.startsWith(DOES)) {
      const next = done.find((other) => other > place) ?? Number.POSITIVE_INFINITY;
      const own = all.filter((write) => {
        return write.cause.user === PEOPLE && write.place > place && write.place <= next;
      });
      const refusal = events.slice(place + 1, next).find(isRefusal)?.what;
      const refused = refusal === undefined ? "" : `: ${refusal.slice(IS.length)}`;
      const name = what.slice(DOES.length);
      const detail = details.get(name);
      const text = `${name}${detail === undefined ? "" : `: ${detail}`}${refused}`;
      const isBroken = own.some(({ revision }) => revision === broken);
      return [{ kind: "people", ...at, text, writes: own, isBroken }];
    }
    if (what === MENDED) return [{ kind: "event", ...at, text: "all faults are over" }];
    if (processes.has(actor) && LATER_LIFE.test(what)) {
      return [{ kind: "event", ...at, text: `${actor} ${what}, and knows nothing` }];
    }
    if (!SHOUT.test(what)) return [];
    return [{ kind: "fault", ...at, text: `${actor} ${what.toLowerCase()}` }];
  });
}

/** What was asked of services outside of the cluster, as far as it may have changed something. */
function serviceSteps(events: readonly LoggedEvent[]): readonly Step[] {
  return events
    .flatMap(({ atMs, actor, what }, place): readonly Step[] => {
      if (!actor.startsWith(SERVICE) || !what.includes(ASKS)) return [];
      return [{ kind: "event", atMs, place, text: what.replace(ASKS, ` asks ${actor} to `) }];
    })
    .slice(-SERVICE_CALLS_MAX);
}

const SERVICE = "service ";
const ASKS = " asks it to ";

/** The last ones are told. */
const SERVICE_CALLS_MAX = 12;

function isRefusal({ actor, what }: LoggedEvent): boolean {
  return actor === PEOPLE && what.startsWith(`${IS}refused: `);
}

const IS = "is ";
const DOES = "DOES ";
const MENDED = "ALL IS MENDED";
const LATER_LIFE = /^starts \(life (?!1\))/;
/** What happens to somebody begins in capitals. */
const SHOUT = /^[A-Z]{2,} /;

/** What a run is asked about. */
export function runOf({ writes, shown }: Witness, events: readonly LoggedEvent[]): Run {
  return {
    writes,
    shown,
    lifeBegan: lifeBeganIn(events),
    isUp: isUpIn(events),
    viewsOf: viewsIn(events),
  };
}

function viewsIn(events: readonly LoggedEvent[]): Run["viewsOf"] {
  const views = new Map<string, Set<string>>();
  for (const { actor, what } of events) {
    const resource = what.startsWith(`${actor}: `) ? VIEW.exec(what)?.[1] : undefined;
    if (resource !== undefined) views.set(actor, (views.get(actor) ?? new Set()).add(resource));
  }
  return (process) => views.get(process) ?? new Set();
}

/** The answer to the beginning of a stream. */
const VIEW = /: watch (\S+).*: 200$/;

function isUpIn(events: readonly LoggedEvent[]): Run["isUp"] {
  return (process, place) => {
    const last = events.findLast(({ actor, what }, at) => {
      return at < place && actor === process && LIFE_OR_DEATH.test(what);
    });
    return last?.what.startsWith("CRASHES") !== true;
  };
}

const LIFE_OR_DEATH = /^(?:starts \(life |CRASHES )/;

function lifeBeganIn(events: readonly LoggedEvent[]): Run["lifeBegan"] {
  const begun = new Map<string, number[]>();
  for (const [place, { actor, what }] of events.entries()) {
    if (!what.startsWith("starts (life ")) continue;
    begun.set(actor, [...(begun.get(actor) ?? []), place]);
  }
  return (process, place) => begun.get(process)?.findLast((each) => each <= place) ?? 0;
}

/**
 * When it began: it had been shown all that woke it, its time had come, and it had not written yet.
 */
function beginOf({ process, record, triggers, writes }: Look, run: Run, told: RunResult): Moment {
  const [first] = writes;
  const began = run.lifeBegan(process, first.place);
  const revisions = new Set(triggers.map(({ write }) => write.revision));
  const woken = run.shown.findLast(
    (shown) =>
      shown.process === process &&
      shown.place >= began &&
      shown.place <= first.place &&
      revisions.has(shown.revision),
  );
  const isLater = record === undefined && woken?.atMs !== first.atMs; // another try, perhaps
  if (isLater) return { atMs: first.atMs, place: first.place };
  const startMs = record === undefined ? 0 : record.endMs - record.durationMs - VIRTUAL_EPOCH_MS;
  const due = told.events.findIndex(({ atMs }) => atMs >= startMs);
  const called = told.events.findIndex(({ actor, what }, at) => {
    return at >= Math.max(began, due) && actor.startsWith(SERVICE) && what.startsWith(process);
  });
  const known = woken?.place ?? (called === -1 ? first.place : called);
  const place = Math.min(first.place, Math.max(known, began, due));
  return { atMs: place === first.place ? first.atMs : (told.events[place]?.atMs ?? 0), place };
}
