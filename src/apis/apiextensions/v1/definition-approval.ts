/** Groups of the Kubernetes project itself, which need the word of its API reviewers. */
import type { FieldError } from "../../../machinery/status.ts";
import { own } from "../../../machinery/object.ts";
import { parseRequestUri } from "../../../cel/library/go-url.ts";
import { invalid, required } from "../../field-errors.ts";
import type { ConditionState, Definition } from "./definition-conditions.ts";

export const APPROVED_ANNOTATION = "api-approved.kubernetes.io";

type ApprovalState = "invalid" | "missing" | "approved" | "bypassed";
type Approval = { readonly state: ApprovalState; readonly reason: string };

const FIELD = `metadata.annotations[${APPROVED_ANNOTATION}]`;
const SEE = "see https://github.com/kubernetes/enhancements/pull/1111";

export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s|kubernetes)\.io$/.test(group);
}

/** Whether the approval is in order, or at least not worse than it was. */
export function approvalErrors(
  definition: Definition,
  old: Definition | undefined,
): readonly FieldError[] {
  if (!isProtectedGroup(definition.spec.group)) return [];
  const { state, reason } = approvalOf(definition);
  if (old !== undefined && approvalOf(old).state === state) return [];
  switch (state) {
    case "missing":
      return [required(FIELD, reason)];
    case "invalid":
      return [invalid(FIELD, annotationOf(definition), reason)];
    case "approved":
    case "bypassed":
      return [];
  }
}

/** Undefined: the group needs no approval. */
export function approvalCondition(definition: Definition): ConditionState | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, reason } = approvalOf(definition);
  return {
    type: "KubernetesAPIApprovalPolicyConformant",
    status: state === "approved" ? "True" : "False",
    reason: CONDITION_REASONS[state],
    message: reason,
  };
}

const CONDITION_REASONS: Readonly<Record<ApprovalState, string>> = {
  invalid: "InvalidAnnotation",
  missing: "MissingAnnotation",
  approved: "ApprovedAnnotation",
  bypassed: "UnapprovedAnnotation",
};

function approvalOf(definition: Definition): Approval {
  const annotation = annotationOf(definition);
  const demand = `protected groups must have approval annotation "${APPROVED_ANNOTATION}"`;
  if (annotation === "") return { state: "missing", reason: `${demand}, ${SEE}` };
  if (annotation.startsWith("unapproved")) {
    return { state: "bypassed", reason: `not approved: ${JSON.stringify(annotation)}` };
  }
  const parsed = parseRequestUri(annotation);
  if (parsed.kind === "ok" && parsed.url.host !== "" && parsed.url.scheme !== "") {
    return { state: "approved", reason: `approved in ${annotation}` };
  }
  const choice = `with either a URL or a reason starting with "unapproved", ${SEE}`;
  return { state: "invalid", reason: `${demand} ${choice}` };
}

function annotationOf(definition: Definition): string {
  const annotation = own(definition.metadata.annotations ?? {}, APPROVED_ANNOTATION);
  return typeof annotation === "string" ? annotation : "";
}
