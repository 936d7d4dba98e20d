/** The processes of a run, each with its way to the servers. */
import { SimProcess, type ProcessDeps, type ProcessSpec } from "../actors/process.ts";
import { Actor } from "../kernel/actor.ts";
import type { SimServers } from "./servers.ts";

export type ProcessesDeps = Omit<ProcessDeps, "server" | "connect"> & {
  readonly servers: SimServers;
};

/** Makes them; none is started. */
export function makeProcesses(
  specs: readonly ProcessSpec[],
  { servers, ...deps }: ProcessesDeps,
): readonly SimProcess[] {
  return specs.map((spec, place) => {
    const { name } = spec;
    // Requests of two processes are served at once: which comes first is open.
    const server = new Actor(`server for ${name}`);
    const ends = [name, server.name];
    const connect: ProcessDeps["connect"] = (last) =>
      servers.connect(name, { last: last ?? servers.nth(place), ends });
    return new SimProcess(spec, { ...deps, server, connect });
  });
}
