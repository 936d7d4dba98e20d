/** The rules of a role that gathers them from others. Pure. */
import type { ClusterRole, PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { compareText } from "../../machinery/key.ts";
import { selects } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";

/** Whether the rules of `role` are gathered, and those of `other` are among them. */
export function gathersFrom(role: ClusterRole, other: ClusterRole): boolean {
  if (role.metadata.name === other.metadata.name) return false;
  const { clusterRoleSelectors = [] } = role.aggregationRule ?? {};
  return clusterRoleSelectors.some((selector) => selects(selector, other.metadata));
}

/**
 * The role with the rules it should have; undefined if there is nothing to change. Selectors count
 * in their order, roles of one selector by name, and each rule once.
 */
export function planAggregation(
  role: ClusterRole | undefined,
  all: readonly ClusterRole[],
): ClusterRole | undefined {
  if (role?.aggregationRule === undefined || isTerminating(role)) return undefined;
  const { clusterRoleSelectors = [] } = role.aggregationRule;
  const others = all
    .filter((other) => other.metadata.name !== role.metadata.name)
    .sort((a, b) => compareText(a.metadata.name ?? "", b.metadata.name ?? ""));
  const rules: PolicyRule[] = [];
  for (const selector of clusterRoleSelectors) {
    for (const other of others) {
      if (!selects(selector, other.metadata)) continue;
      for (const rule of other.rules ?? []) {
        if (!rules.some((known) => equalValues(known, rule))) rules.push(rule);
      }
    }
  }
  return equalValues(role.rules ?? [], rules) ? undefined : { ...role, rules };
}
