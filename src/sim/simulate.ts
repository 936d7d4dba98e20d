/** `simulate()`: a system under faults, run after run, until one run goes wrong. */
import { realEnv } from "../base/real/env.ts";
import { realFiles } from "../base/real/files.ts";
import { programVariable } from "../base/real/program.ts";
import { errorText } from "../base/error-text.ts";
import { milliseconds } from "../base/duration.ts";
import { isDefined } from "../client/resource/define-resource.ts";
import { isDeclared } from "../controller-runtime/declared/declared-controller.ts";
import { claimProtectionController } from "../controllers/storage-protection/claims.ts";
import { volumeProtectionController } from "../controllers/storage-protection/volumes.ts";
import { calmRun, NotRepeatableError } from "./explore/calm-run.ts";
import { explore, exploreAll, type Failure } from "./explore/explore.ts";
import { checkSimulation, CLASSES, EXHAUSTIVE_CLASSES } from "./check-simulation.ts";
import type { SimulateOptions } from "./simulate-options.ts";
import { Marks, NeverReachedError } from "./oracles/marks.ts";
import { standardOracles } from "./oracles/standard-oracles.ts";
import { saveTape } from "./report/save-tape.ts";
import { SimulationError } from "./report/simulation-error.ts";
import { tellRun } from "./report/told-run.ts";
import { Reach } from "./report/reach/reach.ts";
import { reportOf, type SimulationReport } from "./report/reach/simulation-report.ts";
import { stoppedAt } from "./report/stopped.ts";
import {
  checkOperations,
  readTape,
  recordingOf,
  systemName,
  tapeOf,
  type Tape,
} from "./report/tape.ts";
import { buildBase } from "./scenario/build-system.ts";
import { registerNodes } from "./scenario/node-objects.ts";
import { withConversions } from "./scenario/webhooks.ts";
import { replicasOf, type MakeController } from "./scenario/replicas.ts";
import { play, shrink } from "./shrink/shrink.ts";
import type { RunResult, System } from "./world/run.ts";

export type { SimulateOptions } from "./simulate-options.ts";

/**
 * @public Runs controllers against people and faults until a run goes wrong or the budget is used
 * up. Rejects with `SimulationError`, which tells the shortest story it found and how to run it
 * again; with `NeverReachedError` where a mark (`sometimes`) was never met; with
 * `OperationRefusedError` where the scenario is refused although nothing goes wrong; with
 * `NotRepeatableError` where runs are not decided by seed and faults alone. Everything is
 * decided by `seed`: the same call finds the same.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  checkSimulation(options);
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
  if (options.until !== undefined) {
    throw new TypeError("simulate: until: needs the tape of a run that is to end there: tape");
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
  const { runs, way: found } = failure;
  const parts = { runs, found, tape, told, system };
  if (tapes === "") return new SimulationError({ ...parts, path: undefined, way });
  try {
    const path = await saveTape(realFiles, tapes, { tape, told, system });
    return new SimulationError({ ...parts, path, way });
  } catch (error) {
    const lost = `The tape could not be kept in ${tapes}: ${errorText(error)}`;
    return new SimulationError({ ...parts, path: undefined, way: [...way, "", lost] });
  }
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
  if (given !== undefined) {
    const tape = typeof given === "string" ? await readTape(realFiles, given) : given;
    checkOperations(system, tape);
    return tape;
  }
  const path = programVariable("SETPOINT_TAPE");
  if (path === undefined || path === "") return undefined;
  const tape = await readTape(realFiles, path);
  if (tape.system === systemName(system)) return tape;
  const why = "processes or operations are others";
  realEnv().log.warn("SETPOINT_TAPE was not made by this simulation, which searches", { why });
  return undefined;
}

/** Throws `TypeError` for what is no number of a step. */
function untilOf({ until }: SimulateOptions): number | undefined {
  const text = programVariable("SETPOINT_UNTIL") ?? "";
  if (until === undefined && text === "") return undefined;
  const step = until ?? Number(text);
  const isStep = Number.isSafeInteger(step) && step > 0;
  if (isStep) return step;
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
  const { hasCollector = true } = options;
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
    hasCollector,
    hasVolumeProtection: hasCollector && !PROTECTIONS.some((make) => controllers.includes(make)),
  };
}

/** Who simulates these needs no others of the kind. */
const PROTECTIONS: readonly MakeController[] = [
  claimProtectionController,
  volumeProtectionController,
];

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
