/** Requests for the groups of other API servers, handed on to them. */
import type { Context } from "../../base/context.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { textAnswer } from "../answers.ts";
import type { Exchange } from "../filters/filter.ts";
import { BackendError, type Backends } from "../proxy/backends.ts";
import { forward } from "../proxy/forward.ts";
import { targetOf } from "../proxy/forwarded-path.ts";
import type { ServiceResolver } from "../webhooks/service-resolver.ts";
import { WebhookCallError } from "../webhooks/webhook-client.ts";
import type { RemoteService } from "./api-service-index.ts";
import { identityHeaders, remoteBackend } from "./remote-backend.ts";

/** Bytes of an answer that are read before it is passed on; longer ones are passed on in pieces. */
export const WHOLE_BYTES_MAX: number = 1024 * 1024;

export type RemoteDeps = {
  readonly backends: Backends;
  readonly resolve: ServiceResolver;
};

export async function answerRemotely(
  { request, user, info }: Exchange,
  remote: RemoteService,
  deps: RemoteDeps,
  context: Context,
): Promise<ApiResponse> {
  if (!isAvailable(remote)) return unavailable("service unavailable");
  try {
    const backend = await remoteBackend(remote, deps.resolve, context);
    const target = targetOf(request.path, request.query);
    const headers = { ...identityHeaders(user), "x-forwarded-uri": request.path };
    const forwarded = { backend, target, headers };
    const answer = await forward(request, forwarded, deps.backends, context);
    if (answer.status >= 300 && answer.status < 400 && answer.headers["location"] !== undefined) {
      const why = "the backend attempted to redirect this request, which is not permitted";
      return textAnswer(502, `${why}\n`);
    }
    const isWatch = info.kind === "resource" && info.verb === "watch";
    return isWatch ? answer : await whole(answer);
  } catch (error) {
    if (error instanceof WebhookCallError) return unavailable("service unavailable");
    if (!(error instanceof BackendError)) throw error;
    return unavailable(`error trying to reach service: ${error.message}`);
  }
}

export function isAvailable({ apiService }: RemoteService): boolean {
  return findCondition(apiService.status.conditions ?? [], "Available")?.status === "True";
}

/** Plain text, as upstream: clients make their own words of it. */
function unavailable(text: string): ApiResponse {
  return textAnswer(503, `${text}\n`);
}

/** Short JSON in one piece, so that callers in this process find an object in it. */
async function whole(answer: ApiResponse): Promise<ApiResponse> {
  const { body, headers } = answer;
  const isJson = /^application\/([^;]+\+)?json/.test(headers["content-type"] ?? "");
  if (body.kind !== "stream" || !isJson || headers["content-encoding"] !== undefined) return answer;
  const source = body.chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length <= WHOLE_BYTES_MAX) {
    const next = await source.next();
    if (next.done === true) {
      const { "content-length": _length, ...others } = headers;
      return { ...answer, headers: others, body: { kind: "bytes", bytes: Buffer.concat(parts) } };
    }
    parts.push(next.value);
    length += next.value.length;
  }
  return { ...answer, body: { kind: "stream", chunks: resumed(parts, source) } };
}

async function* resumed(
  parts: readonly Uint8Array[],
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* parts;
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
