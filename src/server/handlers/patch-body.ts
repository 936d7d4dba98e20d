/** Patches as they are sent, and what each makes of a document. */
import { DecodeError, decodeJson, decodeUtf8, type Decoded } from "../../machinery/codec/json.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import { compareText } from "../../machinery/key.ts";
import { decodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ApiRequest } from "../../machinery/request.ts";
import {
  badRequest,
  plainRefusal,
  StatusError,
  tooLarge,
  unsupportedMediaType,
} from "../../machinery/status.ts";
import { applyJsonPatch, JSON_PATCH_OPERATIONS_MAX, PatchError } from "../../patch/json-patch.ts";
import { printedValue } from "../../patch/apply/go-text.ts";
import { applyMergePatch } from "../../patch/merge-patch.ts";
import { applyStrategicMerge } from "../../patch/strategic-merge.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { jsonTypeOf } from "../../schema/strict.ts";
import { decodeErrorText, mediaTypeOf } from "./body.ts";
import { repeatedKeys } from "./questionable.ts";

export type PatchDocument = (document: Fields) => Patched;

/** What a patch made of a document. */
export type Patched = {
  readonly value: unknown;
  /** What is questionable about the text of the patch, in upstream's words. */
  readonly doubts: readonly string[];
  /** How the patch spells numbers that end in the same places of the document. */
  readonly spellings?: Decoded["spellings"];
  readonly form: "json" | "strategic";
  /** What a refusal shows: the outcome, or the patch. */
  readonly shown: () => string;
};

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

/** How the request changes a document; what it makes of one throws 400, 413, 422 or 500. */
export function readPatch(
  request: ApiRequest,
  schema: StructuralSchema,
  writes: WrittenOrder = "touched",
): ReadPatch {
  const mediaType = mediaTypeOf(request);
  if (mediaType === APPLY_PATCH_TYPE) return { kind: "apply", read: () => readConfig(request) };
  let change: PatchDocument | undefined; // a patch is read when there is something to change
  return {
    kind: "document",
    change: (document) => (change ??= changeOf(request, mediaType, schema, writes))(document),
  };
}

function changeOf(
  request: ApiRequest,
  mediaType: string,
  schema: StructuralSchema,
  writes: WrittenOrder,
): PatchDocument {
  if (mediaType === STRATEGIC_PATCH_TYPE) return strategicChange(decodePatch(request, ""), schema);
  const decoded = decodePatch(request, "error decoding patch: ");
  const change = mediaType === JSON_PATCH_TYPE ? operations(decoded) : mergePatch(decoded);
  const doubts =
    mediaType === JSON_PATCH_TYPE ? operationDoubts(decoded) : duplicateDoubts(decoded);
  return (document) => {
    const value = guarded(() => change(document));
    if (mediaType === JSON_PATCH_TYPE && !isDocument(value)) throw unprocessable();
    const shown = (): string => goJson(value, writes === "touched" ? document : undefined);
    const { spellings } = decoded;
    const isInPlace = mediaType === MERGE_PATCH_TYPE && spellings !== undefined;
    return { value, doubts, form: "json", shown, ...(isInPlace ? { spellings } : {}) };
  };
}

/** What an operation upon the document as a whole may leave. */
function isDocument(value: unknown): boolean {
  return isFields(value) || Array.isArray(value);
}

function operations({ value }: Decoded): (document: Fields) => unknown {
  const list = value ?? [];
  if (!Array.isArray(list)) throw wrongPatch(list, "[]handlers.jsonPatchOp");
  for (const operation of list) {
    if (operation !== null && !isFields(operation)) {
      throw wrongPatch(operation, "handlers.jsonPatchOp");
    }
    for (const field of ["op", "path", "from"]) {
      const text = own(operation ?? {}, field) ?? "";
      if (typeof text === "string") continue;
      throw wrongPatch(text, "string", `struct field jsonPatchOp.${field}`);
    }
  }
  if (list.length > JSON_PATCH_OPERATIONS_MAX) {
    throw tooLarge(
      `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}, ` +
        `got ${list.length}`,
    );
  }
  return (document) =>
    applyJsonPatch(
      document,
      list.map((operation) => operation ?? {}),
    );
}

