/** Makes every Backup: one job on the volume of its database, which is never redone. */
import { Job, PersistentVolumeClaim } from "setpoint/client";
import {
  controller,
  type DeclaredController,
  type ReconcileContext,
} from "setpoint/controller-runtime";
import { apiTime } from "setpoint/machinery";
import { Backup, Database } from "./kinds.ts";
import { archiveOf, jobIntent, volumeName } from "./parts.ts";
import { factsOf, progressOfBackup, progressOfJob } from "./progress.ts";

export const backups: DeclaredController = controller(Backup, {
  owns: [Job],
  reads: [Database, PersistentVolumeClaim],
  async reconcile(backup, ctx) {
    const progress = progressOfBackup(backup);
    if (progress === "complete" || progress === "failed") return ctx.done();
    const { database: of } = backup.spec;
    const database = await ctx.get(Database, of);
    if (database === undefined) {
      tell(ctx, "NoDatabase", `there is no Database ${of}`);
      return ctx.waitFor(Database, of);
    }
    if (isConverted(database)) {
      tell(ctx, "Waiting", "the volume is being converted");
      return ctx.waitFor(Database, of, { isReady: (it) => !isConverted(it) });
    }
    const volume = await ctx.get(PersistentVolumeClaim, volumeName(of));
    if (volume === undefined || factsOf(volume).awaits !== "") {
      tell(ctx, "NoData", "there is nothing on the volume yet");
      const isReady = (it: PersistentVolumeClaim): boolean => factsOf(it).awaits === "";
      return ctx.waitFor(PersistentVolumeClaim, volumeName(of), { isReady });
    }

    const { version } = factsOf(volume);
    const { name: own = "", uid = "" } = backup.metadata;
    const archive = `${archiveOf(database)}/${own}`;
    // Not by its name: the job of another backup of this name may still be there.
    const name = `${own}-${uid.slice(-6)}`;
    const job =
      ctx.owned(Job)[0] ??
      (await ctx.apply(Job, jobIntent(of, { name, task: "backup", version, archive })));
    switch (progressOfJob(job)) {
      case "complete": {
        const finishedAt = job.status?.completionTime ?? apiTime(ctx.now());
        ctx.status.set({ version, archive, finishedAt });
        ctx.status.condition("Complete", true, "Done", `at ${finishedAt}`);
        break;
      }
      case "failed":
        ctx.status.condition("Complete", false, "JobFailed", `see job ${name}`);
        ctx.warn("BackupFailed", `of Database ${of}: see job ${name}`);
        break;
      case "none":
      case "running":
        tell(ctx, "Running", `job ${name}`);
    }
    return ctx.done();
  },
});

function isConverted({ status }: Database): boolean {
  return status?.upgrade?.step === "Converting";
}

function tell(ctx: ReconcileContext<Backup>, reason: string, message: string): void {
  ctx.status.condition("Complete", "Unknown", reason, message);
}
