/** `verify()`: a controller under faults with objects that nobody had to think of. */
import { milliseconds, type Duration } from "../../base/duration.ts";
import { isDefined, type DefinedResource } from "../../client/resource/define-resource.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { DeclaredController } from "../../controller-runtime/declared/declared-controller.ts";
import type { Fields } from "../../machinery/object.ts";
import type { ChoiceClass } from "../choices/choices.ts";
import type { Invariant } from "../oracles/invariants.ts";
import { sameAsWithoutFaults } from "../oracles/reference.ts";
import { buildBase } from "../scenario/build-system.ts";
import type { Operation } from "../scenario/operation.ts";
import { play } from "../shrink/shrink.ts";
import { SimulationError, foundByVerify } from "../report/simulation-error.ts";
import type { Tape } from "../report/tape.ts";
import type { System } from "../world/run.ts";
import { replayTape, stepOf, systemsOf, verifyTape } from "./replay.ts";
import { found, simulate, systemOf, type SimulateOptions } from "../simulate.ts";
import { lifeOf } from "./life.ts";
import { settledProbe } from "./settled.ts";
import { specsOf, type Spec, type Specs } from "./specs.ts";

/** @public What may be said to `verify()`; nothing has to be. */
export type VerifyOptions = {
  /** Specs that make sense, for kinds whose schema alone does not tell (default: none). */
  readonly examples?: readonly Fields[];
  /** What must hold besides; the objects are called `a` and `b`, in the namespace `default`. */
  readonly invariants?: readonly Invariant[];
  /** Names of what is not looked at, e.g. `the same as without faults` (default: none). */
  readonly without?: readonly string[];
  /** Further kinds whose definitions are installed. */
  readonly kinds?: readonly ResourceType[];
  /** Done before each run begins, e.g. what the objects refer to. */
  readonly given?: readonly Operation[];
  /** Whether pods are placed, run and become ready (default true). */
  readonly hasNodes?: boolean;
  /** Classes of faults that may strike (default: all). */
  readonly faults?: readonly ChoiceClass[];
  /** Runs with faults, all in all (default 200). */
  readonly runs?: number;
  /** Of real time, all in all (default: no limit). */
  readonly time?: Duration;
  /** Of chance (default 1). */
  readonly seed?: number;
  /**
   * Run this and nothing else: what an earlier verification of the same controller has found, or
   * the path of its file. The variable SETPOINT_TAPE does the same for the verification that the
   * tape was made by.
   */
  readonly tape?: Tape | string;
  /** With a tape: the run ends after that step, as of `simulate()`; or SETPOINT_UNTIL. */
  readonly until?: number;
  /** Folder for tapes of what goes wrong (default `setpoint-tapes`); "": they are not kept. */
  readonly tapes?: string;
};

/** @public What a verification that found nothing has done. */
export type VerifyReport = {
  /** How many specs the server took, of those that the schema allows. */
  readonly specs: number;
  /** Those it refused, with its reason: rules that the types of a schema do not say. */
  readonly refused: readonly { readonly spec: Fields; readonly why: string }[];
  /** Lives of objects, each with four of the specs. */
  readonly lives: number;
  /** Of them those that were run under faults; the budget may not have been enough for all. */
  readonly livesUnderFaults: number;
  readonly runs: number;
  readonly distinct: number;
};

/** Specs of one life. */
const SPECS_A_LIFE = 4;
/** Fewer runs of one life are not worth their beginning. */
const RUNS_A_LIFE_MIN = 20;
const RUNS_MAX = 200;

/**
 * @public Looks for faults of a controller without being told what people do. Objects are made from
 * the schema of its kind: the least and the most it allows, each bound, and some by chance; what
 * the server refuses is left out. They are created, changed, deleted and created again, without and
 * with faults. What must hold: all that holds of any controller; that at rest there is the same as
 * without faults; and that a process which starts anew when all is settled writes nothing.
 *
 * Rejects with `SimulationError`, as `simulate()` does, and with `TypeError` where the server takes
 * no spec at all.
 *
 *     await verify(sites);
 */
