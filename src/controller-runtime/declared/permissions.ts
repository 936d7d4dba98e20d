/** What a declared controller needs to be allowed: for generated roles and checks at the start. */
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { DeclaredController } from "./declared-controller.ts";

/** Verbs one resource of a group is needed with. */
export type Permission = {
  readonly group: string;
  /** With its subresource, e.g. `sites/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
};

/** What of a declared controller counts here. */
export type Declared = Pick<
  DeclaredController,
  "type" | "owns" | "reads" | "hasFinalizer" | "permissions"
>;

const READ = ["get", "list", "watch"];

/**
 * Of all these controllers, each resource once, in order of group and resource. Rules for single
 * names or for paths are not among them: take those as they are declared.
 */
export function permissionsOf(controllers: readonly Declared[]): readonly Permission[] {
  const verbs = new Map<
    string,
    { readonly group: string; readonly resource: string; readonly verbs: Set<string> }
  >();
  const need = (group: string, resource: string, more: readonly string[]): void => {
    const key = `${group}/${resource}`;
    const known = verbs.get(key) ?? { group, resource, verbs: new Set() };
    for (const verb of more) known.verbs.add(verb);
    verbs.set(key, known);
  };
  const needType = ({ group, resource }: ResourceType, more: readonly string[]): void =>
    need(group, resource, more);
  for (const { type, owns, reads, hasFinalizer, permissions } of controllers) {
    needType(type, hasFinalizer ? [...READ, "patch"] : READ);
    need(type.group, `${type.resource}/status`, ["patch"]);
    // Where owners must be allowed to block the deletion of what they own.
    if (owns.length > 0) need(type.group, `${type.resource}/finalizers`, ["update"]);
    for (const owned of owns) needType(owned, [...READ, "create", "patch", "delete"]);
    for (const read of reads) needType(read, READ);
    for (const { apiGroups = [], resources = [], verbs: more, resourceNames = [] } of permissions) {
      if (resourceNames.length > 0) continue; // less than the whole resource: not to be widened
      for (const group of apiGroups) for (const resource of resources) need(group, resource, more);
    }
  }
  need("", "events", ["create", "patch"]);
  return [...verbs.values()]
    .map((each) => ({ ...each, verbs: [...each.verbs] }))
    .toSorted((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource));
}

/** As the rules of a role: resources of one group with the same verbs in one rule. */
export function rulesOf(permissions: readonly Permission[]): readonly PolicyRule[] {
  const rules = new Map<
    string,
    { readonly group: string; readonly verbs: readonly string[]; readonly resources: string[] }
  >();
  for (const { group, resource, verbs } of permissions) {
    const key = `${group} ${verbs.join()}`;
    const known = rules.get(key) ?? { group, verbs, resources: [] };
    known.resources.push(resource);
    rules.set(key, known);
  }
  return [...rules.values()].map(({ group, verbs, resources }) => ({
    apiGroups: [group],
    resources,
    verbs,
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
