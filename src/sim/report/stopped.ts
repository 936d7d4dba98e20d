/** A run that was stopped on its way: what there is at that moment, and how it came to that. */
import type { ApiObject } from "../../machinery/object.ts";
import { play, type Recording } from "../shrink/shrink.ts";
import type { RunResult, System } from "../world/run.ts";
import type { State } from "../world/state.ts";
import { notShown } from "./causes/knowledge.ts";
import { tellWay } from "./causes/telling.ts";
import { runOf, wayOf } from "./causes/steps.ts";
import { eventLines, seconds } from "./event-lines.ts";
import { Witness, type WitnessedWrite } from "./witness.ts";

/** @public A simulation was stopped at a step. The message shows what there is, and why. */
export class SimulationStopped extends Error {
  override readonly name = "SimulationStopped";
  /** The step after which the run was stopped. */
  readonly step: number;
  /** All that there is at that moment. */
  readonly state: State;
  /** What happened up to it, a line each. */
  readonly events: readonly string[];

  constructor(message: string, { state, events }: RunResult) {
    super(message);
    this.step = events.length;
    this.state = state;
    this.events = eventLines(events);
  }
}

const EVENTS_TOLD = 12;
const OBJECT_LENGTH_MAX = 160;
const UNSEEN_MAX = 10;

/** Plays the run up to that step. */
export async function stoppedAt(
  step: number,
  system: System,
  recording: Recording,
): Promise<SimulationStopped> {
  const witness = new Witness({ hasReconciles: true, until: step });
  const told = await play(system, recording, { isTold: true, witness });
  const { events, violation } = told;
  const last = witness.writes.findLast(({ cause }) => isOf(system, cause.user));
  const way = await (last === undefined
    ? undefined
    : wayOf({ ...told, violation: violationOf(last) }, witness, system));
  const lines = eventLines(events);
  const message = [
    headline(step, told),
    "",
    "What there is, as far as the run has made or changed it:",
    ...objectLines(witness.writes),
    "",
    "What views have not been told yet:",
    ...unseenLines(witness, told, system),
    ...(way === undefined || last === undefined
      ? []
      : ["", "How it came to the last write of a process (! is a fault):"]),
    ...(way === undefined ? [] : tellWay(way, "the last write of a process so far")),
    "",
    `The last events (all ${lines.length}: \`events\` of this error):`,
    ...lines.slice(-EVENTS_TOLD),
    ...(violation === undefined ? [] : ["", `${violation.oracle}: ${violation.message}`]),
  ];
  return new SimulationStopped(message.join("\n"), told);
}

function headline(step: number, { events, virtualMs }: RunResult): string {
  const at = seconds(virtualMs).trim();
  if (events.length >= step) return `stopped after step ${step}, ${at} after the run began`;
  return `the run has ${events.length} steps only, and was to be stopped after step ${step}`;
}

function isOf({ processes }: System, user: string): boolean {
  return processes.some(({ name }) => name === user);
}

/** As if that write were wrong. */
function violationOf({ atMs, revision }: WitnessedWrite): RunResult["violation"] {
  return { oracle: "", message: "", atMs, revision };
}

function objectLines(writes: readonly WitnessedWrite[]): readonly string[] {
  const newest = new Map<string, WitnessedWrite>();
  for (const write of writes) {
    if (write.resource !== "events") newest.set(`${write.resource} ${write.called}`, write);
  }
  const lines = [...newest.values()].map(({ called, revision, before, after }) => {
    const kind = (after ?? before)?.kind ?? "";
    const text = after === undefined ? "(gone)" : shortText(after);
    return `  ${kind} ${called} @${revision} ${text}`;
  });
  return lines.length === 0 ? ["  nothing"] : lines;
}

/** What is wanted of it and how it is, without what a server keeps books with. */
function shortText(object: ApiObject): string {
  const { apiVersion: _version, kind: _kind, metadata, ...others } = object;
  const { deletionTimestamp, finalizers } = metadata;
  const whole = { ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }), finalizers };
  const text = JSON.stringify({ ...whole, ...others });
  return text.length <= OBJECT_LENGTH_MAX ? text : `${text.slice(0, OBJECT_LENGTH_MAX - 1)}…`;
}

function unseenLines(
  witness: Witness,
  { events }: RunResult,
  { processes }: System,
): readonly string[] {
  const run = runOf(witness, events);
  const place = events.length + 1;
  const lines = processes.flatMap(({ name }) => {
    const unseen = notShown({ place, cause: { id: "", user: name } }, run);
    const told = unseen.slice(0, UNSEEN_MAX).map(({ writes: [first] }) => {
      const kind = (first.after ?? first.before)?.kind ?? "";
      return `  ${name}: ${kind} ${first.called} @${first.revision}, ${first.cause.verb}`;
    });
    const left = unseen.length - told.length;
    return left > 0 ? [...told, `  ${name}: … and ${left} more`] : told;
  });
  return lines.length === 0 ? ["  nothing: they are up to date"] : lines;
}
