/** The forms of answers, so that no handler spells headers itself. */
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { ApiResponse } from "../machinery/request.ts";
import type { Status } from "../machinery/status.ts";

export const JSON_TYPE = "application/json";
export const YAML_TYPE = "application/yaml";
export const TEXT_TYPE = "text/plain; charset=utf-8";

const encoder = new TextEncoder();

/** One object. */
export function objectAnswer(
  status: number,
  object: EncodedObject,
  warnings: readonly string[] = [],
): ApiResponse {
  return {
    status,
    headers: { "content-type": JSON_TYPE },
    warnings,
    body: { kind: "object", object },
  };
}

/** Any JSON value that is not kept anywhere, e.g. discovery. */
export function valueAnswer(status: number, value: object): ApiResponse {
  return objectAnswer(status, EncodedObject.fromValue(value as ApiObject));
}

/** A refusal, or a success without an object. */
export function statusAnswer(status: Status, warnings: readonly string[] = []): ApiResponse {
  const answer = valueAnswer(status.code ?? 200, status);
  const retryAfter = status.details?.retryAfterSeconds;
  const headers =
    retryAfter === undefined
      ? answer.headers
      : { ...answer.headers, "retry-after": String(retryAfter) };
  return { ...answer, headers, warnings };
}

export function textAnswer(
  status: number,
  text: string,
  contentType: string = TEXT_TYPE,
): ApiResponse {
  return {
    status,
    headers: { "content-type": contentType },
    warnings: [],
    body: { kind: "bytes", bytes: encoder.encode(text) },
  };
}

/** What a path that belongs to nobody is told: not a Status, as upstream. */
export function pageNotFound(): ApiResponse {
  return textAnswer(404, "404 page not found\n");
}
