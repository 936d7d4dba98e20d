/** `simulate()`: a system under faults, run after run, until one run goes wrong. */
import { realEnv } from "../base/real/env.ts";
import { realFiles } from "../base/real/files.ts";
import { programVariable } from "../base/real/program.ts";
import { milliseconds, type Duration } from "../base/duration.ts";
import { checkOptions, type OptionNames } from "../base/option-names.ts";
import { isDefined } from "../client/resource/define-resource.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { isDeclared } from "../controller-runtime/declared/declared-controller.ts";
import type { LeaseOptions } from "../controller-runtime/manager/lease-election.ts";
import type { ShardOptions } from "../controller-runtime/sharding/shard-options.ts";
import type { Program } from "./actors/process.ts";
import type { SimWebhook } from "./actors/webhooks.ts";
import type { ChoiceClass } from "./choices/choices.ts";
import { calmRun, NotRepeatableError } from "./explore/calm-run.ts";
import { explore, exploreAll, type Failure } from "./explore/explore.ts";
import type { Invariant } from "./oracles/invariants.ts";
import { Marks, NeverReachedError } from "./oracles/marks.ts";
import { standardOracles } from "./oracles/standard-oracles.ts";
import { saveTape } from "./report/save-tape.ts";
import { SimulationError } from "./report/simulation-error.ts";
import { tellRun } from "./report/told-run.ts";
import { Reach } from "./report/reach/reach.ts";
import { reportOf, type SimulationReport } from "./report/reach/simulation-report.ts";
import { stoppedAt } from "./report/stopped.ts";
import { readTape, recordingOf, systemName, tapeOf, type Tape } from "./report/tape.ts";
import { buildBase } from "./scenario/build-system.ts";
import { registerNodes } from "./scenario/node-objects.ts";
import type { Operation } from "./scenario/operation.ts";
import { withConversions } from "./scenario/webhooks.ts";
import { replicasOf, type MakeController } from "./scenario/replicas.ts";
import { play, shrink } from "./shrink/shrink.ts";
import type { RunResult, System } from "./world/run.ts";

/** @public What is simulated, and for how long. */
export type SimulateOptions = {
  /** Run together in one process, under a manager. Definitions of their kinds are installed. */
  readonly controllers?: readonly MakeController[];
  /**
   * The controllers of the build before: while faults strike each process may begin as that one,
   * and may be replaced by the other, as in a rollout that is taken back. At the end all are of
   * `controllers`. Definitions are those of `controllers` (default: there is one build).
   */
  readonly previous?: readonly MakeController[];
  /**
   * How many processes run the controllers (default 1): `controllers-1`, `controllers-2`, ... With
   * more than one, all of them work unless `leaderElection` or `shards` says who does.
   */
  readonly replicas?: number;
  /**
   * Lets one of the replicas lead, by a lease as in production, and looks that nobody else writes:
   * what a manager takes, or `true` for a lease of 12 s, which is renewed every 4 s (default: no
   * election).
   */
  readonly leaderElection?: true | LeaseOptions;
  /** Lets the replicas share the keys: the same choice (default: they do not). */
  readonly shards?: true | ShardOptions;
  /**
   * How many API servers there are over the one store (default 1). Each process talks to one of
   * them, and may come to another when it connects anew.
   */
  readonly servers?: number;
  /**
   * What `admission()` has made, called as in a cluster (default: none). Definitions of their kinds
   * are installed. Versions of kinds are converted without being named here.
   */
  readonly webhooks?: readonly SimWebhook[];
  /** Further processes by name, for programs without a manager, or several of them. */
  readonly processes?: Readonly<Record<string, Program>>;
  /** Further kinds whose definitions are installed. */
  readonly kinds?: readonly ResourceType[];
  /** Done before each run begins, without faults. */
  readonly given?: readonly Operation[];
  /** What people do while faults strike. */
  readonly scenario: readonly Operation[];
  /** What must hold, besides what must hold of any controller. */
  readonly invariants?: readonly Invariant[];
  /** Names of standard oracles that do not apply, e.g. `no stuck deletion` (default: none). */
  readonly without?: readonly string[];
  /**
   * Whether pods are placed, run and become ready (default true). `objects`: there are three Nodes
   * with leases that they renew. Then pods are placed by a scheduler of yours, and what becomes of
   * the pods of a node that is gone is up to your controllers.
   */
  readonly hasNodes?: boolean | "objects";
  /** Whether what has lost its owners is collected (default true). */
  readonly hasCollector?: boolean;
  /** Classes of faults that may strike (default: all; of an exhaustive search `call`, `order`). */
  readonly faults?: readonly ChoiceClass[];
  /**
   * How runs are chosen (default `sampled`: by plan, then by chance). `guided`: the same, and half
   * of those by chance vary a run that came by something new. `exhaustive`: every order of what is
   * due at once and every decision of `faults`, with at most `faultsMax` faults in a run; for small
   * systems, and the report says whether all were done.
   */
  readonly explore?: "sampled" | "guided" | "exhaustive";
  /** Of an exhaustive search: faults in one run, orders aside (default 1). */
  readonly faultsMax?: number;
  /** At most so many runs (default 1,000, or as many as `time` allows). */
  readonly runs?: number;
  /** At most so long, of real time (default: no limit). */
  readonly time?: Duration;
  /** Of chance (default 1). */
  readonly seed?: number;
  /**
   * Run this and nothing else: what an earlier simulation has found, or the path of its file. The
   * variable SETPOINT_TAPE does the same for the simulation that the tape was made by.
   */
  readonly tape?: Tape | string;
  /**
   * With a tape: the run ends after that step, and `simulate()` rejects with `SimulationStopped`,
   * which shows what there is and how it came to that; a debugger stops just before the step. Steps
   * are the numbers of the events of a failure. The variable SETPOINT_UNTIL does the same.
   */
  readonly until?: number;
  /** Folder for tapes of what goes wrong (default `setpoint-tapes`); "": they are not kept. */
  readonly tapes?: string;
};

