/** Conditions of a custom resource definition, and the form in which its status is kept. */
import { apiTime } from "../../../machinery/api-time.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionStatus,
  CustomResourceDefinitionVersion,
} from "./types.generated.ts";

/** Upstream prints the conditions of a new definition as null, and clients compare. */
export type KeptStatus = Omit<CustomResourceDefinitionStatus, "conditions"> & {
  readonly conditions: readonly CustomResourceDefinitionCondition[] | null;
};

/** One version of the kind that is defined. */
export type DefinitionVersion = CustomResourceDefinitionVersion;

/** A column of tables that a version asks for. */
export type PrinterColumn = CustomResourceColumnDefinition;

/** A definition as the server keeps it. */
export type Definition = Omit<CustomResourceDefinition, "status"> & {
  readonly status: KeptStatus;
};

export type ConditionType =
  | "Established"
  | "KubernetesAPIApprovalPolicyConformant"
  | "NamesAccepted"
  | "NonStructuralSchema"
  | "Terminating";

/** A condition without its time. */
export type ConditionState = {
  readonly type: ConditionType;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
};

export function findCondition(
  definition: Definition,
  type: ConditionType,
): CustomResourceDefinitionCondition | undefined {
  return definition.status.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: Definition, type: ConditionType): boolean {
  return findCondition(definition, type)?.status === "True";
}

/** `definition` with the condition; its time changes only when its status does. */
export function withCondition(
  definition: Definition,
  state: ConditionState,
  nowMs: number,
): Definition {
  const before = findCondition(definition, state.type);
  const { type, status, reason, message } = state;
  const isSameStatus = before?.status === status && before.lastTransitionTime !== undefined;
  const lastTransitionTime = isSameStatus ? before.lastTransitionTime : apiTime(nowMs);
  const condition = { type, status, lastTransitionTime, reason, message };
  const all = definition.status.conditions ?? [];
  const conditions =
    before === undefined
      ? [...all, condition]
      : all.map((each) => (each === before ? { ...before, ...condition } : each));
  return { ...definition, status: { ...definition.status, conditions } };
}

/** `definition` without any condition of the type. */
export function withoutCondition(definition: Definition, type: ConditionType): Definition {
  if (findCondition(definition, type) === undefined) return definition;
  const conditions = definition.status.conditions?.filter((each) => each.type !== type) ?? [];
  return { ...definition, status: { ...definition.status, conditions } };
}
