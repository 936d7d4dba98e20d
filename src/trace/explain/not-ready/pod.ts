/** What a pod waits for: a node, its volumes, its init containers, its containers, its gates. */
import { apiTime, parseApiTime } from "../../../machinery/api-time.ts";
import type { ApiObject, Fields } from "../../../machinery/object.ts";
import { judgeContainer } from "./container.ts";
import { notReady, ready, type Judge, type Judgement, type Lead } from "./judgement.ts";
import {
  conditionOf,
  conditionsOf,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
  valueAt,
} from "./reading.ts";

export const judgePod: Judge = (pod, events, nowMs) => {
  const phase = textAt(pod, "status", "phase") ?? "Pending";
  if (phase === "Succeeded") return ready("all its containers have completed");
  if (phase === "Failed") {
    const why = [textAt(pod, "status", "reason"), textAt(pod, "status", "message")];
    const text = why.filter((part) => part !== undefined).join(": ");
    const next = [{ what: "nothing: a pod that has failed stays so; its owner makes another" }];
    return notReady(`it has failed${text === "" ? "" : `: ${text}`}`, { next });
  }
  const condition = conditionOf(pod, "Ready");
  if (condition?.status === "True") return ready("Ready");
  const unplaced =
    textAt(pod, "spec", "nodeName") === undefined ? placement(pod, nowMs) : undefined;
  const found = unplaced ?? waitingContainer(pod, events, nowMs) ?? gate(pod);
  const judged = found ?? notReady(conditionProblem(pod), { leads: [] });
  if (judged.isReady) return judged;
  const leads = [...judged.leads, ...claimLeads(pod), ...nodeLead(pod)];
  const since = earlier(judged.since, condition?.lastTransitionTime);
  return { ...judged, ...(since === undefined ? {} : { since }), leads };
};

/** A container that crashes is ready now and then: the pod's condition tells of the last time. */
function earlier(since: string | undefined, unready: string | undefined): string | undefined {
  if (since === undefined || unready === undefined) return unready ?? since;
  return parseApiTime(since) < parseApiTime(unready) ? since : unready;
}

/** Why it has no node yet. */
function placement(pod: ApiObject, nowMs: number): Judgement {
  const gates = itemsAt(pod, "spec", "schedulingGates").map((gate) => textAt(gate, "name") ?? "");
  if (gates.length > 0) {
    const next = [{ what: "it is scheduled when whoever put the gates there takes them away" }];
    return notReady(`it is held by scheduling gates: ${gates.join(", ")}`, { next });
  }
  const scheduled = conditionOf(pod, "PodScheduled");
  const scheduler = textAt(pod, "spec", "schedulerName") ?? "default-scheduler";
  if (scheduled === undefined) {
    const age = nowMs - parseApiTime(pod.metadata.creationTimestamp ?? "");
    const what = age > 10_000 ? `is a scheduler running that is named ${scheduler}?` : "it does so";
    return notReady(`the scheduler ${scheduler} has not looked at it yet`, { next: [{ what }] });
  }
  const { reason = "", message = "", lastTransitionTime: since } = scheduled;
  const what = "the scheduler tries again when nodes, pods or claims change in a way that may help";
  const problem = `no node is found for it: ${reason}: ${message}${wishText(pod, message)}`;
  return notReady(problem, { since, next: [{ what }] });
}

/** What the pod asks for of that which the scheduler did not find. */
function wishText(pod: ApiObject, message: string): string {
  const wishes: string[] = [];
  const labels = Object.entries(textsAt(pod, "spec", "nodeSelector"));
  if (message.includes("affinity/selector") && labels.length > 0) {
    wishes.push(`nodes with ${labels.map(([name, value]) => `${name}=${value}`).join(", ")}`);
  }
  for (const [, resource = ""] of message.matchAll(/Insufficient ([\w./-]*\w)/g)) {
    const asked = itemsAt(pod, "spec", "containers").flatMap((container) => {
      const amount = valueAt(container, "resources", "requests", resource);
      return typeof amount === "string" || typeof amount === "number" ? [String(amount)] : [];
    });
    if (asked.length > 0) wishes.push(`${resource} ${asked.join(" + ")}`);
  }
  return wishes.length === 0 ? "" : ` (it asks for ${wishes.join("; ")})`;
}

