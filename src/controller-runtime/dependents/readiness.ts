/**
 * When an object is ready for what depends on it, by kind. Built-in kinds as `kubectl rollout
 * status` and `kubectl wait` judge them; of any other kind its condition `Ready` is believed, and
 * what has none is ready as soon as it is there.
 */
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";

/** What keeps it from being ready, in words for people; undefined: it is. */
export function whyNotReady(
  { group, kind }: { readonly group: string; readonly kind: string },
  object: ApiObject,
): string | undefined {
  if (object.metadata.deletionTimestamp !== undefined) return "is being deleted";
  const fields: Fields = { ...object };
  const status = part(fields, "status");
  const { generation = 0 } = object.metadata;
  const observed = own(status, "observedGeneration");
  if (typeof observed === "number" && observed < generation) return "its newest spec is not seen";
  const rule = RULES.get(`${kind}.${group}`) ?? anyKind;
  return rule(status, part(fields, "spec"), { isObserved: observed !== undefined });
}

type Rule = (
  status: Fields,
  spec: Fields,
  seen: { readonly isObserved: boolean },
) => string | undefined;

const UNSEEN = "its controller has not looked at it yet";

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    "Deployment.apps",
    (status, spec, { isObserved }) => {
      if (!isObserved) return UNSEEN;
      const wanted = count(spec, "replicas", 1);
      const available = conditionProblem(status, "Available");
      if (available !== undefined) {
        return `${count(status, "availableReplicas")} of ${wanted} replicas are available`;
      }
      return missing(count(status, "updatedReplicas"), wanted, "replicas are up to date");
    },
  ],
  [
    "StatefulSet.apps",
    (status, spec, { isObserved }) => {
      if (!isObserved) return UNSEEN;
      const ready = count(status, "readyReplicas");
      const few = missing(ready, count(spec, "replicas", 1), "replicas are ready");
      return few ?? (isRollingOut(status, spec) ? "its pods are being replaced" : undefined);
    },
  ],
  ["ReplicaSet.apps", replicas],
  ["ReplicationController.", replicas],
  [
    "DaemonSet.apps",
    (status, _, { isObserved }) => {
      if (!isObserved) return UNSEEN;
      const wanted = count(status, "desiredNumberScheduled");
      const updated = count(status, "updatedNumberScheduled");
      const available = count(status, "numberAvailable");
      return (
        missing(updated, wanted, "pods are up to date") ??
        missing(available, wanted, "pods are available")
      );
    },
  ],
  [
    "Job.batch",
    (status) => {
      if (conditionProblem(status, "Failed") === undefined) return "it has failed";
      return conditionProblem(status, "Complete") === undefined ? undefined : "is not complete";
    },
  ],
  [
    "Pod.",
    (status) => {
      const phase = own(status, "phase");
      if (phase === "Succeeded") return undefined;
      if (phase === "Failed") return "it has failed";
      return conditionProblem(status, "Ready") === undefined ? undefined : "is not ready";
    },
  ],
  ["PersistentVolumeClaim.", (status) => phaseProblem(status, ["Bound"])],
  ["PersistentVolume.", (status) => phaseProblem(status, ["Available", "Bound"])],
  ["Namespace.", (status) => phaseProblem(status, ["Active"])],
  ["Service.", loadBalancer],
  ["CustomResourceDefinition.apiextensions.k8s.io", (s) => conditionProblem(s, "Established")],
  ["APIService.apiregistration.k8s.io", (status) => conditionProblem(status, "Available")],
]);

/** Not where the pods are replaced by hand, or only some of them. */
function isRollingOut(status: Fields, spec: Fields): boolean {
  const strategy = part(spec, "updateStrategy");
  const isWhole =
    own(strategy, "type") !== "OnDelete" &&
    count(part(strategy, "rollingUpdate"), "partition") === 0;
  return isWhole && own(status, "updateRevision") !== own(status, "currentRevision");
}

function anyKind(status: Fields): string | undefined {
  const hasReady = conditions(status).some((condition) => own(condition, "type") === "Ready");
  return hasReady ? conditionProblem(status, "Ready") : undefined;
}

function replicas(
  status: Fields,
  spec: Fields,
  { isObserved }: { readonly isObserved: boolean },
): string | undefined {
  if (!isObserved) return UNSEEN;
  const wanted = count(spec, "replicas", 1);
  return missing(count(status, "availableReplicas"), wanted, "replicas are available");
}

function loadBalancer(status: Fields, spec: Fields): string | undefined {
  if (own(spec, "type") !== "LoadBalancer") return undefined;
  const ingress = own(part(status, "loadBalancer"), "ingress");
  return Array.isArray(ingress) && ingress.length > 0 ? undefined : "it has no address yet";
}

function phaseProblem(status: Fields, wanted: readonly string[]): string | undefined {
  const phase = own(status, "phase");
  if (typeof phase === "string" && wanted.includes(phase)) return undefined;
  return typeof phase === "string" ? `is ${phase}` : UNSEEN;
}

function conditionProblem(status: Fields, type: string): string | undefined {
  const found = conditions(status).find((condition) => own(condition, "type") === type);
  if (found !== undefined && own(found, "status") === "True") return undefined;
  const message = found === undefined ? undefined : own(found, "message");
  const text = typeof message === "string" && message !== "" ? `: ${shortened(message)}` : "";
  return `is not ${type}${text}`;
}

/** Of the message of another's condition: enough to know it again. */
const MESSAGE_LENGTH_MAX = 200;

function shortened(message: string): string {
  return message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX)}…` : message;
}

function missing(present: number, wanted: number, what: string): string | undefined {
  return present >= wanted ? undefined : `${present} of ${wanted} ${what}`;
}

function conditions(status: Fields): readonly Fields[] {
  const found = own(status, "conditions");
  return Array.isArray(found) ? found.filter(isFields) : [];
}

function part(fields: Fields, name: string): Fields {
  const found = own(fields, name);
  return isFields(found) ? found : {};
}

function count(fields: Fields, name: string, otherwise = 0): number {
  const found = own(fields, name);
  return typeof found === "number" ? found : otherwise;
}
