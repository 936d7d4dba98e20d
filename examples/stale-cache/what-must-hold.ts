/** What people do with pools, and what must hold whatever fails meanwhile. */
import { Pod } from "setpoint/client";
import { always, change, create, eventually, type SimulateOptions, type State } from "setpoint/sim";
import { Pool } from "./pool.ts";

/** The most that anybody ever asks for below. */
const WORKERS_MAX = 3;

const workers = (state: State): number =>
  state.list(Pod).filter(({ metadata }) => metadata.deletionTimestamp === undefined).length;

/** Everything but the controller. */
export const pools: SimulateOptions = {
  // What a reader knows: calls, lists, late and cut streams, crashes. Without this line: all.
  faults: ["call", "list", "lag", "event", "world"],
  kinds: [Pool],
  scenario: [
    create(Pool, { metadata: { name: "home" }, spec: { workers: 1 } }),
    change(Pool, "home", { spec: { workers: WORKERS_MAX } }),
  ],
  invariants: [
    always("never more workers than anybody asked for", (state) => {
      return workers(state) <= WORKERS_MAX || `there are ${workers(state)}`;
    }),
    eventually("as many workers as the pool wants", (state) => {
      const wanted = state.get(Pool, "home")?.spec.workers ?? 0;
      return workers(state) === wanted || `${workers(state)} are there, ${wanted} wanted`;
    }),
  ],
};