export async function verify(
  controller: DeclaredController,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { type } = controller;
  if (!isDefined(type)) {
    throw new TypeError(`verify: ${type.kind} has no schema; it takes a kind of defineResource`);
  }
  const specs = await takenSpecs(type, options);
  const lives = livesOf(type, specs.taken);
  const { runs = RUNS_MAX, time } = options;
  const underFaults = lives.slice(0, Math.max(1, Math.floor(runs / RUNS_A_LIFE_MIN)));
  const each: Omit<SimulateOptions, "scenario"> = {
    ...sharedOf(controller, options),
    runs: Math.max(1, Math.floor(runs / underFaults.length)),
    ...(time === undefined ? {} : { time: milliseconds(time) / underFaults.length }),
  };
  const counted = { specs: specs.taken.length, refused: specs.refused, lives: lives.length };
  if (await isReplayed(lives, each, options)) {
    return { ...counted, livesUnderFaults: 1, runs: 1, distinct: 1 };
  }
  try {
    const done = await underAll(lives, underFaults, each);
    return { ...counted, livesUnderFaults: underFaults.length, ...done };
  } catch (error) {
    throw error instanceof SimulationError ? foundByVerify(error) : error;
  }
}

type Life = readonly Operation[];

async function underAll(
  lives: readonly Life[],
  underFaults: readonly Life[],
  each: Omit<SimulateOptions, "scenario">,
): Promise<{ readonly runs: number; readonly distinct: number }> {
  for (const scenario of lives) await probe({ ...each, scenario });
  let [runs, distinct] = [0, 0];
  for (const scenario of underFaults) {
    const report = await simulate({ ...each, scenario });
    runs += report.runs;
    distinct += report.distinct;
  }
  return { runs, distinct };
}

/** Whether there is a tape for this verification, and it has held out. */
async function isReplayed(
  lives: readonly Life[],
  each: Omit<SimulateOptions, "scenario">,
  { tape: given, until, seed = 1 }: VerifyOptions,
): Promise<boolean> {
  const found = await verifyTape(given);
  if (found === undefined) return false;
  const systems: System[] = [];
  for (const scenario of lives) {
    const system = await systemOf({ ...each, scenario });
    systems.push(system, settledProbe(system, seed).system);
  }
  const own = systemsOf(found.tape, systems);
  if (own.length === 0 && !found.isGiven) return false;
  if (own.length === 0) {
    throw new TypeError("verify: tape: it is not of this controller, seed and examples");
  }
  await replayTape(found.tape, own, stepOf(until));
  return true;
}

async function takenSpecs(type: DefinedResource, options: VerifyOptions): Promise<Specs> {
  const { examples = [], seed = 1, kinds = [], given = [] } = options;
  const base = await buildBase({ kinds: [type, ...kinds.filter(isDefined)], given });
  const specs = await specsOf(type, base, { seed, examples });
  const [first] = specs.refused;
  if (specs.taken.length > 0) return specs;
  throw new TypeError(
    `verify: the server takes none of ${specs.refused.length} specs that the schema of ` +
      `${type.kind} allows (${first?.why ?? "there are none"}); give some as examples`,
  );
}

function sharedOf(
  controller: DeclaredController,
  options: VerifyOptions,
): Omit<SimulateOptions, "scenario"> {
  const { examples: _examples, tape: _tape, until: _until, ...others } = options;
  const { invariants = [] } = others;
  const same = sameAsWithoutFaults();
  const isWanted = options.without?.includes(same.name) !== true;
  const all = isWanted ? [...invariants, same] : invariants;
  return { ...others, controllers: [controller], invariants: all };
}

/** Lives of four specs each; the last one begins again with the first specs. */
function livesOf(type: DefinedResource, specs: readonly Spec[]): readonly (readonly Operation[])[] {
  const count = Math.ceil(specs.length / SPECS_A_LIFE);
  return Array.from({ length: count }, (_, life) => {
    const chosen = Array.from({ length: SPECS_A_LIFE }, (_spec, nth) => {
      return specs[(life * SPECS_A_LIFE + nth) % specs.length];
    });
    return lifeOf(
      type,
      chosen.filter((spec) => spec !== undefined),
    );
  });
}

/** Without faults, and then once more with all processes started anew at the end. */
async function probe(options: SimulateOptions): Promise<void> {
  const { seed = 1, tapes } = options;
  const { system, recording } = settledProbe(await systemOf(options), seed);
  const result = await play(system, recording);
  if (result.violation === undefined) return;
  throw await found(system, { recording, result, way: "systematic", runs: 1 }, tapes);
}
