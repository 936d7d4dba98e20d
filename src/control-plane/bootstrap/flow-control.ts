/** Flow schemas and priority levels of the start, and how they are brought up to date. */
import {
  EVERY_RESOURCE,
  EVERY_URL,
  EVERYONE,
  groups,
  MANDATORY_FLOW_SCHEMAS,
  MANDATORY_PRIORITY_LEVELS,
} from "../../apis/flowcontrol/v1/mandatory.ts";
import type {
  FlowSchema,
  FlowSchemaSpec,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from "../../apis/flowcontrol/v1/types.generated.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Reconciliation } from "./rbac-plan.ts";

const API_VERSION = "flowcontrol.apiserver.k8s.io/v1";

/** Whether the server may bring the spec up to date; without it, what nobody changed is. */
export const AUTOUPDATE_SPEC_ANNOTATION = "apf.kubernetes.io/autoupdate-spec";

export function priorityLevels(): readonly PriorityLevelConfiguration[] {
  const all = new Map([...MANDATORY_PRIORITY_LEVELS, ...SUGGESTED_LEVELS]);
  return [...all].map(([name, spec]) => ({
    apiVersion: API_VERSION,
    kind: "PriorityLevelConfiguration",
    metadata: { name, annotations: { [AUTOUPDATE_SPEC_ANNOTATION]: "true" } },
    spec,
    status: {},
  }));
}

export function flowSchemas(): readonly FlowSchema[] {
  const all = new Map([...MANDATORY_FLOW_SCHEMAS, ...SUGGESTED_SCHEMAS]);
  return [...all].map(([name, spec]) => ({
    apiVersion: API_VERSION,
    kind: "FlowSchema",
    metadata: { name, annotations: { [AUTOUPDATE_SPEC_ANNOTATION]: "true" } },
    spec,
    status: {},
  }));
}

/** The present object with the wanted spec, unless people have taken it over. */
export function reconcileSpec<T extends ApiObject & { readonly spec: unknown }>(
  wanted: T,
  present: T,
): Reconciliation<T> {
  const name = wanted.metadata.name ?? "";
  const isMandatory = MANDATORY_PRIORITY_LEVELS.has(name);
  const annotations = present.metadata.annotations ?? {};
  const mark = Object.hasOwn(annotations, AUTOUPDATE_SPEC_ANNOTATION)
    ? annotations[AUTOUPDATE_SPEC_ANNOTATION]
    : undefined;
  const isOurs = mark === undefined ? present.metadata.generation === 1 : mark === "true";
  const isExempt = name === "exempt"; // what it lends is people's to say
  if (equalValues(wanted.spec, present.spec) || isExempt) return { kind: "nothing" };
  if (!isMandatory && !isOurs) return { kind: "nothing" };
  return { kind: "update", object: { ...present, spec: wanted.spec } };
}

function limited(
  shares: number,
  lendablePercent: number,
  queues: number,
  handSize: number,
): PriorityLevelConfigurationSpec {
  const queuing = { queues, handSize, queueLengthLimit: 50 };
  return {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent,
      limitResponse: { type: "Queue", queuing },
    },
  };
}

const SUGGESTED_LEVELS: ReadonlyMap<string, PriorityLevelConfigurationSpec> = new Map([
  ["system", limited(30, 33, 64, 6)],
  ["node-high", limited(40, 25, 64, 6)],
  ["leader-election", limited(10, 0, 16, 4)],
  ["workload-high", limited(40, 50, 128, 6)],
  ["workload-low", limited(100, 90, 128, 6)],
  ["global-default", limited(20, 50, 128, 6)],
]);

function schema(
  level: string,
  precedence: number,
  method: "ByUser" | "ByNamespace" | undefined,
  rule: PolicyRulesWithSubjects,
): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: precedence,
    ...(method === undefined ? {} : { distinguisherMethod: { type: method } }),
    rules: [rule],
  };
}

function everything(subjects: readonly Subject[]): PolicyRulesWithSubjects {
  return { subjects, resourceRules: [EVERY_RESOURCE], nonResourceRules: [EVERY_URL] };
}

function users(...names: readonly string[]): readonly Subject[] {
  return names.map((name) => ({ kind: "User", user: { name } }));
}

const SYSTEM_ACCOUNTS: Subject = {
  kind: "ServiceAccount",
  serviceAccount: { name: "*", namespace: "kube-system" },
};
const NODES = groups("system:nodes");
const MANAGER = users("system:kube-controller-manager");
const SCHEDULER = users("system:kube-scheduler");

function leases(verbs: readonly string[]): ResourcePolicyRule {
  return { verbs, apiGroups: ["coordination.k8s.io"], resources: ["leases"], namespaces: ["*"] };
}

const NODE_OBJECTS: ResourcePolicyRule = {
  ...EVERY_RESOURCE,
  apiGroups: [""],
  resources: ["nodes", "nodes/status"],
};
const PROBES = { verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] };

const SUGGESTED_SCHEMAS: ReadonlyMap<string, FlowSchemaSpec> = new Map([
  ["probes", schema("exempt", 2, undefined, { subjects: EVERYONE, nonResourceRules: [PROBES] })],
  [
    "system-leader-election",
    schema("leader-election", 100, "ByUser", {
      subjects: [...MANAGER, ...SCHEDULER, SYSTEM_ACCOUNTS],
      resourceRules: [leases(["get", "create", "update"])],
    }),
  ],
  [
    "system-node-high",
    schema("node-high", 400, "ByUser", {
      subjects: NODES,
      resourceRules: [NODE_OBJECTS, leases(["*"])],
    }),
  ],
  ["system-nodes", schema("system", 500, "ByUser", everything(NODES))],
  ["kube-controller-manager", schema("workload-high", 800, "ByNamespace", everything(MANAGER))],
  ["kube-scheduler", schema("workload-high", 800, "ByNamespace", everything(SCHEDULER))],
  [
    "kube-system-service-accounts",
    schema("workload-high", 900, "ByNamespace", everything([SYSTEM_ACCOUNTS])),
  ],
  [
    "service-accounts",
    schema("workload-low", 9000, "ByUser", everything(groups("system:serviceaccounts"))),
  ],
  ["global-default", schema("global-default", 9900, "ByUser", everything(EVERYONE))],
]);
