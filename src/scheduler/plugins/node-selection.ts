/** Which nodes a pod selects: `nodeSelector`, and the required terms of its node affinity. */
import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSpec,
} from "../../apis/core/v1/types.generated.ts";
import type { Node } from "../../client/builtin.ts";

/** Whether the pod may run on the node as far as it says which it wants. */
export function selectsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (labelOf(labels, key) !== value) return false;
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** Whether the node meets all of a term. An empty term is met by none. */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => holds(requirement, labelOf(labels, requirement.key))) &&
    matchFields.every((requirement) => holds(requirement, fieldOf(node, requirement.key)))
  );
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value?: string): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compares(value, values[0], (a, b) => a > b);
    case "Lt":
      return compares(value, values[0], (a, b) => a < b);
    default:
      return false;
  }
}

function compares(
  a: string | undefined,
  b: string | undefined,
  isMet: (a: bigint, b: bigint) => boolean,
): boolean {
  const integer = /^[+-]?[0-9]{1,19}$/;
  if (a === undefined || b === undefined || !integer.test(a) || !integer.test(b)) return false;
  return isMet(BigInt(a.replace("+", "")), BigInt(b.replace("+", "")));
}

function labelOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The only field that can be selected by is the name. */
function fieldOf(node: Node, key: string): string | undefined {
  return key === "metadata.name" ? node.metadata.name : undefined;
}
