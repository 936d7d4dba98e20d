/**
 * Plays the controllers of Jobs and StatefulSets, and the pods, where there are none: in tests, and
 * with `setpoint up`. On a cluster the real ones do it.
 */
import { Job, StatefulSet, type Client, type Context } from "setpoint/client";
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import { apiTime, keyOf, parseApiTime } from "setpoint/machinery";
import { DATABASE } from "./parts.ts";
import { progressOfJob } from "./progress.ts";

export type StandInOptions = {
  /** How long a job takes, and a server to start (default 5 s). */
  readonly tookMs?: number;
  /** What becomes of a job (default: it is complete). */
  readonly endOf?: (job: Job) => "complete" | "failed" | "never";
};

export function standIns(options: StandInOptions = {}): readonly DeclaredController[] {
  const { tookMs = 5_000, endOf = () => "complete" } = options;
  const jobs = controller(Job, {
    name: "job-stand-in",
    async reconcile(job, ctx) {
      const end = endOf(job);
      if (job.metadata.labels?.[DATABASE] === undefined) return ctx.done();
      if (progressOfJob(job) !== "running") return ctx.done();
      const { startTime } = job.status ?? {};
      if (startTime === undefined) {
        await tell(Job, job, { startTime: apiTime(ctx.now()), active: 1 }, ctx.client, ctx);
        return ctx.requeueAfter(tookMs);
      }
      const leftMs = parseApiTime(startTime) + tookMs - ctx.now();
      if (leftMs > 0) return ctx.requeueAfter(leftMs);
      if (end !== "never") await tell(Job, job, ended(end, ctx.now()), ctx.client, ctx);
      return end === "never" ? ctx.requeueAfter("1m") : ctx.done();
    },
  });
  const servers = controller(StatefulSet, {
    name: "server-stand-in",
    async reconcile(server, ctx) {
      if (server.metadata.labels?.[DATABASE] === undefined) return ctx.done();
      const { generation = 0 } = server.metadata;
      const { replicas = 1 } = server.spec;
      const isNew = server.status?.observedGeneration !== generation;
      // What runs goes on for a while, and what starts is not there at once.
      const before = server.status?.replicas ?? 0;
      const status = isNew
        ? { observedGeneration: generation, replicas: before, readyReplicas: 0 }
        : { observedGeneration: generation, replicas, readyReplicas: replicas };
      await tell(StatefulSet, server, status, ctx.client, ctx);
      return isNew ? ctx.requeueAfter(tookMs) : ctx.done();
    },
  });
  return [jobs, servers];
}

/** As the job controller ends a job: an API server takes nothing less. */
function ended(end: "complete" | "failed", nowMs: number): unknown {
  const now = apiTime(nowMs);
  const said = (type: string) => ({ type, status: "True", lastTransitionTime: now });
  return end === "complete"
    ? {
        active: 0,
        ready: 0,
        terminating: 0,
        succeeded: 1,
        completionTime: now,
        conditions: [said("SuccessCriteriaMet"), said("Complete")],
      }
    : {
        active: 0,
        ready: 0,
        terminating: 0,
        failed: 3,
        conditions: [said("FailureTarget"), said("Failed")],
      };
}

async function tell<T extends Job | StatefulSet>(
  type: Parameters<Client["get"]>[0],
  object: T,
  status: unknown,
  client: Client,
  context: Context,
): Promise<void> {
  const patch = { kind: "merge", patch: { status } } as const;
  await client.patch(type, keyOf(object), patch, context, { subresource: "status" });
}
