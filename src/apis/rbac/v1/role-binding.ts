/** Bindings: who may do what a role says, in one namespace or everywhere. */
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy, TableCell, TableColumn } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, wideColumn } from "../../table-columns.ts";
import {
  bindingErrors,
  RBAC_GROUP,
  rbacNameProblem,
  roleRefUpdateErrors,
} from "./rbac-validation.ts";
import { clusterRoleBindingSchema, roleBindingSchema } from "./schema.generated.ts";
import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from "./types.generated.ts";

const COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  column("Role", "The role that is given."),
  AGE_COLUMN,
  wideColumn("Users", "Users it is given to."),
  wideColumn("Groups", "Groups it is given to."),
  wideColumn("ServiceAccounts", "Service accounts it is given to."),
];

export const roleBindingStrategy: Strategy<RoleBinding> = {
  ...ORDINARY,
  names: {
    group: RBAC_GROUP,
    version: "v1",
    kind: "RoleBinding",
    plural: "rolebindings",
    singular: "rolebinding",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: roleBindingSchema,
  nameProblem: rbacNameProblem,
  isCreatedByUpdate: true,
  applyDefaults: (binding) => withDefaults(canonicalForm(binding, roleBindingSchema)),
  validate: (binding) => bindingErrors(binding, ["Role", "ClusterRole"], "namespace"),
  validateUpdate: roleRefUpdateErrors,
  columns: COLUMNS,
  row: bindingRow,
};

export const clusterRoleBindingStrategy: Strategy<ClusterRoleBinding> = {
  ...ORDINARY,
  names: {
    group: RBAC_GROUP,
    version: "v1",
    kind: "ClusterRoleBinding",
    plural: "clusterrolebindings",
    singular: "clusterrolebinding",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: clusterRoleBindingSchema,
  nameProblem: rbacNameProblem,
  isCreatedByUpdate: true,
  applyDefaults: (binding) => withDefaults(canonicalForm(binding, clusterRoleBindingSchema)),
  validate: (binding) => bindingErrors(binding, ["ClusterRole"], "cluster"),
  validateUpdate: roleRefUpdateErrors,
  columns: COLUMNS,
  row: bindingRow,
};

const NO_ROLE: RoleRef = { kind: "", name: "" };

function withDefaults<Binding extends RoleBinding | ClusterRoleBinding>(binding: Binding): Binding {
  const { subjects } = binding;
  return {
    ...binding,
    roleRef: roleOf(binding),
    ...(subjects === undefined ? {} : { subjects: subjects.map(withSubjectDefaults) }),
  };
}

/** The role as it can be sent: parts that are atomic are not filled in before. */
function roleOf({ roleRef = NO_ROLE }: { readonly roleRef?: RoleRef }): RoleRef {
  return { ...roleRef, apiGroup: roleRef.apiGroup || RBAC_GROUP };
}

/** Users and groups are of the group of roles; accounts of the core group, whose name is "". */
function withSubjectDefaults(subject: Subject): Subject {
  const isNamed = subject.kind === "User" || subject.kind === "Group";
  return isNamed ? { ...subject, apiGroup: subject.apiGroup || RBAC_GROUP } : subject;
}

function bindingRow(
  binding: RoleBinding | ClusterRoleBinding,
  nowMs: number,
): readonly TableCell[] {
  const { roleRef, subjects = [] } = binding;
  const named = (kind: string): readonly Subject[] => subjects.filter((each) => each.kind === kind);
  const accounts = named("ServiceAccount").map(
    ({ namespace = "", name }) => `${namespace}/${name}`,
  );
  return [
    nameOf(binding),
    `${roleRef.kind}/${roleRef.name}`,
    ageOf(binding, nowMs),
    named("User")
      .map(({ name }) => name)
      .join(", "),
    named("Group")
      .map(({ name }) => name)
      .join(", "),
    accounts.join(", "),
  ];
}
