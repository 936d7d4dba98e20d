/** A pool of workers: so many pods, all alike. */
import { defineResource, type DefinedResource } from "setpoint/controller-runtime";
import { z } from "zod";

export type PoolSpec = { readonly workers: number };

export const Pool: DefinedResource<PoolSpec> = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Pool",
  spec: z.object({ workers: z.int().min(0).max(20) }),
});
