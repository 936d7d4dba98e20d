/**
 * What to do next on the way to another major version: a decision, apart from all writes. One step
 * at a time, each of them seen to be done before the next.
 */
import type { Progress } from "./progress.ts";

export type UpgradeFacts = {
  /** By the spec. */
  readonly asked: number;
  /** Of what is on the volume. */
  readonly present: number;
  readonly isStopped: boolean;
  /** The backup that is made for this upgrade. */
  readonly backup: Progress;
  /** The job that converts the volume. */
  readonly conversion: Progress;
};

export type UpgradeStep =
  | { readonly kind: "serve"; readonly reason: "AsAsked" }
  | { readonly kind: "serve"; readonly reason: "Refused" | "BackupFailed"; readonly why: string }
  /** The server is stopped first, so that the backup holds all that was ever written. */
  | { readonly kind: "stop"; readonly reason: "Stopping" | "BackingUp" | "Converting" }
  | { readonly kind: "stuck"; readonly why: string }
  | { readonly kind: "converted" };

export function nextStep(facts: UpgradeFacts): UpgradeStep {
  const { asked, present, backup, conversion } = facts;
  if (asked === present) return { kind: "serve", reason: "AsAsked" };
  const refusal = refusalOf(present, asked);
  if (refusal !== undefined) return { kind: "serve", reason: "Refused", why: refusal };
  if (conversion === "complete") return { kind: "converted" };
  if (conversion === "failed") {
    return { kind: "stuck", why: "the volume may be half converted; delete the job to try again" };
  }
  if (conversion === "running") return { kind: "stop", reason: "Converting" };
  if (backup === "failed") {
    const why = "without a backup nothing is converted; delete the backup to try again";
    return { kind: "serve", reason: "BackupFailed", why };
  }
  if (!facts.isStopped) return { kind: "stop", reason: "Stopping" };
  if (backup !== "complete") return { kind: "stop", reason: "BackingUp" };
  return { kind: "stop", reason: "Converting" };
}

/** Why a version cannot follow another one; also for who is asked before it is written. */
export function refusalOf(present: number, asked: number): string | undefined {
  if (asked < present) return `data of version ${present} cannot go back to ${asked}`;
  if (asked > present + 1) return `go to ${present + 1} first: versions cannot be skipped`;
  return undefined;
}
