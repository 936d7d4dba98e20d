/**
 * The end of a Database. No data goes before a backup of it is complete, unless its spec says so;
 * and the object does not stay for ever: after a deadline it goes, and the volume is kept.
 */
import { PersistentVolumeClaim, StatefulSet } from "setpoint/client";
import type { Outcome } from "setpoint/controller-runtime";
import { apiTime, parseApiTime } from "setpoint/machinery";
import { makeBackup } from "./keep-backups.ts";
import { Backup, DatabaseConditions, type Database, type DatabaseContext } from "./kinds.ts";
import { nameOf, volumeName } from "./parts.ts";
import { factsOf, isStopped, progressOfBackup } from "./progress.ts";

export async function letGo(database: Database, ctx: DatabaseContext): Promise<Outcome> {
  const { metadata, spec } = database;
  const { name = "" } = metadata;
  const volume = await ctx.get(PersistentVolumeClaim, volumeName(name));
  if (volume === undefined) return ctx.done();
  const isEmpty = factsOf(volume).awaits !== ""; // what shall be on it is still in a backup
  if (spec.deletionPolicy === "Delete" || isEmpty) return deleteVolume(volume, ctx);
  if (spec.deletionPolicy === "Retain") return keepVolume(volume, "the policy says so", ctx);

  const backup = lastBackupOf(database);
  const deadlineMs = parseApiTime(metadata.deletionTimestamp ?? "") + spec.deletionMinutes * 60_000;
  const deadline = apiTime(deadlineMs);
  ctx.status.set({ deletion: { deadline, backup } });
  const progress = progressOfBackup(await ctx.get(Backup, backup));
  if (progress === "complete") return deleteVolume(volume, ctx);
  const leftMs = deadlineMs - ctx.now();
  if (!(leftMs > 0)) return keepVolume(volume, `there is no backup ${backup} by ${deadline}`, ctx);

  const message =
    progress === "failed"
      ? `backup ${backup} has failed: delete it to try again; at ${deadline} the volume is kept`
      : `a last backup ${backup} is made; without it the volume is kept at ${deadline}`;
  DatabaseConditions.set(ctx, "Available", false, "Stopped", message);
  // Only when nothing can be written any more is it the last one. Both wake us.
  if (await stopServer(name, ctx)) await makeBackup(database, backup, "deletion", ctx);
  return ctx.requeueAfter(leftMs);
}

/** While a volume is converted nobody writes: the backup before it is the last one, and is good. */
function lastBackupOf(database: Database): string {
  const { upgrade } = database.status ?? {};
  return upgrade?.step === "Converting" ? upgrade.backup : nameOf(database, "last");
}

/** Whether it has stopped. */
async function stopServer(name: string, ctx: DatabaseContext): Promise<boolean> {
  const server = await ctx.get(StatefulSet, name);
  if (server === undefined || isStopped(server)) return true;
  if (server.spec.replicas === 0) return false;
  const patch = { kind: "merge", patch: { spec: { replicas: 0 } } } as const;
  await ctx.client.patch(StatefulSet, { namespace: ctx.key.namespace, name }, patch, ctx);
  return false;
}

async function deleteVolume(volume: PersistentVolumeClaim, ctx: DatabaseContext): Promise<Outcome> {
  await ctx.delete(PersistentVolumeClaim, volume);
  return ctx.done();
}

function keepVolume(
  { metadata }: PersistentVolumeClaim,
  why: string,
  ctx: DatabaseContext,
): Outcome {
  ctx.warn("VolumeKept", `volume ${metadata.name ?? ""} is kept: ${why}`);
  return ctx.done();
}
