/** The processes that run the controllers: one, or several that share a lease or their keys. */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import type { LeaseOptions } from "../../controller-runtime/manager/lease-election.ts";
import { createManager } from "../../controller-runtime/manager/manager.ts";
import type { ShardOptions } from "../../controller-runtime/sharding/shard-options.ts";
import type { Again } from "../actors/again.ts";
import type { Invariant } from "../oracles/invariants.ts";
import { oneLeaderWrites } from "../oracles/leadership.ts";
import type { ProcessSpec, Program } from "../actors/process.ts";

/** Makes a controller with what its manager hands to it, as `controller()` does. */
export type MakeController = (deps: ControllerDeps) => ControllerSpec;

type ReplicaOptions = {
  readonly controllers?: readonly MakeController[];
  readonly previous?: readonly MakeController[];
  readonly replicas?: number;
  readonly leaderElection?: true | LeaseOptions;
  readonly shards?: true | ShardOptions;
};

/**
 * Where nobody says which. It is renewed half as often as in production, as each renewal takes
 * time; a pause of 40 s is much longer than it lasts.
 */
const LEASE: LeaseOptions & ShardOptions = {
  lease: { namespace: "kube-system", name: "controllers" },
  leaseDurationMs: 12_000,
  renewDeadlineMs: 9_000,
  retryPeriodMs: 4_000,
};

/** The processes, and what must hold of them. Throws `TypeError` for options without a sense. */
export function replicasOf({
  controllers = [],
  previous,
  replicas = 1,
  leaderElection,
  shards,
}: ReplicaOptions): {
  readonly processes: readonly ProcessSpec[];
  readonly invariants: readonly Invariant[];
} {
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > REPLICAS_MAX) {
    throw new TypeError(`replicas: must be a whole number from 1 to ${REPLICAS_MAX}`);
  }
  if (controllers.length === 0) return { processes: [], invariants: [] };
  const election = leaderElection === true ? LEASE : leaderElection;
  const sharing = shards === true ? LEASE : shards;
  const programOf =
    (all: readonly MakeController[]): Program =>
    ({ client, env, reconcileLog, again }) =>
      createManager({
        client,
        env,
        ...(reconcileLog === undefined ? {} : { reconcileLog }),
        controllers: all.map((make) => watched(loud(make), again)),
        ...(election === undefined ? {} : { leaderElection: election }),
        ...(sharing === undefined ? {} : { shards: sharing }),
      });
  const program = programOf(controllers);
  const before = previous === undefined ? undefined : programOf(previous);
  const names =
    replicas === 1
      ? ["controllers"]
      : Array.from({ length: replicas }, (_, nth) => `controllers-${nth + 1}`);
  return {
    processes: names.map((name) => ({ name, program, previous: before })),
    invariants: election === undefined ? [] : [oneLeaderWrites(election.lease, names)],
  };
}

const REPLICAS_MAX = 10;

/** What is to look again at what it has looked at is watched for that. */
function watched(make: MakeController, again: Again | undefined): MakeController {
  if (again === undefined) return make;
  const made = (deps: ControllerDeps): ControllerSpec => again.watch(make(deps));
  return Object.assign(made, make);
}

/** What would be slowed down in production is to be seen here. */
function loud(make: MakeController): MakeController {
  const made = (deps: ControllerDeps): ControllerSpec => ({ loopGuard: "off", ...make(deps) });
  return Object.assign(made, make);
}
