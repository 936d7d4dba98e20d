/** Network policies: which pods may talk to which. Enforced by the network, not here. */
import { labelQueryText, queryOfSelector } from "../../../machinery/labels.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, textOrNone } from "../../table-columns.ts";
import { networkPolicyErrors } from "./network-policy-validation.ts";
import { networkPolicySchema } from "./schema.generated.ts";
import type { NetworkPolicy, NetworkPolicyPort } from "./types.generated.ts";

export const networkPolicyStrategy: Strategy<NetworkPolicy> = {
  ...ORDINARY,
  names: {
    group: "networking.k8s.io",
    version: "v1",
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    singular: "networkpolicy",
    shortNames: ["netpol"],
    categories: [],
    isNamespaced: true,
  },
  schema: networkPolicySchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (policy) => withDefaults(canonicalForm(policy, networkPolicySchema)),
  validate: networkPolicyErrors,
  columns: [
    NAME_COLUMN,
    column("Pod-Selector", "Pods the policy is about; all of the namespace if there is none."),
    AGE_COLUMN,
  ],
  row: (policy, nowMs) => [
    nameOf(policy),
    textOrNone(labelQueryText(queryOfSelector(policy.spec.podSelector ?? {}))),
    ageOf(policy, nowMs),
  ],
};

function withDefaults(policy: NetworkPolicy): NetworkPolicy {
  const { spec } = policy;
  const { ingress, egress, policyTypes = [] } = spec;
  const implied = ["Ingress", ...((egress ?? []).length > 0 ? ["Egress"] : [])];
  return {
    ...policy,
    spec: {
      ...spec,
      podSelector: spec.podSelector ?? {},
      ...(ingress === undefined ? {} : { ingress: ingress.map(withPortDefaults) }),
      ...(egress === undefined ? {} : { egress: egress.map(withPortDefaults) }),
      policyTypes: policyTypes.length > 0 ? policyTypes : implied,
    },
  };
}

function withPortDefaults<Rule extends { readonly ports?: readonly NetworkPolicyPort[] }>(
  rule: Rule,
): Rule {
  const { ports } = rule;
  if (ports === undefined) return rule;
  return { ...rule, ports: ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })) };
}
