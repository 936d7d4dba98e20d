/** Reviews of apiextensions.k8s.io/v1: what is asked, and the two forms of an answer. */
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";

const REVIEW = { apiVersion: "apiextensions.k8s.io/v1", kind: "ConversionReview" };

export type ConversionRequest = {
  /** Given back with the answer, so that the server knows it for its own. */
  readonly uid: string;
  /** `example.dev/v2` */
  readonly desiredAPIVersion: string;
  readonly objects: readonly ApiObject[];
};

/** Throws a `StatusError` that says what is wrong. */
export function readConversion(review: unknown): ConversionRequest {
  const { kind, apiVersion } = REVIEW;
  if (!isFields(review) || own(review, "kind") !== kind) throw badRequest(`this is no ${kind}`);
  if (own(review, "apiVersion") !== apiVersion) {
    throw badRequest(
      `a ${kind} of ${textOf(own(review, "apiVersion"))}: only ${apiVersion} is answered; ` +
        "name v1 in conversionReviewVersions of the definition",
    );
  }
  const request = own(review, "request");
  const uid = uidOf(review);
  if (!isFields(request) || uid === undefined) throw badRequest(`the ${kind} has no request`);
  const desired = own(request, "desiredAPIVersion");
  const objects = own(request, "objects");
  if (typeof desired !== "string" || !Array.isArray(objects) || !objects.every(isApiObject)) {
    throw badRequest(`the ${kind} has no desiredAPIVersion, or its objects are none`);
  }
  return { uid, desiredAPIVersion: desired, objects };
}

/** Undefined if the review is too odd to be answered by one. */
export function uidOf(review: unknown): string | undefined {
  const request = isFields(review) ? own(review, "request") : undefined;
  const uid = isFields(request) ? own(request, "uid") : undefined;
  return typeof uid === "string" && uid !== "" ? uid : undefined;
}

/** In the order of the request. */
export function convertedAnswer(uid: string, convertedObjects: readonly ApiObject[]): Fields {
  return { ...REVIEW, response: { uid, convertedObjects, result: { status: "Success" } } };
}

/** None is converted; servers tell their clients the message. */
export function failedAnswer(uid: string, message: string): Fields {
  const result = { status: "Failure", message };
  return { ...REVIEW, response: { uid, convertedObjects: [], result } };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "no version";
}
