/** Keeps a server for every Database: its password, address, volume, backups; and its upgrades. */
import { Job, PersistentVolumeClaim, Secret, Service, StatefulSet } from "setpoint/client";
import {
  controller,
  watches,
  type DeclaredController,
  type Outcome,
} from "setpoint/controller-runtime";
import { keepBackups } from "./keep-backups.ts";
import { Backup, Database, DatabaseConditions, type DatabaseContext } from "./kinds.ts";
import { letGo } from "./let-go.ts";
import { DATABASE, serverIntent, serviceIntent, volumeIntent, volumeName } from "./parts.ts";
import { keepPassword } from "./password.ts";
import { factsOf, isServing, type VolumeFacts } from "./progress.ts";
import { restore } from "./restore.ts";
import { upgrade } from "./run-upgrade.ts";

export const databases: DeclaredController = controller(Database, {
  owns: [StatefulSet, Service, Secret, Job],
  watches: [
    watches(Backup, ({ metadata: { namespace = "" }, spec }) => [
      { namespace, name: spec.database },
    ]),
    watches(PersistentVolumeClaim, ({ metadata: { namespace = "", labels } }) => {
      const name = labels?.[DATABASE];
      return name === undefined ? [] : [{ namespace, name }];
    }),
  ],
  conditions: DatabaseConditions,
  reconcile: keep,
  finalize: letGo,
  // What is made and not owned.
  permissions: [
    {
      apiGroups: [""],
      resources: ["persistentvolumeclaims"],
      verbs: ["create", "patch", "delete"],
    },
    {
      apiGroups: [Backup.group],
      resources: [Backup.resource],
      verbs: ["create", "patch", "delete"],
    },
  ],
});

async function keep(database: Database, ctx: DatabaseContext): Promise<Outcome> {
  const secret = await keepPassword(database, ctx);
  await ctx.apply(Service, serviceIntent(database));
  const volume = await keepVolume(database, ctx);
  if (volume === "lost") return tellLost(database, ctx);
  const waiting = await restore(database, volume, ctx);
  if (waiting !== undefined) return waiting;

  const { version, replicas, isNextDue = false } = await upgrade(database, volume.version, ctx);
  const server = await ctx.apply(
    StatefulSet,
    serverIntent(database, { version, replicas, secret }),
  );
  ctx.status.set({ version });
  const isUp = replicas === 1 && isServing(server);
  const reason = isUp ? "Serving" : replicas === 1 ? "Starting" : "Upgrading";
  DatabaseConditions.set(ctx, "Available", isUp, reason, `version ${version}`);
  const outcome = await keepBackups(database, { isQuiet: replicas === 1, isUp }, ctx);
  return isNextDue ? ctx.requeueAfter(0) : outcome;
}

/** Made once. A volume that was kept when another Database of this name went is found again. */
async function keepVolume(database: Database, ctx: DatabaseContext): Promise<VolumeFacts | "lost"> {
  const { metadata, spec, status } = database;
  const present = await ctx.get(PersistentVolumeClaim, volumeName(metadata.name ?? ""));
  if (present === undefined && status?.version !== undefined) return "lost";
  const facts =
    present === undefined
      ? { version: spec.version, awaits: spec.restoreFrom ?? "" }
      : factsOf(present);
  const intent = volumeIntent(database, facts);
  await ctx.apply(PersistentVolumeClaim, intent, { isOwned: false });
  return facts;
}

/** An empty volume in its place would look as if all were well. */
function tellLost({ status }: Database, ctx: DatabaseContext): Outcome {
  const last = status?.lastBackup ?? "none";
  const message = `the volume is gone: make another Database from a backup (the last is ${last})`;
  DatabaseConditions.set(ctx, "Available", false, "VolumeLost", message);
  return ctx.done();
}
