/**
 * What a control plane needs to bring deployments about, with a log of reconciles or without. In
 * virtual time: so both do the same work, to the last write, and nothing else.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { virtualEnv } from "../../src/base/virtual/virtual-env.ts";
import { Deployment, Pod } from "../../src/client/builtin.ts";
import { createControlPlane } from "../../src/control-plane/index.ts";
import { aDeployment } from "./objects.ts";

/** Enough for what follows by itself: retries, conditions. */
const MEANWHILE_MS = 20_000;

export type Convergence = { readonly cpuMs: number; readonly revisions: number };

/** From the creation of the deployments until nothing is left to do. */
export async function converge(
  options: { readonly deployments: number; readonly replicas: number },
  recordsReconciles: boolean,
): Promise<Convergence> {
  const { deployments, replicas } = options;
  const env = virtualEnv({ seed: 7 });
  await using plane = await createControlPlane({ env, recordsReconciles });
  const { client, context, store } = plane;
  await env.advance(MEANWHILE_MS); // what a beginning brings with it
  collectGarbage();
  const before = process.cpuUsage();
  for (let index = 0; index < deployments; index += 1) {
    await client.create(Deployment, aDeployment(`web-${index}`, replicas), context);
  }
  await env.advance(MEANWHILE_MS);
  const { user, system } = process.cpuUsage(before);
  const { items } = await client.list(Pod, { namespace: "default" }, context);
  if (items.length !== deployments * replicas) throw new Error(`${items.length} pods are there`);
  return { cpuMs: (user + system) / 1_000, revisions: store.status().revision };
}

/** Garbage of one round is not collected at the cost of the next. */
const collectGarbage: () => void = exposedGc();

function exposedGc(): () => void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc !== "function") throw new Error("this Node does not show its garbage collector");
  return () => void gc();
}
