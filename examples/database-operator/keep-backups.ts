/** Backups by the schedule, and how well the database is backed up. */
import type { Outcome } from "setpoint/controller-runtime";
import { queryOfLabels } from "setpoint/machinery";
import { Backup, Database, DatabaseConditions, type DatabaseContext } from "./kinds.ts";
import { DATABASE, DATABASE_UID, nameOf, REASON } from "./parts.ts";
import { isLate, lastComplete, slotAt, surplusOf } from "./schedule.ts";

/** Timers stand still while a machine sleeps; the time of day does not. */
const LOOK_MS_MAX = 3_600_000;

export async function keepBackups(
  database: Database,
  { isQuiet, isUp }: { readonly isQuiet: boolean; readonly isUp: boolean },
  ctx: DatabaseContext,
): Promise<Outcome> {
  const { everyHours, keep } = database.spec.backups;
  const labels = queryOfLabels({ [DATABASE_UID]: database.metadata.uid ?? "" });
  const backups = await ctx.list(Backup, { labels });
  const last = lastComplete(backups);
  const slot = slotAt(ctx.now(), everyHours);
  // Before a server was up there is nothing to back up.
  if (isQuiet && (isUp || last !== undefined)) {
    await makeBackup(database, nameOf(database, slot.name), "schedule", ctx);
  }
  const named = new Set((await ctx.list(Database)).map(({ spec }) => spec.restoreFrom));
  for (const old of surplusOf(backups, keep)) {
    // Somebody begins with it: it stays as long as they do.
    if (!named.has(old.metadata.name)) await ctx.delete(Backup, old);
  }

  ctx.status.set({ lastBackup: last?.metadata.name ?? null });
  if (last === undefined) DatabaseConditions.set(ctx, "BackedUp", false, "None");
  else {
    const late = isLate(last, ctx.now(), everyHours);
    const message = `last at ${last.status?.finishedAt ?? ""}`;
    DatabaseConditions.set(ctx, "BackedUp", !late, late ? "Late" : "Done", message);
  }
  return ctx.requeueAfter(Math.min(LOOK_MS_MAX, slot.nextMs - ctx.now()));
}

/** Not owned: it outlives its database. */
export async function makeBackup(
  database: Database,
  name: string,
  reason: "schedule" | "upgrade" | "deletion",
  ctx: DatabaseContext,
): Promise<Backup> {
  const present = await ctx.get(Backup, name);
  if (present !== undefined) return present;
  const { name: owner = "", uid = "" } = database.metadata;
  const labels = { [DATABASE]: owner, [DATABASE_UID]: uid, [REASON]: reason };
  const intent = { metadata: { name, labels }, spec: { database: owner } };
  return ctx.apply(Backup, intent, { isOwned: false });
}
