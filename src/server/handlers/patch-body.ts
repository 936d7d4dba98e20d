/** Patches as they are sent, and what each makes of a document. */
import { DecodeError, decodeJson, decodeUtf8 } from "../../machinery/codec/json.ts";
import { decodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import {
  badRequest,
  plainRefusal,
  StatusError,
  tooLarge,
  unsupportedMediaType,
} from "../../machinery/status.ts";
import { applyJsonPatch, JSON_PATCH_OPERATIONS_MAX, PatchError } from "../../patch/json-patch.ts";
import { applyMergePatch } from "../../patch/merge-patch.ts";
import { applyStrategicMerge } from "../../patch/strategic-merge.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { jsonTypeOf } from "../../schema/strict.ts";
import { decodeErrorText, mediaTypeOf } from "./body.ts";

export type PatchDocument = (document: Fields) => unknown;

export const JSON_PATCH_TYPE = "application/json-patch+json";
export const MERGE_PATCH_TYPE = "application/merge-patch+json";
export const STRATEGIC_PATCH_TYPE = "application/strategic-merge-patch+json";
export const APPLY_PATCH_TYPE = "application/apply-patch+yaml";

/** All that objects of built-in kinds can be patched with. */
export const PATCH_TYPES: readonly string[] = [
  JSON_PATCH_TYPE,
  MERGE_PATCH_TYPE,
  STRATEGIC_PATCH_TYPE,
  APPLY_PATCH_TYPE,
];

/** Of custom resources nobody knows the rules of a strategic merge. */
export const CUSTOM_PATCH_TYPES: readonly string[] = [
  JSON_PATCH_TYPE,
  MERGE_PATCH_TYPE,
  APPLY_PATCH_TYPE,
];

/** How a PATCH is to be read; what it holds is looked at when there is an object to change. */
export type ReadPatch =
  | { readonly kind: "document"; readonly change: PatchDocument }
  | { readonly kind: "apply"; readonly read: () => AppliedConfig };

/** A configuration to be applied. */
export type AppliedConfig = {
  readonly config: Fields;
  /** What is questionable about its text, in upstream's words. */
  readonly doubts: readonly string[];
};

/** Whether the request applies a configuration. Throws 415 for what the resource does not take. */
export function patchTypeOf(request: ApiRequest, accepted: readonly string[]): "apply" | "other" {
  const mediaType = mediaTypeOf(request);
  const hasType = request.headers["content-type"] !== undefined;
  if (!hasType || !accepted.includes(mediaType)) {
    // Upstream's endpoints of built-in kinds do not say what they take.
    throw accepted === PATCH_TYPES ? notAPatch() : unsupportedMediaType(accepted);
  }
  return mediaType === APPLY_PATCH_TYPE ? "apply" : "other";
}

/** How the request changes a document. Throws 400, 413 or 422. */
export function readPatch(request: ApiRequest, schema: StructuralSchema): ReadPatch {
  const mediaType = mediaTypeOf(request);
  if (mediaType === APPLY_PATCH_TYPE) return { kind: "apply", read: () => readConfig(request) };
  const patch = decodePatch(request);
  return { kind: "document", change: changeOf(patch, mediaType, schema) };
}

function changeOf(patch: unknown, mediaType: string, schema: StructuralSchema): PatchDocument {
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

function readConfig(request: ApiRequest): AppliedConfig {
  const { body } = request;
  if (body.kind === "value") return { config: configOf(body.value), doubts: [] };
  try {
    const text = decodeUtf8(body.kind === "bytes" ? body.bytes : new Uint8Array());
    const { value, duplicates } = decodeYaml(text);
    return { config: configOf(value), doubts: doubtsOf(text, duplicates) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = `error converting YAML to JSON: ${decodeErrorText(error)}`;
    throw badRequest(`error decoding patch: ${why}`);
  }
}

/** Nothing at all is an empty object. */
function configOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  if (isFields(value)) return value;
  throw badRequest(
    `error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ` +
      `${jsonTypeOf(value)} into Go value of type map[string]interface {}`,
  );
}

function doubtsOf(text: string, duplicates: readonly string[]): readonly string[] {
  return duplicates.map((path) => {
    const key = path.replace(/^.*[.\]]/, "");
    return `line ${lineOfSecond(text, key)}: key ${JSON.stringify(key)} already set in map`;
  });
}

/** The line of a key that stands there twice, as far as a search for it tells. */
function lineOfSecond(text: string, key: string): number {
  const places: number[] = [];
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const isWhole = !/[\w-]/.test(text[at - 1] ?? " ");
    if (isWhole && /^["']?\s*:/.test(text.slice(at + key.length, at + key.length + 8))) {
      places.push(at);
    }
    if (places.length === 2) break;
  }
  return text.slice(0, places.at(-1) ?? 0).split("\n").length;
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

function notAPatch(): StatusError {
  const message = "415: Unsupported Media Type";
  return withEmptyDetails(plainRefusal(415, "UnsupportedMediaType", message));
}

function withEmptyDetails(error: StatusError): StatusError {
  return new StatusError({ ...error.status, details: {} });
}
