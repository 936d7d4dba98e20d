/** What the status of a definition should say, from the definition and its group alone. Pure. */
import { approvalCondition } from "../../apis/apiextensions/v1/definition-approval.ts";
import {
  findCondition,
  isConditionTrue,
  withCondition,
  withoutCondition,
  type ConditionState,
  type Definition,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import { isValidCaBundle } from "../../apis/apiextensions/v1/definition-conversion.ts";
import { planNames, takenNames } from "./plan-names.ts";

/** `definition` with the status it should have; `group`: all definitions of its group. */
export function planDefinition(
  definition: Definition,
  group: readonly Definition[],
  nowMs: number,
): Definition {
  const names = planNames(definition, takenNames(group));
  const status = { ...definition.status, acceptedNames: names.accepted };
  let next = withCondition({ ...definition, status }, names.condition, nowMs);
  next = withCondition(next, establishedState(next), nowMs);
  const approval = approvalCondition(next);
  // Definitions of v1 have structural schemas: there is nothing to complain of.
  next = withoutCondition(next, "NonStructuralSchema");
  return approval === undefined
    ? withoutCondition(next, "KubernetesAPIApprovalPolicyConformant")
    : withCondition(next, approval, nowMs);
}

/** Whether the kind is served: its names are its own, or were when it was established. */
export function isServed(definition: Definition): boolean {
  return isConditionTrue(definition, "NamesAccepted") || isConditionTrue(definition, "Established");
}

/** Once established, always established: objects may have been stored. */
function establishedState(definition: Definition): ConditionState {
  const type = "Established";
  const before = findCondition(definition, type);
  if (before?.status === "True") {
    const { reason = "", message = "" } = before;
    return { type, status: "True", reason, message };
  }
  if (!isConditionTrue(definition, "NamesAccepted")) {
    const message = "not all names are accepted";
    return { type, status: "False", reason: "NotAccepted", message };
  }
  const { conversion } = definition.spec;
  if (!isValidCaBundle(conversion?.webhook?.clientConfig?.caBundle)) {
    const message = "The conversion webhook CABundle is invalid";
    return { type, status: "False", reason: "InvalidCABundle", message };
  }
  const message = "the initial names have been accepted";
  return { type, status: "True", reason: "InitialNamesAccepted", message };
}
