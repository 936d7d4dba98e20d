/** Reads an AdmissionReview. Whoever can reach the server may have sent it. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { badRequest } from "../../machinery/status.ts";
import type { AdmissionOperation } from "./admission-context.ts";

export type AdmissionRequest = {
  readonly uid: string;
  readonly operation: AdmissionOperation;
  readonly key: ObjectKey;
  readonly subresource: string;
  readonly user: UserInfo;
  readonly isDryRun: boolean;
  /** Undefined: of a deletion. */
  readonly object: unknown;
  readonly oldObject: unknown;
  /** All of it. */
  readonly fields: Fields;
};

const GROUP_VERSION = "admission.k8s.io/v1";
const OPERATIONS: readonly string[] = ["CREATE", "UPDATE", "DELETE"];

/** Throws a `StatusError` (400) for what is no review of v1. */
export function readRequest(review: unknown): AdmissionRequest {
  const apiVersion = isFields(review) ? own(review, "apiVersion") : undefined;
  const kind = isFields(review) ? own(review, "kind") : undefined;
  if (!isFields(review) || kind !== "AdmissionReview" || apiVersion !== GROUP_VERSION) {
    const got = `got ${textOf(kind) || "no kind"} of ${textOf(apiVersion) || "no apiVersion"}`;
    const why = `this answers an AdmissionReview of ${GROUP_VERSION}, ${got}`;
    const isOld = kind === "AdmissionReview" && apiVersion === "admission.k8s.io/v1beta1";
    const hint = '; put "v1" into admissionReviewVersions of the webhook configuration';
    throw badRequest(isOld ? `${why}${hint}` : why);
  }
  const request = own(review, "request");
  const uid = uidOf(review);
  if (!isFields(request) || uid === undefined) {
    throw badRequest("the AdmissionReview has no request with a uid");
  }
  const operation = own(request, "operation");
  if (!isOperation(operation)) throw badRequest("the request has no known operation");
  return {
    uid,
    operation,
    key: { namespace: textOf(own(request, "namespace")), name: textOf(own(request, "name")) },
    subresource: textOf(own(request, "subResource")),
    user: userOf(own(request, "userInfo")),
    isDryRun: own(request, "dryRun") === true,
    object: own(request, "object") ?? undefined,
    oldObject: own(request, "oldObject") ?? undefined,
    fields: request,
  };
}

/** Of the request in a review; undefined: there is none. */
export function uidOf(review: unknown): string | undefined {
  const request = isFields(review) ? own(review, "request") : undefined;
  const uid = isFields(request) ? own(request, "uid") : undefined;
  return typeof uid === "string" && uid !== "" ? uid : undefined;
}

/** Whether a value is an object of this kind, in this version: others cannot be read as one. */
export function isObjectOf<T extends ApiObject>(value: unknown, type: ResourceType<T>): value is T {
  if (!isApiObject(value) || value.kind !== type.kind) return false;
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  return value.apiVersion === apiVersion;
}

function isOperation(value: unknown): value is AdmissionOperation {
  return typeof value === "string" && OPERATIONS.includes(value);
}

function userOf(value: unknown): UserInfo {
  const fields = isFields(value) ? value : {};
  const uid = textOf(own(fields, "uid"));
  const extra = own(fields, "extra");
  return {
    name: textOf(own(fields, "username")),
    groups: textsOf(own(fields, "groups")),
    ...(uid === "" ? {} : { uid }),
    ...(isFields(extra) ? { extra: extraOf(extra) } : {}),
  };
}

function extraOf(fields: Fields): NonNullable<UserInfo["extra"]> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, textsOf(value)]));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
