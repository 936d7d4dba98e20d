/** What claims, nodes, and objects of any kind wait for, by what their conditions say. */
import { apiTime, parseApiTime } from "../../../machinery/api-time.ts";
import type { Condition } from "../../../machinery/conditions.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../../machinery/finalizers.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import {
  notReady,
  OWNED,
  ready,
  type Judge,
  type Judgement,
  type Lead,
  type NextStep,
} from "./judgement.ts";
import { graceEnd } from "./pod.ts";
import { conditionOf, conditionsOf, conditionText, numberAt, textAt, valueAt } from "./reading.ts";

/** Conditions that are True when all is well, the most telling first. */
const WELL = [
  "Ready",
  "Available",
  "Established",
  "NamesAccepted",
  "Healthy",
  "Succeeded",
  "Complete",
  "Synced",
  "Reconciled",
  "Accepted",
  "Programmed",
  "ScalingActive",
  "AbleToScale",
];
/** Conditions that are True when something is wrong. */
const ILL = ["Failed", "Stalled", "Degraded", "Error"];

export const judgeAny: Judge = (object, events) => {
  const conditions = conditionsOf(object);
  const find = (type: string): Condition | undefined =>
    conditions.find((condition) => condition.type === type);
  const ill = ILL.map(find).find((condition) => condition?.status === "True");
  const unwell = WELL.map(find).find((condition) => condition && condition.status !== "True");
  const problem = unwell ?? ill;
  const late = staleness(object, problem);
  if (late !== undefined) return late;
  if (problem !== undefined) {
    const since = problem.lastTransitionTime;
    return notReady(conditionText(problem), { since, leads: OWNED });
  }
  if (conditions.length > 0) return ready(conditions.map(({ type }) => type).join(", "));
  const warning = events.find(({ isWarning }) => isWarning);
  if (valueAt(object, "status") === undefined || warning === undefined) {
    return ready("it has no conditions, and nothing is told against it");
  }
  return notReady(`${warning.reason}: ${warning.message}`, { leads: OWNED });
};

/** What its conditions say is of the past if its controller has not looked at it since. */
function staleness(object: ApiObject, condition: Condition | undefined): Judgement | undefined {
  const { generation = 0 } = object.metadata;
  const observed =
    numberAt(object, "status", "observedGeneration") ?? condition?.observedGeneration;
  if (observed === undefined || observed >= generation) return undefined;
  const seen = `only at ${observed}`;
  const problem = `no controller has looked at generation ${generation} of it yet, ${seen}`;
  return notReady(problem, { next: [{ what: "its controller looks at it, if it runs" }] });
}

export const judgeClaim: Judge = (claim, events) => {
  const phase = textAt(claim, "status", "phase") ?? "Pending";
  if (phase === "Bound") return ready("Bound");
  if (phase === "Lost") return notReady("the volume it was bound to is gone");
  const told = events[0];
  const className = textAt(claim, "spec", "storageClassName");
  const without = "no volume is bound to it, and it names no storage class that could make one";
  const fallback = className === undefined ? without : `no volume of class ${className} yet`;
  const problem = told === undefined ? fallback : `${told.reason}: ${told.message}`;
  const next = [{ what: "it is bound when a volume fits, or a provisioner has made one" }];
  return notReady(`it is ${phase}: ${problem}`, { next, leads: classLead(className) });
};

function classLead(name: string | undefined): readonly Lead[] {
  if (name === undefined || name === "") return [];
  const named = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", namespace: "", name };
  return [{ kind: "object", name: named, isNeeded: true }];
}

export const judgeNode: Judge = (node) => {
  const condition = conditionOf(node, "Ready");
  if (condition?.status === "True") return ready("Ready");
  if (condition === undefined) return notReady("its agent has not reported yet");
  const isSilent = condition.status === "Unknown";
  const next = [
    {
      what: isSilent
        ? "its agent has stopped reporting; pods that do not tolerate that are evicted in time"
        : "its agent reports again when that has changed",
    },
  ];
  return notReady(conditionText(condition), { since: condition.lastTransitionTime, next });
};

/** Undefined: nobody has asked for its deletion. */
export function judgeTerminating(object: ApiObject): Judgement | undefined {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const graceAt = object.kind === "Pod" ? graceEnd(object) : undefined;
  const graceSeconds = numberAt(object, "metadata", "deletionGracePeriodSeconds") ?? 0;
  const since = apiTime(parseApiTime(deletionTimestamp) - graceSeconds * 1_000);
  const remains = conditionsOf(object).filter(
    ({ type, status }) => status === "True" && /^Namespace.*(?:Remain|Fail)/.test(type),
  );
  const said = remains.map(conditionText).join("; ");
  const inSpec = valueAt(object, "spec", "finalizers");
  const keepers = [...finalizers, ...(Array.isArray(inSpec) ? inSpec.map(String) : [])];
  const kept = keepers.length === 0 ? "" : `, kept by its finalizers: ${keepers.join(", ")}`;
  const next: NextStep[] = keepers.map((name) => ({ what: finalizerText(name) }));
  if (graceAt !== undefined) next.push({ what: "what still runs of it is killed", at: graceAt });
  const problem = `it is on its way out${kept}${said === "" ? "" : ` (${said})`}`;
  const namespace = object.metadata.name ?? "";
  const isNamespace = object.kind === "Namespace" && object.apiVersion === "v1";
  const leads: readonly Lead[] = isNamespace ? [{ kind: "leaving", namespace }] : OWNED;
  return notReady(problem, { since, next, leads });
}

function finalizerText(name: string): string {
  switch (name) {
    case FOREGROUND_FINALIZER:
      return "it goes when the objects it owns that block its deletion have gone";
    case ORPHAN_FINALIZER:
      return "it goes when the objects it owns have forgotten it";
    case "kubernetes.io/pvc-protection":
      return "it goes when no pod uses it any more";
    case "kubernetes.io/pv-protection":
      return "it goes when no claim is bound to it any more";
    case "kubernetes":
      return "it goes when nothing is left in it";
    default:
      return (
        `it goes when whoever put ${name} there takes it away; ` +
        "if that runs no more, nobody ever will, unless by hand"
      );
  }
}