function mergePatch({ value }: Decoded): (document: Fields) => unknown {
  if (value === null) throw badRequest("Invalid JSON Patch");
  if (!isFields(value)) throw wrongPatch(value, GO_MAP);
  return (document) => applyMergePatch(document, value);
}

function strategicChange(decoded: Decoded, schema: StructuralSchema): PatchDocument {
  const patch = decoded.value ?? {};
  if (!isFields(patch)) throw badRequest(mismatch(patch, GO_MAP, "value"));
  const doubts = duplicateDoubts(decoded);
  return (document) => {
    const value = guarded(() => applyStrategicMerge(document, patch, schema));
    return { value, doubts, form: "strategic", shown: () => printedValue(patch) };
  };
}

const GO_MAP = "map[string]interface {}";

function wrongPatch(value: unknown, type: string, place = "value"): StatusError {
  return badRequest(`error decoding patch: ${mismatch(value, type, place)}`);
}

function mismatch(value: unknown, type: string, place: string): string {
  return `json: cannot unmarshal ${jsonTypeOf(value)} into Go ${place} of type ${type}`;
}

const OPERATION_FIELDS: readonly string[] = ["op", "path", "from", "value"];

function operationDoubts({ value, duplicates }: Decoded): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const unknown = list.flatMap((operation, index) =>
    Object.keys(isFields(operation) ? operation : {})
      .filter((name) => !OPERATION_FIELDS.includes(name))
      .map((name) => `json patch unknown field ${JSON.stringify(`[${index}].${name}`)}`),
  );
  return [
    ...unknown,
    ...duplicates.map((path) => `json patch duplicate field ${JSON.stringify(path)}`),
  ];
}

function duplicateDoubts({ duplicates }: Decoded): readonly string[] {
  return duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
}

/**
 * Which fields of a document are sorted when it is shown: those of all objects in it, as of custom
 * resources, or of the objects that a patch came through.
 */
export type WrittenOrder = "all" | "touched";

/** A document as Go writes one that was taken apart. `before`: what keeps its order. */
function goJson(value: unknown, before: unknown): string {
  return exactText(sorted(value, before));
}

function sorted(value: unknown, before: unknown): unknown {
  if (before !== undefined && value === before) return value;
  const inner = (key: number | string, each: unknown): unknown =>
    sorted(each, before === undefined ? undefined : memberOf(before, key));
  if (Array.isArray(value)) return value.map((each, index) => inner(index, each));
  if (!isFields(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, each]) => [key, inner(key, each)]));
}

/** Null where there was nothing: only undefined stands for a document without an order. */
function memberOf(before: unknown, key: number | string): unknown {
  if (Array.isArray(before)) return typeof key === "number" ? (before[key] ?? null) : null;
  return isFields(before) ? (own(before, String(key)) ?? null) : null;
}

function readConfig(request: ApiRequest): AppliedConfig {
  const { body } = request;
  if (body.kind === "value") return { config: configOf(body.value), doubts: [] };
  try {
    const text = decodeUtf8(body.kind === "bytes" ? body.bytes : new Uint8Array());
    const { value, duplicates } = decodeYaml(text);
    return { config: configOf(value), doubts: repeatedKeys(text, duplicates) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = `error converting YAML to JSON: ${decodeErrorText(error)}`;
    throw badRequest(`error decoding YAML: ${why}`);
  }
}

/** Nothing at all is an empty object. */
function configOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  if (isFields(value)) return value;
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ` +
      `${jsonTypeOf(value)} into Go value of type map[string]interface {}`,
  );
}

function decodePatch(request: ApiRequest, prefix: string): Decoded {
  const { body } = request;
  if (body.kind === "value") return { value: body.value, duplicates: [] };
  try {
    return decodeJson(body.kind === "bytes" ? body.bytes : new Uint8Array());
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${prefix}${decodeErrorText(error)}`);
  }
}

function guarded(apply: () => unknown): unknown {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.kind === "malformed") throw badRequest(error.message);
    if (error.kind === "failed") throw plainRefusal(500, "", error.message);
    throw unprocessable();
  }
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