const NAMES: OptionNames<SimulateOptions> = {
  controllers: true,
  previous: true,
  replicas: true,
  leaderElection: true,
  shards: true,
  servers: true,
  webhooks: true,
  processes: true,
  kinds: true,
  given: true,
  scenario: true,
  invariants: true,
  without: true,
  hasNodes: true,
  hasCollector: true,
  faults: true,
  explore: true,
  faultsMax: true,
  runs: true,
  time: true,
  seed: true,
  tape: true,
  until: true,
  tapes: true,
};

/** All classes. */
const CLASSES: readonly ChoiceClass[] = [
  "call",
  "latency",
  "lag",
  "event",
  "list",
  "order",
  "world",
  "pace",
  "server",
  "webhook",
  "node",
  "version",
  "external",
  "disk",
];

/** Of which all decisions are tried where nothing else is said: others have too many. */
const EXHAUSTIVE_CLASSES: readonly ChoiceClass[] = ["call", "order"];

/**
 * @public Runs controllers against people and faults until a run goes wrong or the budget is used
 * up. Rejects with `SimulationError`, which tells the shortest story it found and how to run it
 * again; with `NeverReachedError` where a mark (`sometimes`) was never met; with
 * `OperationRefusedError` where the scenario is refused although nothing goes wrong; with
 * `NotRepeatableError` where runs are not decided by seed and faults alone. Everything is
 * decided by `seed`: the same call finds the same.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  checkOptions("simulate", options, NAMES);
  const marks = new Marks(options.invariants ?? []);
  const made = await systemOf(options);
  const isExhaustive = options.explore === "exhaustive";
  const { faults = isExhaustive ? EXHAUSTIVE_CLASSES : CLASSES, faultsMax = 1 } = options;
  const reach = new Reach(new Set(faults));
  const system: System = { ...made, oracles: [...made.oracles, marks.oracle, reach.oracle] };
  const { seed = 1 } = options;
  const given = await givenTape(system, options.tape);
  const { clock } = realEnv();
  const startMs = clock.monotonic();
  const report = (runs: number): SimulationReport =>
    reportOf({ runs, reach, marks: marks.met, realMs: clock.monotonic() - startMs });
  if (given !== undefined) {
    reach.note(await replay(system, given, untilOf(options)));
    return report(1);
  }
  const calm = await calmRun(system, seed);
  const search = isExhaustive ? exploreAll : explore;
  const explored = await search(system, {
    seed,
    calm,
    faultsMax,
    isGuided: options.explore === "guided",
    allowed: new Set(faults),
    budget: budgetOf(options),
    hears: (source) => reach.hears(source),
    onRun: (result) => reach.note(result),
  });
  const { failure, runs, exhausted } = explored;
  if (failure !== undefined) throw await found(system, { ...failure, runs }, options.tapes);
  if (marks.missed.length > 0) throw new NeverReachedError(marks.missed, runs);
  const scope = exhausted === undefined ? {} : { exhausted };
  return { ...report(runs), ...scope };
}

/** What failed, made small, told and kept in the folder for tapes. */
export async function found(
  system: System,
  failure: Failure & { readonly runs: number },
  tapes = "setpoint-tapes",
): Promise<SimulationError> {
  const again = await play(system, failure.recording);
  if (again.violation?.oracle !== failure.result.violation?.oracle) {
    throw new NotRepeatableError(`a run that failed (${oracleOf(failure)}) does not fail again`);
  }
  const { recording, result } = await shrink(system, failure);
  const { told, way } = await tellRun(system, recording, result.hash);
  const tape = tapeOf(system, recording);
  const path = tapes === "" ? undefined : await saveTape(realFiles, tapes, { tape, told, system });
  const { runs, way: found } = failure;
  return new SimulationError({ runs, found, tape, path, told, way, system });
}

