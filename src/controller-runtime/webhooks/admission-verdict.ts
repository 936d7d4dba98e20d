/** From what a webhook's author returned or threw to what an API server is answered. */
import type { ResourceType } from "../../client/resource-type.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import type { Fields } from "../../machinery/object.ts";
import {
  invalid,
  type FieldError,
  type Status,
  type StatusReason,
} from "../../machinery/status.ts";
import type { PatchOperation } from "./json-patch-of.ts";

/**
 * What is wrong: in words, or a field and what is wrong with it. Without a `type` it is an invalid
 * value; see `FieldError` for others.
 */
export type Problem = string | (Pick<FieldError, "field" | "detail"> & Partial<FieldError>);

/** Thrown by `deny`: an answer, not a failure. */
export class Denial extends Error {
  override readonly name = "Denial";
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

const REASONS: ReadonlyMap<number, StatusReason> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [410, "Gone"],
  [413, "RequestEntityTooLarge"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
]);

export function deniedStatus(message: string, code = 403): Status {
  if (!Number.isInteger(code) || code < 400 || code > 599) {
    throw new RangeError(`deny: ${code} is not an HTTP code that refuses (400 to 599)`);
  }
  const reason = REASONS.get(code);
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === undefined ? {} : { reason }),
    code,
  };
}

/** Undefined: nothing is wrong. Fields are told one by one, as the API does for its own checks. */
export function statusOf(
  problems: readonly Problem[],
  type: ResourceType,
  name: string,
): Status | undefined {
  const words = problems.filter((each) => typeof each === "string");
  const fields = problems.filter((each) => typeof each !== "string");
  if (fields.length === 0) {
    return words.length === 0 ? undefined : deniedStatus(words.join("; "));
  }
  const errors = fields.map((each) => ({ type: "FieldValueInvalid" as const, ...each }));
  const { status } = invalid(type, name, errors);
  return { ...status, message: [status.message, ...words].join("; ") };
}

/** The answer to the request with this uid. */
export function reviewAnswer(uid: string, answer: Fields): Fields {
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid, ...answer },
  };
}

export function refusedAnswer(status: Status, warnings: readonly string[]): Fields {
  return { allowed: false, status, ...warningsOf(warnings) };
}

export function allowedAnswer(
  patch: readonly PatchOperation[],
  warnings: readonly string[],
): Fields {
  const more = patch.length === 0 ? {} : { patchType: "JSONPatch", patch: base64Of(patch) };
  return { allowed: true, ...more, ...warningsOf(warnings) };
}

function warningsOf(warnings: readonly string[]): Fields {
  return warnings.length === 0 ? {} : { warnings };
}

function base64Of(patch: readonly PatchOperation[]): string {
  return Buffer.from(exactText(patch)).toString("base64");
}
