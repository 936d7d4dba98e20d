/**
 * The transport to any Kubernetes API server over HTTP.
 *
 * Promises: HTTP/2 with TLS wherever the server offers it, so that all watches share a connection
 * whose death is noticed by pings; answers decoded by their media type; every call ends promptly
 * when its signal aborts; nothing waits for ever, but an open watch or a followed log.
 * A stream in an answer is to be read, or its signal aborted: until then it stays open.
 */
import type { Context } from "../../base/context.ts";
import type { Env, Timer } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { encodeJson } from "../../machinery/codec/json.ts";
import { CAUSE_HEADER, type ApiRequest, type ApiResponse } from "../../machinery/request.ts";
import { encodeCauseHeader } from "../../trace/header.ts";
import { TransportError, type Transport } from "../transport.ts";
import { warningTexts } from "../warning-header.ts";
import {
  connectionOf,
  type ConnectionOptions,
  type ShownCredentials,
  type TlsMaterial,
} from "./connection-options.ts";
import { decodeBody } from "./decode-body.ts";
import { impersonationHeaders } from "./impersonation-headers.ts";
import { isSameMaterial, RenewedWires } from "./renewed-wires.ts";
import { withAdvice } from "./unauthorized.ts";
import type { WireHeaders, WireRequest, WireResponse } from "./wire.ts";

const RESPONSE_TIMEOUT_MS = 70_000; // servers give up on their own requests after 60 s

/** A transport to the server of `options`. Connects at the first request. */
export function httpTransport(options: ConnectionOptions, env: Env): Transport {
  return new HttpTransport(options, env);
}

class HttpTransport implements Transport {
  readonly #options: ConnectionOptions;
  readonly #env: Env;
  readonly #pathPrefix: string;
  readonly #responseTimeoutMs: number;
  readonly #wires: RenewedWires;
  #isClosed = false;

  constructor(options: ConnectionOptions, env: Env) {
    const connection = connectionOf(options);
    this.#options = options;
    this.#env = env;
    this.#pathPrefix = connection.pathPrefix;
    this.#responseTimeoutMs = options.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS;
    this.#wires = new RenewedWires(connection, env);
  }