function waitingContainer(
  pod: ApiObject,
  events: Parameters<Judge>[1],
  nowMs: number,
): Judgement | undefined {
  const { name = "", namespace = "" } = pod.metadata;
  const podText = `${name} -n ${namespace}`;
  const inits = pairs(pod, "initContainers", "initContainerStatuses");
  for (const { spec, status } of inits) {
    const isSidecar = textAt(spec, "restartPolicy") === "Always";
    const found = judgeContainer({ pod: podText, spec, status, isInit: !isSidecar }, events, nowMs);
    if (found !== undefined) return found;
  }
  for (const { spec, status } of pairs(pod, "containers", "containerStatuses")) {
    const found = judgeContainer({ pod: podText, spec, status, isInit: false }, events, nowMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Pair = { readonly spec: Fields; readonly status: Fields | undefined };

function pairs(pod: ApiObject, field: string, statusField: string): readonly Pair[] {
  const statuses = itemsAt(pod, "status", statusField);
  return itemsAt(pod, "spec", field).map((spec) => {
    const name = textAt(spec, "name");
    return { spec, status: statuses.find((status) => textAt(status, "name") === name) };
  });
}

function gate(pod: ApiObject): Judgement | undefined {
  for (const { conditionType } of itemsAt(pod, "spec", "readinessGates")) {
    const type = String(conditionType);
    const condition = conditionOf(pod, type);
    if (condition?.status === "True") continue;
    const said = condition === undefined ? "nobody has said anything of it" : condition.message;
    const next = [{ what: `whoever keeps the condition ${type} sets it to True` }];
    return notReady(`its readiness gate ${type} is not True: ${said ?? ""}`, { next });
  }
  return undefined;
}

function conditionProblem(pod: ApiObject): string {
  const open = conditionsOf(pod).find(({ status, type }) => status !== "True" && type !== "Ready");
  const { message, reason } = open ?? conditionOf(pod, "Ready") ?? {};
  const why = message ?? reason;
  return why === undefined ? "the agent of its node has not told of it yet" : why;
}

function claimLeads(pod: ApiObject): readonly Lead[] {
  const { namespace = "" } = pod.metadata;
  return itemsAt(pod, "spec", "volumes").flatMap((volume): readonly Lead[] => {
    const name = textAt(volume, "persistentVolumeClaim", "claimName");
    if (name === undefined) return [];
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name };
    return [{ kind: "object", name: claim, isNeeded: true }];
  });
}

function nodeLead(pod: ApiObject): readonly Lead[] {
  const name = textAt(pod, "spec", "nodeName");
  if (name === undefined) return [];
  const node = { apiVersion: "v1", kind: "Node", namespace: "", name };
  // Who may not read nodes is not told that they are missing once an agent has looked at the pod.
  const isSeen =
    textAt(pod, "status", "startTime") !== undefined ||
    itemsAt(pod, "status", "containerStatuses").length > 0 ||
    itemsAt(pod, "status", "initContainerStatuses").length > 0;
  return [{ kind: "object", name: node, isNeeded: !isSeen }];
}

/** When the grace of a pod that was asked to go ends; undefined: it was not, or there is none. */
export function graceEnd(pod: ApiObject): string | undefined {
  const at = parseApiTime(pod.metadata.deletionTimestamp ?? "");
  const isGraceful = (numberAt(pod, "metadata", "deletionGracePeriodSeconds") ?? 0) > 0;
  return Number.isNaN(at) || !isGraceful ? undefined : apiTime(at);
}
