/** Objects of kinds that Setpoint brings no controller for, while nothing acts on them. */
import { isFields, type ApiObject } from "../../../machinery/object.ts";
import { notReady, OWNED, type Judgement } from "./judgement.ts";
import { valueAt } from "./reading.ts";

const KINDS: ReadonlySet<string> = new Set([
  "apps/StatefulSet",
  "apps/DaemonSet",
  "batch/Job",
  "batch/CronJob",
  "autoscaling/HorizontalPodAutoscaler",
]);

/** Undefined: it is of another kind, or somebody has written its status, or it is suspended. */
export function judgeUnattended(object: ApiObject, groupKind: string): Judgement | undefined {
  if (!KINDS.has(groupKind) || valueAt(object, "spec", "suspend") === true) return undefined;
  const status = valueAt(object, "status");
  if (isFields(status) && Object.values(status).some(isTelling)) return undefined;
  const what =
    `nothing, until a controller of ${object.kind ?? ""}s runs: Setpoint brings none; ` +
    "kube-controller-manager is one, beside `setpoint up --no-controllers`";
  const problem = "nobody acts on it: its status has never been written";
  return notReady(problem, {
    since: object.metadata.creationTimestamp,
    next: [{ what }],
    leads: OWNED,
  });
}

/** The server itself fills in zeros for counts that are required. */
function isTelling(value: unknown): boolean {
  return value !== 0 && value !== null && value !== undefined;
}
