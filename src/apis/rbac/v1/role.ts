/** Roles: what may be done, in one namespace or everywhere. */
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { CREATED_AT_COLUMN, createdAtOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { aggregationErrors, RBAC_GROUP, rbacNameProblem, ruleErrors } from "./rbac-validation.ts";
import { clusterRoleSchema, roleSchema } from "./schema.generated.ts";
import type { ClusterRole, Role } from "./types.generated.ts";

export const roleStrategy: Strategy<Role> = {
  ...ORDINARY,
  names: {
    group: RBAC_GROUP,
    version: "v1",
    kind: "Role",
    plural: "roles",
    singular: "role",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: roleSchema,
  nameProblem: rbacNameProblem,
  isCreatedByUpdate: true,
  applyDefaults: (role) => canonicalForm(role, roleSchema),
  validate: ({ rules }) => ruleErrors(rules, "namespace"),
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  row: (role) => [nameOf(role), createdAtOf(role)],
};

export const clusterRoleStrategy: Strategy<ClusterRole> = {
  ...ORDINARY,
  names: {
    group: RBAC_GROUP,
    version: "v1",
    kind: "ClusterRole",
    plural: "clusterroles",
    singular: "clusterrole",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: clusterRoleSchema,
  nameProblem: rbacNameProblem,
  isCreatedByUpdate: true,
  applyDefaults: (role) => canonicalForm(role, clusterRoleSchema),
  validate: ({ rules, aggregationRule }) => [
    ...ruleErrors(rules, "cluster"),
    ...aggregationErrors(aggregationRule),
  ],
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  row: (role) => [nameOf(role), createdAtOf(role)],
};
