/**
 * The same without the defect: each worker has a name that says which one it is. However old the
 * view is, one that is there already cannot be made again.
 */
import { Pod } from "setpoint/client";
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import { Pool } from "./pool.ts";

export const mendedPools: DeclaredController = controller(Pool, {
  owns: [Pod],
  async reconcile({ metadata: { name: pool = "" }, spec: { workers } }, ctx) {
    const names = Array.from({ length: workers }, (_, nth) => `${pool}-${nth}`);
    const spec = { containers: [{ name: "worker", image: "worker" }] };
    for (const name of names) await ctx.apply(Pod, { metadata: { name }, spec });

    for (const { metadata } of ctx.owned(Pod)) {
      const { name = "" } = metadata;
      if (!names.includes(name)) await ctx.delete(Pod, name);
    }
    return ctx.done();
  },
});
