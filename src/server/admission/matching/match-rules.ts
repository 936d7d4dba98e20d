/** Which requests rules are about. Pure. */
import type {
  NamedRuleWithOperations,
  RuleWithOperations,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Resource } from "../../registry/resource.ts";
import type { Review } from "../admission.ts";

type Rule = RuleWithOperations & Pick<NamedRuleWithOperations, "resourceNames">;

/** Kinds of policies and webhooks: no policy or webhook can lock itself in. */
const EXEMPT: ReadonlySet<string> = new Set([
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
]);

export function isExempt({ resource }: Review): boolean {
  return resource.group === "admissionregistration.k8s.io" && EXEMPT.has(resource.resource);
}

/**
 * The form of the resource in which one of the rules matches: its own, or, where the policy is
 * `Equivalent`, another of the same objects. Undefined: none does.
 */
export function matchedResource(
  rules: readonly Rule[],
  review: Review,
  equivalents: readonly Resource[],
): Resource | undefined {
  const all = [review.resource, ...equivalents];
  return all.find((resource) => rules.some((rule) => matches(rule, resource, review)));
}

function matches(rule: Rule, resource: Resource, review: Review): boolean {
  const { operations = [], apiGroups = [], apiVersions = [], resourceNames = [] } = rule;
  return (
    includes(operations, review.verb.toUpperCase()) &&
    includes(apiGroups, resource.group) &&
    includes(apiVersions, resource.version) &&
    isInScope(rule.scope ?? "*", review) &&
    (rule.resources ?? []).some((each) => isResource(each, resource, review.subresource)) &&
    (resourceNames.length === 0 || resourceNames.includes(review.name))
  );
}

function includes(wanted: readonly string[], value: string): boolean {
  return wanted.includes("*") || wanted.includes(value);
}

function isInScope(scope: string, { namespace }: Review): boolean {
  if (scope === "*") return true;
  return (scope === "Namespaced") === (namespace !== "");
}

/** `pods`, `pods/status`, `*` (all but subresources), `pods/*`, and so on. */
function isResource(wanted: string, { resource }: Resource, subresource: string): boolean {
  const slash = wanted.indexOf("/");
  const [main, part] = slash < 0 ? [wanted, ""] : [wanted.slice(0, slash), wanted.slice(slash + 1)];
  const isMain = main === "*" || main === resource;
  return isMain && (part === "*" || part === subresource);
}
