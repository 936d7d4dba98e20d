/** Does what `upgrade.ts` decides. */
import { Job, PersistentVolumeClaim, StatefulSet } from "setpoint/client";
import { queryOfLabels } from "setpoint/machinery";
import { makeBackup } from "./keep-backups.ts";
import {
  Backup,
  DatabaseConditions,
  type Database,
  type DatabaseContext,
  type UpgradeStatus,
} from "./kinds.ts";
import { archiveOf, DATABASE, jobIntent, nameOf, REASON, volumeIntent } from "./parts.ts";
import { isStopped, progressOfBackup, progressOfJob } from "./progress.ts";
import { nextStep, type UpgradeStep } from "./upgrade.ts";

/** What shall run. */
export type Server = {
  readonly version: number;
  readonly replicas: 0 | 1;
  /** What comes next waits for nothing but this run's status. */
  readonly isNextDue?: boolean;
};

/** `present`: the version of what is on the volume. */
export async function upgrade(
  database: Database,
  present: number,
  ctx: DatabaseContext,
): Promise<Server> {
  const { metadata, spec, status } = database;
  const { name = "", generation = 0 } = metadata;
  const before = status?.upgrade;
  // Whatever the spec says by now: a volume that is being converted is no other's.
  const asked = before?.step === "Converting" ? before.to : spec.version;
  const since = before?.to === asked ? before.since : generation;
  const id = nameOf(database, `v${asked}-${since}`);

  const step = nextStep({
    asked,
    present,
    isStopped: isStopped(await ctx.get(StatefulSet, name)),
    backup: progressOfBackup(await ctx.get(Backup, id)),
    conversion: progressOfJob(await ctx.get(Job, id)),
  });
  tell(step, asked, id, ctx);
  const next = { to: asked, since, backup: id };
  switch (step.kind) {
    case "serve": {
      const isOver = step.reason !== "BackupFailed";
      ctx.status.set({ upgrade: isOver ? null : { ...next, step: "BackingUp" } });
      return { version: present, replicas: 1 };
    }
    case "converted": {
      const volume = volumeIntent(database, { version: asked, awaits: "" });
      await ctx.apply(PersistentVolumeClaim, volume, { isOwned: false });
      ctx.event("Upgraded", `from version ${present} to ${asked}`);
      ctx.status.set({ upgrade: null });
      return { version: asked, replicas: 1 };
    }
    case "stuck":
      ctx.status.set({ upgrade: { ...next, step: "Converting" } });
      return { version: present, replicas: 0 };
    case "stop":
      ctx.status.set({ upgrade: { ...next, step: step.reason } });
      if (step.reason === "BackingUp") await makeBackup(database, id, "upgrade", ctx);
      // First it is written down, so that no more backups begin; then, in the next run, done.
      if (step.reason === "Converting" && before?.step === "Converting") {
        await convert(database, next, ctx);
      }
      return { version: present, replicas: 0, isNextDue: before?.step !== step.reason };
  }
}

async function convert(
  database: Database,
  { to, backup: name }: Pick<UpgradeStatus, "to" | "backup">,
  ctx: DatabaseContext,
): Promise<void> {
  const { name: owner = "" } = database.metadata;
  if ((await ctx.get(Job, name)) !== undefined || (await isVolumeRead(owner, ctx))) return;
  const task = { name, task: "convert", version: to, archive: archiveOf(database) } as const;
  await ctx.apply(Job, jobIntent(owner, task));
}

function tell(step: UpgradeStep, asked: number, id: string, ctx: DatabaseContext): void {
  switch (step.kind) {
    case "converted":
      return DatabaseConditions.set(ctx, "Upgraded", true, "AsAsked");
    case "stuck": {
      const message = `job ${id}: ${step.why}`;
      return DatabaseConditions.set(ctx, "Upgraded", false, "ConversionFailed", message);
    }
    case "stop": {
      const message = `to version ${asked}, with backup and job ${id}`;
      return DatabaseConditions.set(ctx, "Upgraded", false, step.reason, message);
    }
    case "serve": {
      if (step.reason === "AsAsked") {
        return DatabaseConditions.set(ctx, "Upgraded", true, "AsAsked");
      }
      return DatabaseConditions.set(ctx, "Upgraded", false, step.reason, step.why);
    }
  }
}

/** By backups that began before. Their end wakes us. */
async function isVolumeRead(database: string, ctx: DatabaseContext): Promise<boolean> {
  const labels = queryOfLabels({ [DATABASE]: database, [REASON]: "backup" });
  const jobs = await ctx.list(Job, { labels });
  return jobs.some((job) => progressOfJob(job) === "running");
}
