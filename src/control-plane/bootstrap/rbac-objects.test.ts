/** The table of roles against the published ones, where those are at hand. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { ApiObject } from "../../machinery/object.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./rbac-objects.ts";

const folder = join(process.env["SETPOINT_REFERENCE"] ?? "", "kubernetes-1.36/rbac");
const isPresent = process.env["SETPOINT_REFERENCE"] !== undefined && existsSync(folder);

function published(...files: readonly string[]): readonly ApiObject[] {
  return files
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return (parse(text) as { readonly items: readonly ApiObject[] }).items;
    })
    .filter(({ metadata: { name = "" } }) => !/openshift|service-ca-cert/.test(name));
}

/** Gathered rules are filled in by a controller; a distribution has added one of its own. */
function upstream({ rules, ...object }: ApiObject & { readonly rules?: unknown }): unknown {
  if (!Array.isArray(rules)) return object;
  const isUpstream = (rule: unknown): boolean => !JSON.stringify(rule).includes("/restricted");
  return { ...object, rules: rules.filter(isUpstream) };
}

const CASES = [
  { made: clusterRoles, files: ["cluster-roles.yaml", "controller-roles.yaml"] },
  { made: roles, files: ["namespace-roles.yaml"] },
  {
    made: clusterRoleBindings,
    files: ["cluster-role-bindings.yaml", "controller-role-bindings.yaml"],
  },
  { made: roleBindings, files: ["namespace-role-bindings.yaml"] },
];

for (const { made, files } of CASES) {
  test.skipIf(!isPresent)(`roles and bindings are those of ${files.join(" and ")}`, () => {
    expect(made()).toEqual(published(...files).map(upstream));
  });
}

test("a role has a name of its own in its namespace", () => {
  const names = [...clusterRoles(), ...roles()].map(
    ({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`,
  );
  expect(new Set(names).size).toBe(names.length);
});
