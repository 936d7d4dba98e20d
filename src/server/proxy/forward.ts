/** One request handed on to a backend, and its answer to the client. */
import type { Context } from "../../base/context.ts";
import type { Backend, BackendHeaders } from "../../machinery/backend.ts";
import type { ApiRequest, ApiResponse, RequestBody } from "../../machinery/request.ts";
import { internalError } from "../../machinery/status.ts";
import type { BackendAnswer, Backends } from "./backends.ts";
import { answerHeaders, isUpgradeRequest, requestHeaders } from "./forwarded-headers.ts";

export type Forwarded = {
  readonly backend: Backend;
  /** Path and query. */
  readonly target: string;
  /** Besides those of the request; they win. */
  readonly headers: BackendHeaders;
};

const encoder = new TextEncoder();

/**
 * The request's answer as the backend gives it, the body still to come; or a connection, if the
 * client asks for another protocol. Rejects with a `BackendError`.
 */
export async function forward(
  request: ApiRequest,
  { backend, target, headers }: Forwarded,
  backends: Backends,
  context: Context,
): Promise<ApiResponse> {
  const isUpgrade = isUpgradeRequest(request.headers);
  const passed = { ...requestHeaders(request.headers, isUpgrade), ...headers };
  const head = {
    method: request.method,
    target,
    headers: { ...passed, host: backend.authority, ...typeOf(request) },
  };
  if (isUpgrade) {
    return { status: 101, headers: {}, warnings: [], body: { kind: "relay", backend, head } };
  }
  const answer = await backends.send({ backend, head, body: bytesOf(request.body) }, context);
  return {
    status: answer.status,
    headers: answerHeaders(answer.headers),
    warnings: [],
    body: { kind: "stream", chunks: answer.chunks },
  };
}

/** Values from within this process are JSON unless something else is said. */
function typeOf({ body, headers }: ApiRequest): BackendHeaders {
  const isUnnamed = body.kind === "value" && headers["content-type"] === undefined;
  return isUnnamed ? { "content-type": "application/json" } : {};
}

function bytesOf(body: RequestBody): Uint8Array {
  switch (body.kind) {
    case "none":
      return new Uint8Array();
    case "bytes":
      return body.bytes;
    case "value":
      return encoder.encode(JSON.stringify(body.value));
  }
}

/** All of a body. Throws a `StatusError` when there is more than may be kept. */
export async function readAll(
  chunks: BackendAnswer["chunks"],
  bytesMax: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) throw internalError("the answer is too large");
    parts.push(chunk);
  }
  return Buffer.concat(parts, length);
}
