/** Webhooks over HTTPS, with the certificates their owners named. Failures in Go's words. */
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { responseMessage } from "../webhooks/response-errors.ts";
import type { ServiceResolver } from "../webhooks/service-resolver.ts";
import {
  callUrl,
  serviceHost,
  WebhookCallError,
  type WebhookCall,
  type WebhookClient,
} from "../webhooks/webhook-client.ts";

/** Bytes of an answer that are read. */
export const WEBHOOK_ANSWER_BYTES_MAX: number = 32 * 1024 * 1024;
/** Connections to one webhook. */
const SOCKETS_MAX = 25;

/** An answer as it came. */
export type WireAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
};

export class HttpsWebhookClient implements WebhookClient {
  readonly #env: Pick<Env, "timers">;
  readonly #resolve: ServiceResolver;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });

  constructor(deps: { readonly env: Pick<Env, "timers">; readonly resolve: ServiceResolver }) {
    this.#env = deps.env;
    this.#resolve = deps.resolve;
  }

  async postJson(call: WebhookCall, context: Context): Promise<unknown> {
    const url = callUrl(call.address, call.timeoutMs);
    const failed = (why: string): WebhookCallError =>
      new WebhookCallError(`Post ${JSON.stringify(url)}: ${why}`);
    const deadline = childSignal(context.signal);
    const timer = this.#env.timers.after(call.timeoutMs, () => deadline.abort());
    let answer: WireAnswer;
    try {
      const options = await this.#options(call, new URL(url), {
        ...context,
        signal: deadline.signal,
      });
      answer = await send(options, exactText(call.body), deadline.signal);
    } catch (error) {
      context.signal.throwIfAborted();
      if (deadline.signal.aborted) throw failed("context deadline exceeded");
      throw failed(causeText(error, url));
    } finally {
      timer.cancel();
      deadline.release();
    }
    return decodeAnswer(answer);
  }

  /** Lets go of idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #options(call: WebhookCall, url: URL, context: Context): Promise<RequestOptions> {
    const { address, caBundle } = call;
    const { traceparent } = context.cause;
    const isService = address.kind === "service";
    const target = isService
      ? await this.#resolve(address, context)
      : { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || "443") };
    return {
      agent: this.#agent,
      method: "POST",
      host: target.host,
      port: target.port,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        "content-type": "application/json",
        accept: "application/json, */*",
        "user-agent": "kube-apiserver-admission",
        ...(traceparent === "" ? {} : { traceparent }),
      },
      ...(isService ? { servername: serviceHost(address) } : {}),
      ...(caBundle === "" ? {} : { ca: Buffer.from(caBundle, "base64") }),
    };
  }
}

function send(options: RequestOptions, body: string, signal: AbortSignal): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ ...options, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= WEBHOOK_ANSWER_BYTES_MAX) chunks.push(chunk);
        else request.destroy(new Error("the answer is too large"));
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The JSON in an answer. Throws a `WebhookCallError` for one that refuses, or is none. */
export function decodeAnswer(answer: WireAnswer): unknown {
  const { status, contentType, body } = answer;
  if (status < 200 || status > 206) {
    const isText = contentType === "" || /^(text\/|application\/json)/.test(contentType);
    const text = isText ? body.toString("utf8") : undefined;
    throw new WebhookCallError(statusMessage(text) ?? responseMessage(status, text));
  }
  if (body.length === 0) {
    const type = contentType === "" ? "application/json" : contentType;
    const what = `0-length response with status code: ${status} and content type: ${type}`;
    throw new WebhookCallError(what);
  }
  try {
    return parseExactly(body.toString("utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = "couldn't get version/kind; json parse error";
    throw new WebhookCallError(`${why}: ${error.message}`, { cause: error });
  }
}

/** A webhook may refuse with a Status, whose message then counts. */
function statusMessage(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('"Status"')) return undefined;
  try {
    const value = JSON.parse(text) as {
      readonly kind?: unknown;
      readonly message?: unknown;
    } | null;
    const isStatus = value?.kind === "Status" && typeof value.message === "string";
    return isStatus ? String(value.message) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type SystemError = Error & {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
};

const UNKNOWN_AUTHORITY: readonly string[] = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

function hostIn(url: string): string {
  return new URL(url).hostname;
}

/** The failure as Go words it. */
export function causeText(error: unknown, url: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code = "", address = "", port = 0, hostname = "" } = error as SystemError;
  const dial = `dial tcp ${address.includes(":") ? `[${address}]` : address}:${port}`;
  const tls = "tls: failed to verify certificate: x509:";
  if (UNKNOWN_AUTHORITY.includes(code)) return `${tls} certificate signed by unknown authority`;
  switch (code) {
    case "ECONNREFUSED":
      return `${dial}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `${dial}: connect: no route to host`;
    case "ETIMEDOUT":
      return `${dial}: i/o timeout`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${hostname}: no such host`;
    case "ECONNRESET":
      return "EOF";
    case "CERT_HAS_EXPIRED":
      return `${tls} certificate has expired or is not yet valid`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `${tls} certificate is not valid for any names, but wanted to match ${hostIn(url)}`;
    default:
      return error.message;
  }
}