function oracleOf({ result }: Failure): string {
  const { oracle = "", message = "" } = result.violation ?? {};
  return `${oracle}: ${message}`;
}

/** The one of the options, or the one that the program was started with if it belongs here. */
async function givenTape(
  system: System,
  given: Tape | string | undefined,
): Promise<Tape | undefined> {
  if (typeof given === "string") return readTape(realFiles, given);
  if (given !== undefined) return given;
  const path = programVariable("SETPOINT_TAPE");
  if (path === undefined || path === "") return undefined;
  const tape = await readTape(realFiles, path);
  return tape.system === systemName(system) ? tape : undefined;
}

/** Throws `TypeError` for what is no number of a step. */
function untilOf({ until }: SimulateOptions): number | undefined {
  const text = programVariable("SETPOINT_UNTIL") ?? "";
  if (until === undefined && text === "") return undefined;
  const step = until ?? Number(text);
  if (Number.isSafeInteger(step) && step > 0) return step;
  const what = until === undefined ? "SETPOINT_UNTIL" : "until";
  throw new TypeError(`${what}: must be the number of a step, from 1 on`);
}

async function replay(system: System, tape: Tape, until?: number): Promise<RunResult> {
  if (until !== undefined) throw await stoppedAt(until, system, recordingOf(system, tape));
  const { told, way } = await tellRun(system, recordingOf(system, tape));
  if (told.violation !== undefined) {
    const failure = { runs: 1, found: "replayed", tape, path: undefined, told, way, system };
    throw new SimulationError(failure);
  }
  return told;
}

/** The system that the options describe, ready to be run again and again. */
export async function systemOf(options: SimulateOptions): Promise<System> {
  const { controllers = [], scenario, invariants = [], hasNodes = true } = options;
  const declared = controllers.filter(isDeclared).map(({ type }) => type);
  const named = [...(options.kinds ?? []), ...(options.webhooks ?? []).map(({ type }) => type)];
  const kinds = [...new Set([...named, ...declared])].filter(isDefined);
  const installed = scenario.flatMap(({ installs = [] }) => installs);
  const webhooks = withConversions(options.webhooks ?? [], [...kinds, ...installed]);
  const hasNodeObjects = hasNodes === "objects";
  const given = [...(hasNodeObjects ? registerNodes : []), ...(options.given ?? [])];
  const base = await buildBase({ kinds, given, webhooks });
  const replicas = replicasOf(options);
  const all = [...invariants, ...replicas.invariants];
  return {
    base,
    processes: [
      ...replicas.processes,
      ...Object.entries(options.processes ?? {}).map(([name, program]) => ({ name, program })),
    ],
    servers: serversOf(options),
    webhooks,
    operations: scenario,
    oracles: [...standardOracles(options.without), ...all.map(({ make }) => make)],
    needsReference: invariants.some(({ needsReference }) => needsReference === true),
    hasNodes: hasNodes !== false,
    hasNodeObjects,
    hasCollector: options.hasCollector ?? true,
  };
}

function serversOf({ servers = 1 }: SimulateOptions): number {
  if (Number.isInteger(servers) && servers >= 1 && servers <= SERVERS_MAX) return servers;
  throw new TypeError(`servers: must be a whole number from 1 to ${SERVERS_MAX}`);
}

const SERVERS_MAX = 5;
const RUNS_MAX = 1_000;

function budgetOf({ runs, time }: SimulateOptions): {
  readonly runs: number;
  readonly hasTime: () => boolean;
} {
  if (time === undefined) return { runs: runs ?? RUNS_MAX, hasTime: () => true };
  const { clock } = realEnv();
  const endMs = clock.monotonic() + milliseconds(time);
  return { runs: runs ?? Number.POSITIVE_INFINITY, hasTime: () => clock.monotonic() < endMs };
}
