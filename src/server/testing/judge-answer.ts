/** What is true of every answer, however wrong the request was. */
import { decodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, own } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { readFields } from "../protobuf/wire.ts";

/**
 * Refusals that upstream answers with 500, too, besides those without a reason: it has none for
 * patches that cannot be merged, and what goes wrong by mistake always has one here.
 */
const KNOWN_DEFECTS: readonly RegExp[] = [
  /^resourceVersion should not be set on objects to be created$/,
  /^resourceVersion: Invalid value: /,
  /^failed to create typed patch object /,
];

/** What is wrong with an answer; undefined if nothing is. */
export function problemOf(answer: ApiResponse, path: string): string | undefined {
  const { status, headers, body } = answer;
  if (status < 200 || status > 599) return `status ${status}`;
  const type = headers["content-type"] ?? "";
  if (body.kind !== "none" && type === "") return "no content type";
  if (status < 400) return undefined;
  if (type.startsWith("text/plain")) return status < 500 ? undefined : textProblem(status, path);
  if (body.kind === "none" && isWordless(status, path)) return undefined;
  const value = refusalOf(answer, type);
  if (value === undefined) return `no Status in ${type}`;
  if (value.code !== status) return `code ${String(value.code)} in an answer of ${status}`;
  if (status < 500 || status === 501 || status === 503 || status === 504) return undefined;
  if (status === 500 && value.reason === "") return undefined;
  const isKnown = KNOWN_DEFECTS.some((known) => known.test(value.message));
  return isKnown ? undefined : `${status}: ${value.message}`;
}

/** Upstream refuses a form of an OpenAPI document, and one that is not there, without a word. */
function isWordless(status: number, path: string): boolean {
  return (status === 406 || status === 404) && path.startsWith("/openapi/");
}

/** Paths of old proxies and watches; upstream answers 500 where it cannot read one. */
export function isOldPath(path: string): boolean {
  return /^\/+apis?\/.*(?:proxy|watch)/.test(path);
}

/** Health pages say so in plain text, and upstream says it of old paths that it cannot read. */
function textProblem(status: number, path: string): string | undefined {
  const isHealth = /^\/(?:healthz|livez|readyz)/.test(path);
  return isHealth || isOldPath(path) ? undefined : `${status} in plain text`;
}

type Refusal = { readonly code: number; readonly message: string; readonly reason: string };

function refusalOf({ body }: ApiResponse, type: string): Refusal | undefined {
  if (body.kind === "object") return refusalIn(body.object.value);
  if (body.kind !== "bytes") return undefined;
  if (type.startsWith("application/vnd.kubernetes.protobuf")) return protobufRefusal(body.bytes);
  return refusalIn(decodeYaml(new TextDecoder().decode(body.bytes)).value);
}

function refusalIn(value: unknown): Refusal | undefined {
  if (!isFields(value) || own(value, "kind") !== "Status" || own(value, "status") !== "Failure") {
    return undefined;
  }
  const code = own(value, "code");
  const message = own(value, "message");
  const reason = own(value, "reason") ?? "";
  if (typeof code !== "number" || typeof message !== "string") return undefined;
  return { code, message, reason: typeof reason === "string" ? reason : "" };
}

function protobufRefusal(bytes: Uint8Array): Refusal | undefined {
  const raw = readFields(bytes.subarray(4)).find((field) => field.number === 2);
  if (raw?.kind !== "bytes") return undefined;
  const fields = readFields(raw.bytes);
  const code = fields.find((field) => field.number === 6);
  const message = fields.find((field) => field.number === 3);
  const reason = fields.find((field) => field.number === 4);
  if (code?.kind !== "varint" || message?.kind !== "bytes") return undefined;
  return {
    code: Number(code.value),
    message: new TextDecoder().decode(message.bytes),
    reason: reason?.kind === "bytes" ? new TextDecoder().decode(reason.bytes) : "",
  };
}
