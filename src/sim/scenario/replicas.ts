/** The processes that run the controllers: one, or several that share a lease or their keys. */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import type { LeaseOptions } from "../../controller-runtime/manager/lease-election.ts";
import { createManager } from "../../controller-runtime/manager/manager.ts";
import type { ShardOptions } from "../../controller-runtime/sharding/shard-options.ts";
import type { Invariant } from "../oracles/invariants.ts";
import { oneLeaderWrites } from "../oracles/leadership.ts";
import type { ProcessSpec } from "../world/processes.ts";

/** Makes a controller with what its manager hands to it, as `controller()` does. */
export type MakeController = (deps: ControllerDeps) => ControllerSpec;

type ReplicaOptions = {
  readonly controllers?: readonly MakeController[];
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
  const program: ProcessSpec["program"] = ({ client, env, reconcileLog }) =>
    createManager({
      client,
      env,
      ...(reconcileLog === undefined ? {} : { reconcileLog }),
      controllers: controllers.map(loud),
      ...(election === undefined ? {} : { leaderElection: election }),
      ...(sharing === undefined ? {} : { shards: sharing }),
    });
  const names =
    replicas === 1
      ? ["controllers"]
      : Array.from({ length: replicas }, (_, nth) => `controllers-${nth + 1}`);
  return {
    processes: names.map((name) => ({ name, program })),
    invariants: election === undefined ? [] : [oneLeaderWrites(election.lease, names)],
  };
}

const REPLICAS_MAX = 10;

/** What would be slowed down in production is to be seen here. */
function loud(make: MakeController): MakeController {
  const made = (deps: ControllerDeps): ControllerSpec => ({ loopGuard: "off", ...make(deps) });
  return Object.assign(made, make);
}
