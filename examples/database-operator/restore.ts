/** Puts a backup onto a new volume, before any server has seen it. */
import { Job, PersistentVolumeClaim } from "setpoint/client";
import type { Outcome } from "setpoint/controller-runtime";
import { Backup, DatabaseConditions, type Database, type DatabaseContext } from "./kinds.ts";
import { jobIntent, nameOf, volumeIntent } from "./parts.ts";
import { progressOfBackup, progressOfJob, type VolumeFacts } from "./progress.ts";

/** Undefined: there is nothing to restore, or it is done. */
export async function restore(
  database: Database,
  { version, awaits }: VolumeFacts,
  ctx: DatabaseContext,
): Promise<Outcome | undefined> {
  if (awaits === "") return undefined;
  const backup = await ctx.get(Backup, awaits);
  if (progressOfBackup(backup) !== "complete") {
    tell(ctx, "Restoring", `waits for backup ${awaits} to be complete`);
    return ctx.waitFor(Backup, awaits, { isReady: (it) => progressOfBackup(it) === "complete" });
  }
  const { version: of, archive = "" } = backup?.status ?? {};
  if (of !== version) {
    tell(ctx, "NotRestored", `backup ${awaits} is of version ${of}, not ${version}`);
    return ctx.done();
  }
  const { name: owner = "" } = database.metadata;
  const name = nameOf(database, "restore");
  const intent = jobIntent(owner, { name, task: "restore", version, archive });
  const job = (await ctx.get(Job, name)) ?? (await ctx.apply(Job, intent));
  switch (progressOfJob(job)) {
    case "complete": {
      // Written on the volume itself: from now on nothing is ever put onto it again.
      const done = volumeIntent(database, { version, awaits: "" });
      await ctx.apply(PersistentVolumeClaim, done, { isOwned: false });
      ctx.event("Restored", `from backup ${awaits}`);
      return undefined;
    }
    case "failed":
      tell(ctx, "NotRestored", `job ${name} has failed; delete it to try again`);
      return ctx.done();
    case "none":
    case "running":
      tell(ctx, "Restoring", `from backup ${awaits}`);
      return ctx.done();
  }
}

function tell(ctx: DatabaseContext, reason: "Restoring" | "NotRestored", message: string): void {
  DatabaseConditions.set(ctx, "Available", false, reason, message);
}