  async send(request: ApiRequest, context: Context): Promise<ApiResponse> {
    context.signal.throwIfAborted();
    if (this.#isClosed) throw new TransportError("the transport is closed", { isRefused: true });
    const call = childSignal(context.signal);
    const watchdog = new Watchdog(this.#env, this.#responseTimeoutMs, call.abort);
    const end = (): void => {
      watchdog.end();
      call.release();
    };
    try {
      const { response, caller } = await this.#exchange(request, context, call.signal);
      const headers = joinedHeaders(response.headers);
      const isLasting = isLastingRequest(request);
      if (isLasting) watchdog.end();
      const { warning } = response.headers;
      const body = await decodeBody({
        status: response.status,
        contentType: headers["content-type"],
        isWatch: isWatchRequest(request),
        isLasting,
        chunks: isLasting ? response.chunks : watchdog.fedBy(response.chunks),
        signal: call.signal,
        end,
        pause: () => this.#env.timers.yield(),
        traffic: context.traffic,
      });
      const warnings = warningTexts(warning === undefined ? [] : [warning].flat());
      const answer = { status: response.status, headers, warnings, body };
      if (response.status !== 401) return answer;
      return withAdvice(answer, caller, this.#options, this.#env.clock.now());
    } catch (error) {
      end();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#wires.close();
  }

  /** A caller who is not known is asked who it is anew, and sends once more if that has changed. */
  async #exchange(
    request: ApiRequest,
    context: Context,
    signal: AbortSignal,
  ): Promise<{ readonly response: WireResponse; readonly caller: Caller }> {
    const caller = await this.#caller();
    const encoded = this.#encode(request, context);
    context.traffic?.sent(encoded.body?.length ?? 0);
    const response = await this.#wires.send(caller.tls, shownBy(encoded, caller), signal);
    if (response.status !== 401) return { response, caller };
    this.#options.onUnauthorized?.(caller);
    let renewed: Caller;
    try {
      renewed = await this.#caller();
    } catch (error) {
      await discard(response.chunks);
      throw error;
    }
    if (isSameCaller(caller, renewed)) return { response, caller };
    await discard(response.chunks);
    const again = await this.#wires.send(renewed.tls, shownBy(encoded, renewed), signal);
    return { response: again, caller: renewed };
  }

  #encode(request: ApiRequest, context: Context): WireRequest {
    const query = request.query.toString();
    const path = `${this.#pathPrefix}${request.path}`;
    const { impersonate } = this.#options;
    return {
      method: request.method,
      path: query === "" ? path : `${path}?${query}`,
      headers: {
        accept: "application/json",
        "user-agent": this.#options.userAgent ?? "setpoint",
        ...(request.body.kind === "none" ? {} : { "content-type": "application/json" }),
        ...request.headers,
        ...(impersonate === undefined ? {} : impersonationHeaders(impersonate)),
        ...causeHeaders(context),
      },
      body: bodyBytes(request),
    };
  }

  async #caller(): Promise<Caller> {
    const { token, tlsMaterial } = this.#options;
    const tls = tlsMaterial === undefined ? this.#options : await tlsMaterial();
    const shown = token === undefined ? "" : await token();
    return {
      tls,
      token: shown === "" ? undefined : shown,
      clientCertificate: tls.clientCertificate,
    };
  }
}

/** Who sends a request, and what its connection is made with. */
type Caller = ShownCredentials & { readonly tls: TlsMaterial };

function shownBy(request: WireRequest, { token }: Caller): WireRequest {
  if (token === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

function isSameCaller(a: Caller, b: Caller): boolean {
  return a.token === b.token && isSameMaterial(a.tls, b.tls);
}

/** An answer that says no more than its status is read this far, to use its connection again. */
const DISCARDED_BYTES_MAX = 64 * 1_024;

async function discard(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > DISCARDED_BYTES_MAX) return;
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error; // a cut answer is as good as its end
  }
}

/** Ends a call to which nothing comes for a while. */
class Watchdog {
  readonly #env: Pick<Env, "timers">;
  readonly #patienceMs: number;
  readonly #abort: (reason: unknown) => void;
  #timer: Timer | undefined;

  constructor(env: Pick<Env, "timers">, patienceMs: number, abort: (reason: unknown) => void) {
    this.#env = env;
    this.#patienceMs = patienceMs;
    this.#abort = abort;
    this.#timer = this.#armed();
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The chunks; each of them renews the patience. */
  async *fedBy(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      this.#timer?.cancel();
      this.#timer = this.#armed();
      yield chunk;
    }
  }

  #armed(): Timer {
    return this.#env.timers.after(this.#patienceMs, () => {
      const message = `the server did not answer within ${this.#patienceMs} ms`;
      this.#abort(new TransportError(message, { isRefused: false }));
    });
  }
}

function causeHeaders(context: Context): WireHeaders {
  const cause = encodeCauseHeader(context.cause);
  const { traceparent } = context.cause;
  return {
    ...(cause === undefined ? {} : { [CAUSE_HEADER]: cause }),
    ...(traceparent === "" ? {} : { traceparent }),
  };
}

function bodyBytes(request: ApiRequest): Uint8Array | undefined {
  switch (request.body.kind) {
    case "none":
      return undefined;
    case "bytes":
      return request.body.bytes;
    case "value":
      return encodeJson(request.body.value);
  }
}

function isWatchRequest(request: ApiRequest): boolean {
  return isTrue(request.query.get("watch"));
}

/** Whether the answer may go on for as long as the caller likes. */
function isLastingRequest(request: ApiRequest): boolean {
  return isWatchRequest(request) || isTrue(request.query.get("follow"));
}

function isTrue(value: string | null): boolean {
  return value === "true" || value === "1";
}

function joinedHeaders(headers: WireHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
}
