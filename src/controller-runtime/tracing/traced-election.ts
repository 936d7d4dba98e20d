/**
 * The wait for leadership as a span, from the wish to lead to leading. Renewals make no spans:
 * there is one every two seconds. Leadership that is lost is a span of no length, with the reason.
 */
import { LeadershipLostError } from "../../client/leader-election.ts";
import type { LeaderElection } from "../manager/runnable.ts";
import { failSpan, type Tracer } from "./tracer.ts";

export function tracedElection(election: LeaderElection, tracer: Tracer): LeaderElection {
  const { name, holds, problem } = election;
  const options = { root: true, attributes: { "setpoint.lease": name } };
  return {
    name,
    ...(holds === undefined ? {} : { holds: () => election.holds?.() ?? true }),
    ...(problem === undefined ? {} : { problem: () => election.problem?.() }),
    run: async (context, lead) => {
      const waiting = tracer.startSpan("leader election", options);
      let isWaiting = true;
      try {
        await election.run(context, (leading) => {
          isWaiting = false;
          waiting.end();
          return lead(leading);
        });
      } catch (error) {
        if (isWaiting) failSpan(waiting, error);
        else if (error instanceof LeadershipLostError) {
          const lost = tracer.startSpan("leadership lost", options);
          failSpan(lost, error);
          lost.end();
        }
        throw error;
      } finally {
        if (isWaiting) waiting.end();
      }
    },
  };
}
