/**
 * Keeps as many pods as a pool wants, and has a defect: it counts the pods in its view and makes
 * what is missing under names that the server makes up. Nobody notices until a view is behind.
 */
import { Pod } from "setpoint/client";
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import type { ApiObject, OwnerReference } from "setpoint/machinery";
import { Pool } from "./pool.ts";

export const faultyPools: DeclaredController = controller(Pool, {
  owns: [Pod],
  async reconcile({ metadata, spec }, ctx) {
    const { name = "", namespace = "default", uid = "" } = metadata;
    const live = ctx.owned(Pod).filter((pod) => pod.metadata.deletionTimestamp === undefined);

    const owner = { apiVersion: "example.dev/v1", kind: "Pool", name, uid, controller: true };
    for (let nth = live.length; nth < spec.workers; nth += 1) {
      await ctx.client.create<ApiObject>(Pod, worker(`${name}-`, namespace, owner), ctx);
    }
    for (const pod of live.slice(spec.workers)) await ctx.delete(Pod, pod.metadata.name ?? "");
    return ctx.done();
  },
});

function worker(generateName: string, namespace: string, owner: OwnerReference): ApiObject {
  const spec = { containers: [{ name: "worker", image: "worker" }] };
  const metadata = { generateName, namespace, ownerReferences: [owner] };
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec };
  return pod;
}
