/** What may be said to `simulate()`. */
import type { Duration } from "../base/duration.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { LeaseOptions } from "../controller-runtime/manager/lease-election.ts";
import type { ShardOptions } from "../controller-runtime/sharding/shard-options.ts";
import type { Program } from "./actors/process.ts";
import type { SimWebhook } from "./actors/webhooks.ts";
import type { ChoiceClass } from "./choices/choices.ts";
import type { Invariant } from "./oracles/invariants.ts";
import type { Tape } from "./report/tape.ts";
import type { Operation } from "./scenario/operation.ts";
import type { MakeController } from "./scenario/replicas.ts";

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
  /**
   * Whether what has lost its owners is collected, and claims on volumes that nobody uses any more
   * lose the finalizer that protects them (default true).
   */
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
