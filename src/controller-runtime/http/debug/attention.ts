/** What of a report a person should look at, the worst first. Pure. */
import type { Health } from "../../manager/health.ts";
import type { ControllerReport, DebugReport } from "./debug-report.ts";
import { durationText } from "./quantities.ts";

/** A run that takes longer is worth a look. */
export const LONG_RUN_MS = 60_000;

/** So is a key that waits longer for a worker: by then, keys of low priority have their share. */
export const LONG_WAIT_MS = 10_000;

/** And a certificate that ends sooner: those that renew themselves never come near it. */
export const CERTIFICATE_SOON_MS: number = 7 * 24 * 60 * 60_000;

/** Of an error, this much is told here. */
const ERROR_LENGTH_MAX = 200;

export function attentionOf(
  report: Pick<DebugReport, "phase" | "leadership" | "controllers" | "views" | "webhooks">,
  ready: Health,
): readonly string[] {
  const checks = ready.checks.filter(({ isOk }) => !isOk);
  const { controllers, webhooks } = report;
  return [
    ...checks.map(({ name, state }) => `not ready: ${name}: ${state}`),
    ...leaseAttention(report),
    ...certificateAttention(webhooks?.certificateEndsInMs),
    ...report.views.flatMap(({ resource, hasSynced, lastError, silentForMs = 0 }) => {
      if (!hasSynced || lastError === undefined) return []; // else readiness has said it
      const error = short(lastError);
      return `the view of ${resource} has heard nothing for ${durationText(silentForMs)}: ${error}`;
    }),
    ...controllers.flatMap(longRuns),
    ...controllers.flatMap(failing),
    ...controllers.flatMap(parked),
    ...controllers.flatMap(slowed),
    ...controllers.flatMap(backlog),
  ];
}

function leaseAttention({
  phase,
  leadership,
}: Pick<DebugReport, "phase" | "leadership">): readonly string[] {
  if (phase !== "leading" || leadership?.isLeading !== false) return [];
  return [`the lease ${leadership.name} is not held any more: writes are refused`];
}

function certificateAttention(endsInMs: number | undefined): readonly string[] {
  if (endsInMs === undefined || endsInMs > CERTIFICATE_SOON_MS) return [];
  if (endsInMs <= 0) return []; // readiness has said it
  return [`the certificate of the webhooks ends in ${durationText(endsInMs)}`];
}

function longRuns({ name, running }: ControllerReport): readonly string[] {
  const [oldest] = running.first;
  if (oldest === undefined || oldest.runsForMs < LONG_RUN_MS) return [];
  const { key, runsForMs, calls } = oldest;
  const where = calls.length === 0 ? "in no API call" : `in ${calls[0]?.call ?? ""}`;
  return [`${name}: ${key} runs for ${durationText(runsForMs)}, ${where}`];
}

function failing({ name, failing: { count, first } }: ControllerReport): readonly string[] {
  const [worst] = first;
  if (worst === undefined) return [];
  const { key, failures, dueInMs, lastError } = worst;
  const times = failures === 1 ? "once" : `${failures} times in a row`;
  const why = lastError === undefined ? "" : `: ${short(lastError.text)}`;
  const next = `next try in ${durationText(dueInMs)}`;
  return [`${name}: ${objects(count, "fails", "fail")}; ${key} ${times}, ${next}${why}`];
}

function parked({ name, parked: { count, first } }: ControllerReport): readonly string[] {
  const [newest] = first;
  if (newest === undefined) return [];
  const what = objects(count, "has failed for good", "have failed for good");
  return [`${name}: ${what}; ${newest.key}: ${short(newest.error.text)}`];
}

function slowed({ name, slowed: { count, first } }: ControllerReport): readonly string[] {
  const [slowest] = first;
  if (slowest === undefined) return [];
  const what = objects(count, "goes round in circles", "go round in circles");
  const { key, why, delayMs } = slowest;
  return [`${name}: ${what}; ${key} runs every ${durationText(delayMs)} (${why})`];
}

function backlog({ name, ready: { count, first }, workers }: ControllerReport): readonly string[] {
  const [oldest] = first;
  if (oldest === undefined || oldest.waitsForMs < LONG_WAIT_MS) return [];
  const what = objects(count, "waits for a worker", "wait for a worker");
  const long = `the first for ${durationText(oldest.waitsForMs)}`;
  return [`${name}: ${what}, ${long}; concurrency is ${workers}`];
}

function objects(count: number, one: string, many: string): string {
  return count === 1 ? `1 object ${one}` : `${count} objects ${many}`;
}

function short(text: string): string {
  return text.length <= ERROR_LENGTH_MAX ? text : `${text.slice(0, ERROR_LENGTH_MAX)}...`;
}
