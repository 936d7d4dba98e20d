/** What a webhook is sent (AdmissionReview), and what an answer must be like to count. */
import { isFields, own, type ApiObject, type Fields } from "../../../machinery/object.ts";
import { StatusError, type Status } from "../../../machinery/status.ts";
import { admissionRequest } from "../matching/admission-request.ts";
import type { MatchedReview } from "../matching/matched-review.ts";

const GROUP_VERSION = "admission.k8s.io/v1";
const OLD_GROUP_VERSION = "admission.k8s.io/v1beta1";
const KIND = "AdmissionReview";

export function admissionReview(matched: MatchedReview, uid: string): Fields {
  const { options, ...request } = admissionRequest(matched);
  const { old: oldObject = null } = matched;
  const object = matched.object === undefined ? null : shownObject(matched.object, matched);
  return {
    kind: KIND,
    apiVersion: GROUP_VERSION,
    request: { uid, ...request, object, oldObject, options },
  };
}

/** What a connection is asked for with has no metadata. */
function shownObject({ metadata, ...fields }: ApiObject, { review }: MatchedReview): Fields {
  return review.verb === "connect" ? fields : { ...fields, metadata };
}

/** What a webhook said. */
export type Verdict = {
  readonly isAllowed: boolean;
  readonly result: Fields;
  readonly warnings: readonly string[];
  /** Operations of a JSON patch in base64; "" if there are none. */
  readonly patch: string;
  /** How to read them; "" if there are none. */
  readonly patchType: string;
};

/** An answer that nobody can read. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";
}

/** An answer that cannot count. */
export class BadAnswer extends Error {
  override readonly name = "BadAnswer";
}

/** Throws `BadAnswer` and `UnreadableAnswer`. */
export function readAnswer(value: unknown, uid: string, role: "mutating" | "validating"): Verdict {
  const review = isFields(value) ? value : {};
  checkReadable(review);
  const response = own(review, "response");
  if (!isFields(response)) throw new BadAnswer("webhook response was absent");
  const gotUid = textIn(response, "uid");
  if (gotUid !== uid) {
    const expected = `expected response.uid=${JSON.stringify(uid)}`;
    throw new BadAnswer(`${expected}, got ${JSON.stringify(gotUid)}`);
  }
  checkKind(review);
  const patch = textIn(response, "patch");
  checkPatch(patch, own(response, "patchType") ?? undefined, role);
  const status = own(response, "status");
  const warnings = own(response, "warnings");
  return {
    isAllowed: own(response, "allowed") === true,
    result: isFields(status) ? status : {},
    warnings: Array.isArray(warnings) ? warnings.filter((each) => typeof each === "string") : [],
    patch,
    patchType: textIn(response, "patchType"),
  };
}

/** Answers name their kind; there is no way to read another than an AdmissionReview of v1. */
function checkReadable(review: Fields): void {
  const [apiVersion, kind] = [textIn(review, "apiVersion"), textIn(review, "kind")];
  if (apiVersion === "" || kind === "" || (apiVersion === GROUP_VERSION && kind === KIND)) return;
  if (apiVersion === OLD_GROUP_VERSION && kind === KIND) {
    const [from, to] = [`v1beta1.${KIND}`, `v1.${KIND}`];
    throw new UnreadableAnswer(`converting (${from}) to (${to}): unknown conversion`);
  }
  const what = `no kind ${JSON.stringify(kind)} is registered for version`;
  const scheme = 'in scheme "pkg/runtime/scheme.go:111"';
  throw new UnreadableAnswer(`${what} ${JSON.stringify(apiVersion)} ${scheme}`);
}

function checkKind(review: Fields): void {
  const [apiVersion, kind] = [textIn(review, "apiVersion"), textIn(review, "kind")];
  if (apiVersion === GROUP_VERSION && kind === KIND) return;
  const wanted = `${GROUP_VERSION}, Kind=${KIND}`;
  const got = `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
  throw new BadAnswer(`expected webhook response of ${wanted}, got ${got}`);
}

function checkPatch(patch: string, type: unknown, role: "mutating" | "validating"): void {
  if (role === "validating") {
    if (patch !== "") throw new BadAnswer("validating webhook may not return response.patch");
    if (type === undefined) return;
    throw new BadAnswer("validating webhook may not return response.patchType");
  }
  if (patch !== "" && type === undefined) {
    throw new BadAnswer("webhook returned response.patch but not response.patchType");
  }
  if (patch === "" && type !== undefined) {
    throw new BadAnswer("webhook returned response.patchType but not response.patch");
  }
}

/** The refusal of a webhook, with what it said about it. */
export function denial(webhook: string, result: Fields): StatusError {
  const deniedBy = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const [said, reason] = [textIn(result, "message"), textIn(result, "reason")];
  const why = said === "" ? reason : said;
  const code = own(result, "code");
  const details = own(result, "details");
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: why === "" ? `${deniedBy} without explanation` : `${deniedBy}: ${why}`,
    ...(reason === "" ? {} : { reason }),
    ...(isFields(details) ? { details } : {}),
    code: typeof code === "number" && code >= 400 ? code : 400,
  };
  return new StatusError(status as Status);
}

function textIn(fields: Fields, key: string): string {
  const value = own(fields, key);
  return typeof value === "string" ? value : "";
}
