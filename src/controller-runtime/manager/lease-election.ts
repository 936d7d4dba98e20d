/** Leadership by a Lease, as a manager takes it. */
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import { LeaderElector, type LeaderElectionOptions } from "../../client/leader-election.ts";
import { keyText } from "../../machinery/key.ts";
import type { LeaderElection } from "./runnable.ts";

/** As for a `LeaderElector`; the identity is a random one if none is given. */
export type LeaseOptions = Omit<LeaderElectionOptions, "identity"> & {
  readonly identity?: string;
};

/** One process at a time leads among those that name the same lease. */
export function leaseElection(
  options: LeaseOptions,
  deps: { readonly client: Client; readonly env: Env },
): LeaderElection {
  const identity = options.identity ?? deps.env.ids.uuid();
  const elector = new LeaderElector(deps, { ...options, identity });
  return {
    name: keyText(options.lease),
    holds: () => elector.holdsLease(),
    run: (context, lead) => elector.run(lead, context),
  };
}

export function isLeaseOptions(election: LeaderElection | LeaseOptions): election is LeaseOptions {
  return "lease" in election;
}
