/**
 * The HTTPS server of webhooks: one review a request. Certificates change under way: connections
 * that are there go on with the old one, new ones get the new one.
 */
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { rootContext, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { statusAnswer, type Answering, type WebhookAnswer } from "../webhooks/answering.ts";
import { deniedStatus } from "../webhooks/admission-verdict.ts";
import { listen } from "./listen.ts";

/** Bytes of an admission review: an object of 3 MiB twice, and some. As controller-runtime. */
export const ADMISSION_BODY_BYTES_MAX: number = 7 * 1024 * 1024;
/** Bytes of a conversion review, which holds a whole list. */
export const CONVERSION_BODY_BYTES_MAX: number = 64 * 1024 * 1024;
/** Requests answered at a time; those above are told to come again. */
export const WEBHOOK_REQUESTS_MAX = 1_000;
/** How long a connection may take to be secured. */
const HANDSHAKE_MS_MAX = 10_000;
/** How long a request may take to arrive. */
const ARRIVAL_MS_MAX = 30_000;
/** Longer than API servers keep idle connections (90 s): they never write to a closed one. */
const IDLE_MS_MAX = 120_000;
/** The longest that an API server waits for an answer. */
const ANSWER_MS_MAX = 30_000;

export type WebhookServerOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Undefined: all addresses. */
  readonly host: string | undefined;
  readonly tls: TlsIdentity;
  /** Default `WEBHOOK_REQUESTS_MAX`. */
  readonly requestsMax?: number;
};

/** PEM. */
export type TlsIdentity = { readonly certificate: string; readonly key: string };

export interface WebhookServer {
  readonly port: number;
  /** What new connections are shown. Throws if the two do not belong together. */
  use(tls: TlsIdentity): void;
  /** Takes no more requests; resolves when those under way are answered, at the latest after ms. */
  close(graceMsMax: number): Promise<void>;
}

/** Rejects if the port is taken. */
export async function serveWebhooks(
  { port, host, tls, requestsMax = WEBHOOK_REQUESTS_MAX }: WebhookServerOptions,
  deps: { readonly env: Env; readonly answering: Answering },
): Promise<WebhookServer> {
  const stop = new AbortController();
  const requests = new Requests(deps.answering, deps.env, requestsMax, stop.signal);
  const server = createServer(
    {
      ...tlsOptions(tls),
      minVersion: "TLSv1.2",
      requestTimeout: ARRIVAL_MS_MAX,
      headersTimeout: ARRIVAL_MS_MAX,
      keepAliveTimeout: IDLE_MS_MAX,
      handshakeTimeout: HANDSHAKE_MS_MAX,
    },
    (request, response) => void requests.answer(request, response),
  );
  const listening = await listen(server, { port, host });
  return {
    port: listening,
    use: (identity) => server.setSecureContext(tlsOptions(identity)),
    close: (graceMsMax) => {
      requests.end();
      return close(server, stop, graceMsMax, deps.env);
    },
  };
}

function tlsOptions({ certificate, key }: TlsIdentity): { cert: string; key: string } {
  return { cert: certificate, key };
}

function close(server: Server, stop: AbortController, graceMsMax: number, env: Env): Promise<void> {
  return new Promise((resolve) => {
    const timer = env.timers.after(graceMsMax, () => {
      stop.abort(new Error("the webhook server ends"));
      server.closeAllConnections();
    });
    server.close(() => {
      timer.cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}

class Requests {
  readonly #answering: Answering;
  readonly #env: Env;
  readonly #context: Context;
  readonly #countMax: number;
  #count = 0;
  #isEnding = false;

  constructor(answering: Answering, env: Env, countMax: number, stop: AbortSignal) {
    this.#countMax = countMax;
    this.#answering = answering;
    this.#env = env;
    this.#context = rootContext(env, stop);
  }

  /** From now on each answer is the last one of its connection. */
  end(): void {
    this.#isEnding = true;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = "/", query = ""] = (request.url ?? "/").split("?");
    const refusal = this.#refusal(request, pathname);
    if (refusal !== undefined) return this.#send(response, refusal);
    const end = this.#answering.begin(pathname);
    const limit = childSignal(this.#context.signal);
    const waitsMs = patience(new URLSearchParams(query).get("timeout"));
    const timer = this.#env.timers.after(waitsMs, () => limit.abort(new Error("it took too long")));
    const onClose = (): void => limit.abort(new Error("the caller has gone"));
    response.once("close", onClose);
    this.#count += 1;
    let code = 500;
    try {
      const answer = await this.#read(request, pathname, {
        ...this.#context,
        signal: limit.signal,
      });
      code = answer.code;
      this.#send(response, answer);
    } finally {
      this.#count -= 1;
      timer.cancel();
      response.removeListener("close", onClose);
      limit.release();
      end?.(code);
    }
  }

  #refusal({ method, headers }: IncomingMessage, path: string): WebhookAnswer | undefined {
    const handler = this.#answering.find(path);
    if (handler === undefined) {
      return statusAnswer(deniedStatus("no webhook is served at this path", 404));
    }
    if (method !== "POST") return statusAnswer(deniedStatus("reviews are posted", 405));
    const type = (headers["content-type"] ?? "").split(";")[0]?.trim();
    if (type !== "application/json") {
      return statusAnswer(deniedStatus("reviews are application/json", 415));
    }
    if (this.#count < this.#countMax) return undefined;
    return statusAnswer(deniedStatus("too many reviews at a time", 429));
  }

  #send(response: ServerResponse, { code, text }: WebhookAnswer): void {
    response.writeHead(code, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
      "x-content-type-options": "nosniff",
      // The rest of what was too large is not waited for.
      ...(code === 413 || this.#isEnding ? { connection: "close" } : {}),
    });
    response.end(text);
  }

  async #read(request: IncomingMessage, path: string, context: Context): Promise<WebhookAnswer> {
    const isConversion = this.#answering.find(path)?.kind === "conversion";
    const bytesMax = isConversion ? CONVERSION_BODY_BYTES_MAX : ADMISSION_BODY_BYTES_MAX;
    const body = await readBody(request, bytesMax);
    if (body === undefined) {
      return statusAnswer(deniedStatus(`a review has ${bytesMax} bytes at most`, 413));
    }
    return this.#answering.answer(path, body, context);
  }
}

/** `10s`, as API servers say how long they wait. */
function patience(text: string | null): number {
  const [, seconds = ""] = /^(\d+(?:\.\d+)?)s$/.exec(text ?? "") ?? [];
  return seconds === "" ? ANSWER_MS_MAX : Math.min(Number(seconds) * 1_000, ANSWER_MS_MAX);
}

/** Undefined: it is too large, or it broke off. */
async function readBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // A body that is too large is not read on; its sender is answered nevertheless.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > bytesMax) return undefined;
      chunks.push(bytes);
    }
  } catch {
    return undefined; // nobody is there to be answered
  }
  return Buffer.concat(chunks);
}
