/**
 * Pod security standards, as the labels of a namespace ask for them: pods that violate the enforced
 * level are refused, and who makes pods, or workloads that will make them, is warned of the others.
 */
import type { Namespace, Pod, PodTemplateSpec } from "../../../apis/core/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { compareText } from "../../../machinery/key.ts";
import { isFields, own, type ApiObject } from "../../../machinery/object.ts";
import { controllerOf } from "../../../machinery/owners.ts";
import { invalid } from "../../../machinery/status.ts";
import { refusal, type AdmissionPlugin, type Review } from "../admission.ts";
import type { ClusterReader, KindOf } from "../cluster-reader.ts";
import { NAMESPACES } from "../namespace-lifecycle.ts";
import type { CheckedPod } from "./pod-check.ts";
import {
  isStricter,
  policyOf,
  reasonsOf,
  violationsOf,
  type Policy,
  type Standard,
} from "./standards.ts";

const PODS: KindOf<Pod> = { group: "", version: "v1", resource: "pods" };

/** Pods of a namespace that are looked at when it asks for more. */
export const EXISTING_PODS_MAX = 3_000;

/** Subresources that change nothing the standards are about. */
const FREE_SUBRESOURCES: readonly string[] = [
  "exec",
  "attach",
  "binding",
  "eviction",
  "log",
  "portforward",
  "proxy",
  "status",
];

/** Where workloads have their template, by group and resource. */
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["/replicationcontrollers", ["spec", "template"]],
  ["/podtemplates", ["template"]],
  ["apps/replicasets", ["spec", "template"]],
  ["apps/deployments", ["spec", "template"]],
  ["apps/statefulsets", ["spec", "template"]],
  ["apps/daemonsets", ["spec", "template"]],
  ["batch/jobs", ["spec", "template"]],
  ["batch/cronjobs", ["spec", "jobTemplate", "spec", "template"]],
]);

export function podSecurity(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "PodSecurity",
    concerns: ({ verb }) => verb === "create" || verb === "update",
    validate: async (review, context) => {
      const { resource, subresource } = review;
      const key = `${resource.group}/${resource.resource}`;
      if (key === "/namespaces" && subresource === "") {
        await reviewNamespace(review, reader, context);
      } else if (key === "/pods") {
        await reviewPod(review, reader, context);
      } else if (subresource === "") {
        const path = TEMPLATES.get(key);
        if (path !== undefined) await reviewWorkload(review, path, reader, context);
      }
    },
  };
}

async function reviewPod(review: Review, reader: ClusterReader, context: Context): Promise<void> {
  const { subresource, object, old, warn } = review;
  if (FREE_SUBRESOURCES.includes(subresource)) return;
  const pod = object as Pod;
  if (old !== undefined && !isSignificant(pod, old as Pod)) return;
  const policy = await policyIn(review, reader, context);
  if (policy === undefined) return;
  const { enforce, warn: warned } = policy.standards;
  const violations = violationsOf(pod, enforce);
  if (violations !== "") {
    throw refusal(review, `violates PodSecurity ${JSON.stringify(enforce.text)}: ${violations}`);
  }
  const doubts = violationsOf(pod, warned);
  if (doubts !== "") warn?.(`would violate PodSecurity ${JSON.stringify(warned.text)}: ${doubts}`);
}

async function reviewWorkload(
  review: Review,
  path: readonly string[],
  reader: ClusterReader,
  context: Context,
): Promise<void> {
  const template = templateAt(review.object, path);
  if (template === undefined) return;
  const policy = await policyIn(review, reader, context);
  if (policy === undefined) return;
  const { warn } = policy.standards;
  const doubts = violationsOf(template, warn);
  if (doubts === "") return;
  review.warn?.(`would violate PodSecurity ${JSON.stringify(warn.text)}: ${doubts}`);
}

function templateAt(object: ApiObject, path: readonly string[]): CheckedPod | undefined {
  let value: unknown = object;
  for (const step of path) value = isFields(value) ? own(value, step) : undefined;
  if (!isFields(value)) return undefined;
  const { metadata = {}, spec } = value as Partial<PodTemplateSpec>;
  return spec === undefined ? undefined : { metadata, spec };
}

async function policyIn(
  { namespace }: Review,
  reader: ClusterReader,
  context: Context,
): Promise<Policy | undefined> {
  const found = await reader.get(NAMESPACES, "", namespace, context);
  return found === undefined ? undefined : policyOf(found.metadata.labels ?? {});
}

/** Of all that may change in a pod, what the standards look at. */
function isSignificant(pod: Pod, old: Pod): boolean {
  const parts = ({ spec, metadata }: Pod): readonly unknown[] => [
    [...spec.containers, ...(spec.initContainers ?? [])].map(({ image }) => image),
    spec.ephemeralContainers ?? [],
    Object.entries(metadata.annotations ?? {}).filter(([key]) => key.includes("apparmor")),
  ];
  return !equalValues(parts(pod), parts(old));
}

/** Labels must mean something; pods that a stricter namespace would refuse are told. */
async function reviewNamespace(
  review: Review,
  reader: ClusterReader,
  context: Context,
): Promise<void> {
  const { object, old, name, resource, warn } = review;
  const policy = policyOf(object.metadata.labels ?? {});
  const before = old === undefined ? undefined : policyOf((old as Namespace).metadata.labels ?? {});
  const isWrong = policy.errors.length > 0;
  // What was wrong before may stay until it is changed.
  if (isWrong && !(before !== undefined && equalValues(policy.errors, before.errors))) {
    throw invalid(resource, name, policy.errors);
  }
  const { enforce } = policy.standards;
  if (before === undefined || !isStricter(enforce, before.standards.enforce)) return;
  const pods = oneOfEachFirst(await reader.list(PODS, name, context));
  const checked = pods.slice(0, EXISTING_PODS_MAX);
  if (checked.length < pods.length) {
    const counts = `the first ${checked.length} of ${pods.length} existing pods`;
    warn?.(`new PodSecurity enforce level only checked against ${counts}`);
  }
  const byViolation = namesByViolation(checked, enforce);
  if (byViolation.size === 0) return;
  const level = JSON.stringify(enforce.text);
  const head = `existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity`;
  warn?.(`${head} enforce level ${level}`);
  const lines = [...byViolation].map(([reasons, names]) => `${podsText(names)}: ${reasons}`);
  for (const line of lines.sort(compareText)) warn?.(line);
}

/** Pods of one controller are alike: the first of each comes before all others. */
function oneOfEachFirst(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const isRepeated = (pod: Pod): boolean => {
    const { uid } = controllerOf(pod) ?? {};
    if (uid === undefined) return false;
    const isKnown = seen.has(uid);
    seen.add(uid);
    return isKnown;
  };
  const { first = [], more = [] } = Object.groupBy(pods, (pod) =>
    isRepeated(pod) ? "more" : "first",
  );
  return [...first, ...more];
}

/** Names of pods, in order, by the reasons for which they would be refused. */
function namesByViolation(
  pods: readonly Pod[],
  enforce: Standard,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const pod of pods) {
    const reasons = reasonsOf(pod, enforce);
    if (reasons === "") continue;
    const others = names.get(reasons) ?? [];
    others.push(pod.metadata.name ?? "");
    names.set(reasons, others.sort(compareText));
  }
  return names;
}

/** `a`, `a (and 1 other pod)`, `a (and 2 other pods)` */
function podsText(names: readonly string[]): string {
  const [first = ""] = names;
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}
