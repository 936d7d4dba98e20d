/** Reading answers: the value in a body, and the refusal in one that is not a success. */
import { isApiObject, isFields, own, type ApiObject } from "../machinery/object.ts";
import type { ApiResponse, ResponseBody } from "../machinery/request.ts";
import { StatusError, type Status, type StatusReason } from "../machinery/status.ts";

/** An answer that a server of this API does not give. */
export class UnexpectedResponseError extends Error {
  override readonly name = "UnexpectedResponseError";
}

/** Bytes of a plain-text refusal that are kept in its message. */
const REFUSAL_TEXT_MAX = 1_024;

export function isSuccess(response: ApiResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

/** The refusal as an error: the server's own `Status`, or one made of code and text. */
export async function refusalOf(response: ApiResponse): Promise<StatusError> {
  const { body } = response;
  if (body.kind === "object") {
    const status = statusOf(body.object.value, response.status);
    if (status !== undefined) return new StatusError(status);
  }
  return new StatusError(plainStatus(response.status, await textOf(body)));
}

/** `value` as a `Status`, with `code` filled in; undefined if it is something else. */
export function statusOf(value: unknown, code: number): Status | undefined {
  if (!isFields(value) || own(value, "kind") !== "Status") return undefined;
  const status = { metadata: {}, ...value } as unknown as Status;
  return typeof status.code === "number" ? status : { ...status, code };
}

/** The API object in a body. */
export function objectOf(response: ApiResponse): ApiObject {
  const { body } = response;
  if (body.kind === "object" && isApiObject(body.object.value)) return body.object.value;
  throw new UnexpectedResponseError(
    `the server answered ${response.status} with ${describe(body)} where an object was expected`,
  );
}

/** What a body is, for messages. */
export function describe(body: ResponseBody): string {
  switch (body.kind) {
    case "none":
      return "an empty body";
    case "bytes":
      return isMarkup(body.bytes)
        ? "an HTML page, as a proxy or a login page may do that stands between"
        : `${body.bytes.length} bytes`;
    case "object": {
      const { value }: { readonly value: unknown } = body.object;
      const kind = isFields(value) ? own(value, "kind") : undefined;
      return typeof kind === "string" ? `a ${kind}` : "JSON that is no API object";
    }
    case "list":
      return `a ${body.listKind}`;
    case "events":
      return "a watch";
    case "stream":
      return "a stream";
    case "relay":
    case "upgrade":
      return "a connection";
  }
}

function isMarkup(bytes: Uint8Array): boolean {
  const beginning = new TextDecoder().decode(bytes.subarray(0, REFUSAL_TEXT_MAX));
  return /^\s*<(!doctype|html|head|body)\b/i.test(beginning);
}

async function textOf(body: ResponseBody): Promise<string> {
  const decoder = new TextDecoder();
  if (body.kind === "bytes") return decoder.decode(body.bytes.subarray(0, REFUSAL_TEXT_MAX)).trim();
  if (body.kind === "object")
    return decoder.decode(body.object.bytes.subarray(0, REFUSAL_TEXT_MAX));
  if (body.kind !== "stream") return "";
  let text = "";
  for await (const chunk of body.chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= REFUSAL_TEXT_MAX) break;
  }
  return text.slice(0, REFUSAL_TEXT_MAX).trim();
}

const REASONS: Readonly<Record<number, StatusReason>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function plainStatus(code: number, text: string): Status {
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: text === "" ? `the server answered with code ${code}` : text,
    ...(reason === undefined ? {} : { reason }),
    code,
  };
}

/** Milliseconds the server asks to wait before the next try; undefined if it does not. */
export function retryAfterMs(response: ApiResponse, refusal: StatusError): number | undefined {
  const header = response.headers["retry-after"];
  const fromHeader = header === undefined ? Number.NaN : Number(header);
  const seconds = Number.isNaN(fromHeader) ? refusal.status.details?.retryAfterSeconds : fromHeader;
  return seconds === undefined || seconds < 0 ? undefined : seconds * 1_000;
}
