/** The API's one form of refusal: a `Status` object, thrown as a `StatusError`. */
import { exactText } from "./codec/exact-json.ts";
import { quoted } from "./go-quote.ts";
import { groupResource } from "./gvk.ts";

/** Machine-readable reasons, as metav1 defines them. */
export type StatusReason =
  | "" // unknown
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Gone"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "NotFound"
  | "RequestEntityTooLarge"
  | "ServerTimeout"
  | "ServiceUnavailable"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "UnsupportedMediaType";

/**
 * One of several reasons of a failure. Of an `Invalid` object: `field` is a path such as
 * `spec.ports[0].name`.
 */
export type StatusCause = {
  readonly reason?: string;
  readonly message?: string;
  /** A path such as `spec.ports[0].name`. */
  readonly field?: string;
};

/**
 * What a failure is about, and all of its causes. `retryAfterSeconds`: try again, but not before.
 */
export type StatusDetails = {
  readonly name?: string;
  readonly group?: string;
  /** The plural resource for NotFound, AlreadyExists, Conflict, Forbidden; the kind for Invalid. */
  readonly kind?: string;
  readonly uid?: string;
  /** All that is wrong, e.g. each field of an invalid object. */
  readonly causes?: readonly StatusCause[];
  /** Try again, but not before. */
  readonly retryAfterSeconds?: number;
};

/**
 * How an API server tells of a failure, and of a success that has no object to show. Judge by
 * `reason`; `message` is for people, and `code` the HTTP status code.
 */
export type Status = {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string };
  readonly status: "Success" | "Failure";
  /** For people; its words may change. */
  readonly message?: string;
  /** For programs, e.g. `NotFound`. */
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  /** The HTTP status code. */
  readonly code?: number;
};

/** Thrown by everything that refuses an API request; one place turns it into an answer. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: Status;

  constructor(status: Status, options: { readonly cause?: unknown } = {}) {
    super(status.message ?? status.reason ?? "refused", options);
    this.status = status;
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): StatusReason {
    return this.status.reason ?? "";
  }
}

/** Whether `error` is an API refusal for `reason` (any refusal if none is given). */
export function isStatus(error: unknown, reason?: StatusReason): error is StatusError {
  return error instanceof StatusError && (reason === undefined || error.reason === reason);
}

/** One thing wrong with one field, found by pure validation. */
export type FieldError = {
  /** `spec.template.spec.containers[0].name` */
  readonly field: string;
  readonly type: FieldErrorType;
  /** The offending value as it is printed; undefined where the type prints none. */
  readonly value?: unknown;
  readonly detail: string;
};

/** Cause reasons of Invalid, as apimachinery's field errors define them. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

type GroupResource = { readonly group: string; readonly resource: string };

function refusal(
  code: number,
  reason: StatusReason,
  message: string,
  details?: StatusDetails,
): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details: pruneDetails(details) }),
    code,
  });
}

function pruneDetails(details: StatusDetails): StatusDetails {
  const kept = Object.entries(details).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(kept);
}

/** 404: there is no object of that name. */
export function notFound(gr: GroupResource, name: string): StatusError {
  return refusal(404, "NotFound", `${groupResource(gr)} ${quoted(name)} not found`, {
    name,
    group: gr.group,
    kind: gr.resource,
  });
}

/** An unknown resource inside a known group and version. */
export function noSuchResource(): StatusError {
  const message = "the server could not find the requested resource";
  return refusal(404, "NotFound", message, {});
}

/** 409: an object of that name is there already. */
export function alreadyExists(gr: GroupResource, name: string): StatusError {
  return refusal(409, "AlreadyExists", `${groupResource(gr)} ${quoted(name)} already exists`, {
    name,
    group: gr.group,
    kind: gr.resource,
  });
}

/** `why` completes "Operation cannot be fulfilled on pods "x": …". */
export function conflict(gr: GroupResource, name: string, why: string): StatusError {
  const subject = `${groupResource(gr)} ${quoted(name)}`;
  const message = `Operation cannot be fulfilled on ${subject}: ${why}`;
  return refusal(409, "Conflict", message, { name, group: gr.group, kind: gr.resource });
}

