/** How far the objects are that others act on. */
import type { Job, PersistentVolumeClaim, StatefulSet } from "setpoint/client";
import { findCondition, isConditionTrue } from "setpoint/machinery";
import type { Backup } from "./kinds.ts";
import { AWAITS, VERSION } from "./parts.ts";

export type Progress = "none" | "running" | "complete" | "failed";

export function progressOfJob(job: Job | undefined): Progress {
  if (job === undefined) return "none";
  if (isConditionTrue(job.status?.conditions, "Complete")) return "complete";
  return isConditionTrue(job.status?.conditions, "Failed") ? "failed" : "running";
}

export function progressOfBackup(backup: Backup | undefined): Progress {
  if (backup === undefined) return "none";
  const status = findCondition(backup.status?.conditions, "Complete")?.status;
  if (status === "True") return "complete";
  return status === "False" ? "failed" : "running";
}

/** Of both what is told and what is asked: it has seen that nothing shall run, and nothing does. */
export function isStopped(server: StatefulSet | undefined): boolean {
  if (server === undefined) return true;
  const { status, spec, metadata } = server;
  const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return isSeen && spec.replicas === 0 && (status?.replicas ?? 0) === 0;
}

export function isServing({ status, metadata }: StatefulSet): boolean {
  const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return isSeen && (status?.readyReplicas ?? 0) > 0;
}

/** What the volume says of itself: it is the only one that cannot be wrong about it. */
export type VolumeFacts = { readonly version: number; readonly awaits: string };

export function factsOf({ metadata }: PersistentVolumeClaim): VolumeFacts {
  const { [VERSION]: version, [AWAITS]: awaits = "" } = metadata.annotations ?? {};
  return { version: Number(version), awaits };
}
