/** The idempotence probe: at rest a process begins anew, looks at all, and writes nothing. */
import { ConfigMap } from "../../client/builtin.ts";
import type { Recording } from "../shrink/shrink.ts";
import { ENVIRONMENT } from "../oracles/deletions.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import type { Operation } from "../scenario/operation.ts";
import type { System } from "../world/run.ts";

const NAME = "setpoint-settled";

/** Says to the oracle: all is at rest, and from now on nobody has a reason to write. */
const settles: Operation = {
  name: "look whether all is settled",
  run: async (client, context) => {
    const metadata = { name: NAME, namespace: "default" };
    await client.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata }, context);
  },
};

const settledStaysSettled: MakeOracle = () => {
  let isSettled = false;
  return {
    name: "what is settled is not written again",
    onWrite: ({ actor, verb, resource, key }) => {
      if (actor === "user" && key.endsWith(`/${NAME}`)) isSettled = true;
      const isNoise = resource === "leases" || resource === "events";
      if (!isSettled || isNoise || ENVIRONMENT.includes(actor)) return undefined;
      return `${actor} was started anew, nothing had changed, and it wrote: ${verb} ${key}`;
    },
  };
};

/** The system with the probe as its last operation, and the run that makes it. */
export function settledProbe(
  system: System,
  seed: number,
): { readonly system: System; readonly recording: Recording } {
  const operations = [...system.operations, settles];
  const oracles = [...system.oracles, settledStaysSettled];
  const restarts = system.processes.map(
    ({ name }) => [`world: ${name} after "${settles.name}"`, "crash"] as const,
  );
  const recording = { seed, taken: new Map(restarts), skipped: new Set<number>() };
  const probed = { ...system, operations, oracles, needsReference: false };
  return { system: probed, recording: { ...recording, ordersEvents: false } };
}