/** What a stale resourceVersion is told. */
export const OBJECT_MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

/**
 * 422: the object breaks rules of its kind. Takes all of them at once; each becomes a cause with
 * its field, and the message joins them.
 */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const all = errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
  const texts = [...new Set(all)]; // the causes tell each one, as often as it was found
  const joined = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return refusal(422, "Invalid", `${qualified} ${quoted(name)} is invalid: ${joined}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes: errors.map((error) => ({
      reason: error.type,
      message: fieldErrorText(error),
      field: error.field,
    })),
  });
}

const FIELD_ERROR_TITLES: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
};

/** `Invalid value: -1: must be greater than or equal to 0`, without the field. */
export function fieldErrorText(error: FieldError): string {
  const title = FIELD_ERROR_TITLES[error.type];
  const hasValue =
    error.value !== undefined &&
    error.type !== "FieldValueRequired" &&
    error.type !== "FieldValueForbidden" &&
    error.type !== "FieldValueTooLong";
  const value = hasValue ? `: ${printedValue(error.value)}` : "";
  return error.detail === "" ? `${title}${value}` : `${title}${value}: ${error.detail}`;
}

/** As upstream prints it: structures in the JSON of its encoder, which spells out `<`, `>`, `&`. */
function printedValue(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return exactText(value).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** 400: the request cannot be understood. */
export function badRequest(message: string): StatusError {
  return refusal(400, "BadRequest", message);
}

/** 401: the server does not know who asks. */
export function unauthorized(): StatusError {
  return refusal(401, "Unauthorized", "Unauthorized");
}

/** `why` completes "pods "x" is forbidden: …". */
export function forbidden(
  gr: GroupResource,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const named = name === "" ? groupResource(gr) : `${groupResource(gr)} ${quoted(name)}`;
  const subject = groupResource(gr) === "" ? "forbidden" : `${named} is forbidden`;
  return refusal(403, "Forbidden", `${subject}: ${why}`, {
    name,
    group: gr.group,
    kind: gr.resource,
    ...(causes === undefined ? {} : { causes }),
  });
}

export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return refusal(405, "MethodNotAllowed", message, {});
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(", ")}`;
  return refusal(406, "NotAcceptable", message);
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message =
    "the body of the request was in an unknown format - accepted media types include: " +
    accepted.join(", ");
  return refusal(415, "UnsupportedMediaType", message);
}

export function tooLarge(message: string): StatusError {
  return refusal(413, "RequestEntityTooLarge", message);
}

/** The requested revision is no longer known. Clients list again. */
export function expired(message: string): StatusError {
  return refusal(410, "Expired", message);
}

/** `code` 422 without causes, or 500 without reason: refusals upstream words by hand. */
export function plainRefusal(code: number, reason: StatusReason, message: string): StatusError {
  return refusal(code, reason, message);
}

/** 429: ask again after so many seconds. `RestClient` does so by itself. */
export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return refusal(429, "TooManyRequests", message, { retryAfterSeconds });
}

/** 500: a defect of the server, not of the request. */
export function internalError(message: string): StatusError {
  return refusal(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

/** 503: nobody can answer now. Clients may try again. */
export function serviceUnavailable(message: string): StatusError {
  return refusal(503, "ServiceUnavailable", message);
}

/**
 * 504: the answer did not come in time, and the request may have had its effect. Tells clients to
 * try again after a second.
 */
export function timeout(message: string, causes?: readonly StatusCause[]): StatusError {
  return refusal(504, "Timeout", message, {
    retryAfterSeconds: 1,
    ...(causes === undefined ? {} : { causes }),
  });
}

/** A success without an object, e.g. of a delete. */
export function success(details?: StatusDetails): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    ...(details === undefined ? {} : { details: pruneDetails(details) }),
  };
}
