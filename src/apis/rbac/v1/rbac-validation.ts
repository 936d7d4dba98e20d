/** Roles and bindings, checked in the order in which their problems are reported. */
import { dnsSubdomainProblem, pathSegmentProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, required, unsupported } from "../../field-errors.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import type { AggregationRule, PolicyRule, RoleRef, Subject } from "./types.generated.ts";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** Names of roles and bindings may hold colons, and capital letters. */
export function rbacNameProblem(name: string): string | undefined {
  return pathSegmentProblem(name);
}

/** What is wrong with rules of a role; `scope` is where the role can be used. */
export function ruleErrors(
  rules: readonly PolicyRule[] | undefined,
  scope: "namespace" | "cluster",
): readonly FieldError[] {
  return (rules ?? []).flatMap((rule, index) => oneRuleErrors(`rules[${index}]`, rule, scope));
}

/** What is wrong with selectors of roles whose rules are gathered. */
export function aggregationErrors(aggregation: AggregationRule | undefined): readonly FieldError[] {
  if (aggregation === undefined) return [];
  const field = "aggregationRule.clusterRoleSelectors";
  const { clusterRoleSelectors: selectors = [] } = aggregation;
  const detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
  return [
    ...errorIf(selectors.length === 0, required(field, detail)),
    ...selectors.flatMap((selector, index) => {
      const path = `${field}[${index}]`;
      const errors = labelSelectorErrors(path, selector);
      // Upstream says once more that it cannot be read, and shows nothing of it.
      const unread = invalid(path, null, "invalid label selector.");
      return errors.length === 0 ? [] : [...errors, unread];
    }),
  ];
}

/** What is wrong with a binding; `kinds` are those it can name. */
export function bindingErrors(
  binding: { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] },
  kinds: readonly string[],
  scope: "namespace" | "cluster",
): readonly FieldError[] {
  const { apiGroup = "", kind, name } = binding.roleRef;
  return [
    ...errorIf(apiGroup !== RBAC_GROUP, unsupported("roleRef.apiGroup", apiGroup, [RBAC_GROUP])),
    ...errorIf(!kinds.includes(kind), unsupported("roleRef.kind", kind, kinds)),
    ...(name === ""
      ? [required("roleRef.name")]
      : fromProblem("roleRef.name", name, rbacNameProblem(name))),
    ...(binding.subjects ?? []).flatMap((subject, index) =>
      subjectErrors(`subjects[${index}]`, subject, scope),
    ),
  ];
}

/** A binding that names another role would be another binding. */
export function roleRefUpdateErrors(
  next: { readonly roleRef: RoleRef },
  old: { readonly roleRef: RoleRef },
): readonly FieldError[] {
  const isSame = equalValues(next.roleRef, old.roleRef);
  const { apiGroup: APIGroup, kind: Kind, name: Name } = next.roleRef;
  // Shown under the names that upstream's own code has for the fields.
  return errorIf(!isSame, invalid("roleRef", { APIGroup, Kind, Name }, "cannot change roleRef"));
}

function oneRuleErrors(
  path: string,
  rule: PolicyRule,
  scope: "namespace" | "cluster",
): readonly FieldError[] {
  const { verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const urls = `${path}.nonResourceURLs`;
  const verbless = errorIf(
    verbs.length === 0,
    required(`${path}.verbs`, "verbs must contain at least one value"),
  );
  if (nonResourceURLs.length > 0) {
    const isMixed = apiGroups.length + resources.length + resourceNames.length > 0;
    const inNamespace = "namespaced rules cannot apply to non-resource URLs";
    const both = "rules cannot apply to both regular resources and non-resource URLs";
    return [
      ...verbless,
      ...errorIf(scope === "namespace", invalid(urls, nonResourceURLs, inNamespace)),
      ...errorIf(isMixed, invalid(urls, nonResourceURLs, both)),
    ];
  }
  return [
    ...verbless,
    ...errorIf(
      apiGroups.length === 0,
      required(`${path}.apiGroups`, "resource rules must supply at least one api group"),
    ),
    ...errorIf(
      resources.length === 0,
      required(`${path}.resources`, "resource rules must supply at least one resource"),
    ),
  ];
}

function subjectErrors(
  path: string,
  subject: Subject,
  scope: "namespace" | "cluster",
): readonly FieldError[] {
  const { kind, name, namespace = "" } = subject;
  const nameless = errorIf(name === "", required(`${path}.name`));
  switch (kind) {
    case "ServiceAccount":
      return [
        ...nameless,
        ...(name === "" ? [] : fromProblem(`${path}.name`, name, dnsSubdomainProblem(name))),
        ...groupErrors(path, subject, ""),
        ...errorIf(scope === "cluster" && namespace === "", required(`${path}.namespace`)),
      ];
    case "User":
    case "Group":
      return [...nameless, ...groupErrors(path, subject, RBAC_GROUP)];
    default:
      return [...nameless, unsupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}

function groupErrors(path: string, subject: Subject, wanted: string): readonly FieldError[] {
  const { apiGroup = "" } = subject;
  return errorIf(apiGroup !== wanted, unsupported(`${path}.apiGroup`, apiGroup, [wanted]));
}
