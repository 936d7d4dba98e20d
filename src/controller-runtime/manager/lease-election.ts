/** Leadership by a Lease, as a manager takes it. */
import {
  LeaderElector,
  type LeaderElectionOptions,
  type LeaderElectorDeps,
} from "../../client/leader-election.ts";
import type { LeaderElection } from "./runnable.ts";

/** As for a `LeaderElector`; the identity is a random one if none is given. */
export type LeaseOptions = Omit<LeaderElectionOptions, "identity"> & {
  /** Who holds it, for people, e.g. the name of the pod. Default: a random one. */
  readonly identity?: string;
};

/** One process at a time leads among those that name the same lease. */
export function leaseElection(options: LeaseOptions, deps: LeaderElectorDeps): LeaderElection {
  const identity = options.identity ?? deps.env.ids.uuid();
  const elector = new LeaderElector(deps, { ...options, identity });
  return {
    name: options.lease.name,
    holds: () => elector.holdsLease(),
    problem: () => elector.problem,
    run: (context, lead) => elector.run(lead, context),
  };
}

export function isLeaseOptions(election: LeaderElection | LeaseOptions): election is LeaseOptions {
  return "lease" in election;
}
