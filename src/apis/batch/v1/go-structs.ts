/** Policies of jobs as upstream holds them: messages that refuse a change of one show it so. */
import type { GoStruct, GoStructs } from "../../go-struct.ts";

const structs: GoStructs = {
  PodFailurePolicy: "Rules []FailureRule",
  FailureRule: "Action, OnExitCodes *ExitCodes, OnPodConditions []Condition",
  ExitCodes: "ContainerName any, Operator, Values any",
  Condition: "Type, Status",
  SuccessPolicy: "Rules []SuccessRule",
  SuccessRule: "SucceededIndexes any, SucceededCount any",
};

export const failurePolicyStruct: GoStruct = { structs, name: "PodFailurePolicy" };
export const successPolicyStruct: GoStruct = { structs, name: "SuccessPolicy" };
