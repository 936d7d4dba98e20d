/** Patches as they are sent, and what each makes of a document. */
import { DecodeError, decodeJson } from "../../machinery/codec/json.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import {
  badRequest,
  invalid,
  plainRefusal,
  StatusError,
  tooLarge,
} from "../../machinery/status.ts";
import { applyJsonPatch, JSON_PATCH_OPERATIONS_MAX, PatchError } from "../../patch/json-patch.ts";
import { applyMergePatch } from "../../patch/merge-patch.ts";
import { applyStrategicMerge } from "../../patch/strategic-merge.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { decodeErrorText, mediaTypeOf } from "./body.ts";

export type PatchDocument = (document: Fields) => unknown;

export const JSON_PATCH_TYPE = "application/json-patch+json";
export const MERGE_PATCH_TYPE = "application/merge-patch+json";
export const STRATEGIC_PATCH_TYPE = "application/strategic-merge-patch+json";
export const APPLY_PATCH_TYPE = "application/apply-patch+yaml";

/** How the request changes a document. Throws 400, 413, 415 or 422. */
export function readPatch(request: ApiRequest, schema: StructuralSchema): PatchDocument {
  const mediaType = mediaTypeOf(request);
  const hasType = request.headers["content-type"] !== undefined;
  if (mediaType === APPLY_PATCH_TYPE) throw unsupported("server-side apply is not supported yet");
  if (!hasType || !isPatchType(mediaType)) throw unsupported("415: Unsupported Media Type");
  if (request.query.get("force") !== null) throw forceForbidden();
  const patch = decodePatch(request);
  switch (mediaType) {
    case JSON_PATCH_TYPE:
      if (!Array.isArray(patch)) throw badRequest("error decoding patch: it must be an array");
      if (patch.length > JSON_PATCH_OPERATIONS_MAX) {
        throw tooLarge(
          `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}, ` +
            `got ${patch.length}`,
        );
      }
      return guarded((document) => applyJsonPatch(document, patch));
    case MERGE_PATCH_TYPE:
      if (!isFields(patch)) throw badRequest("error decoding patch: it must be an object");
      return guarded((document) => applyMergePatch(document, patch));
    default:
      if (!isFields(patch)) throw badRequest("error decoding patch: it must be an object");
      return guarded((document) => applyStrategicMerge(document, patch, schema));
  }
}

function isPatchType(mediaType: string): boolean {
  return [JSON_PATCH_TYPE, MERGE_PATCH_TYPE, STRATEGIC_PATCH_TYPE].includes(mediaType);
}

function decodePatch(request: ApiRequest): unknown {
  const { body } = request;
  if (body.kind === "value") return body.value;
  try {
    return decodeJson(body.kind === "bytes" ? body.bytes : new Uint8Array()).value;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`error decoding patch: ${decodeErrorText(error)}`);
  }
}

function guarded(apply: PatchDocument): PatchDocument {
  return (document) => {
    try {
      return apply(document);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      if (error.kind === "malformed") throw badRequest(error.message);
      throw unprocessable();
    }
  };
}

/** Upstream does not say what was wrong with a patch that does not fit. */
function unprocessable(): StatusError {
  const message = "the server rejected our request due to an error in our request";
  return withEmptyDetails(plainRefusal(422, "Invalid", message));
}

function unsupported(message: string): StatusError {
  return withEmptyDetails(plainRefusal(415, "UnsupportedMediaType", message));
}

function withEmptyDetails(error: StatusError): StatusError {
  return new StatusError({ ...error.status, details: {} });
}

function forceForbidden(): StatusError {
  const detail = "may not be specified for non-apply patch";
  return invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
    { field: "force", type: "FieldValueForbidden", detail },
  ]);
}
