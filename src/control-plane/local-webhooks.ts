/**
 * Webhooks that are answered by a function of this process instead of a server: nothing listens,
 * and there is nothing to encrypt. All else is as over HTTPS, limits of time included.
 */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { childSignal, orAborted } from "../base/signals.ts";
import { encodeJson } from "../machinery/codec/json.ts";
import { decodeAnswer } from "../server/http/https-webhook-client.ts";
import {
  callUrl,
  WebhookCallError,
  type WebhookCall,
  type WebhookClient,
} from "../server/webhooks/webhook-client.ts";

/** An HTTP status code, and JSON. */
export type LocalAnswer = { readonly code: number; readonly text: string };

/** Undefined: this is none of its URLs. `body`: JSON. */
export type AnswersWebhook = (
  url: URL,
  body: Uint8Array,
  context: Context,
) => Promise<LocalAnswer> | undefined;

/** `remote` for all calls that `answers` knows nothing of. */
export function withLocalWebhooks(
  remote: WebhookClient,
  answers: AnswersWebhook,
  env: Pick<Env, "timers">,
): WebhookClient {
  return {
    postJson: async (call, context) => {
      if (call.address.kind !== "url") return remote.postJson(call, context);
      const limit = childSignal(context.signal);
      const timer = env.timers.after(call.timeoutMs, () => limit.abort(tookTooLong(call)));
      try {
        const body = encodeJson(call.body);
        const answer = answers(new URL(call.address.url), body, {
          ...context,
          signal: limit.signal,
        });
        if (answer === undefined) return await remote.postJson(call, context);
        const { code, text } = await orAborted(answer, limit.signal);
        const contentType = "application/json";
        return decodeAnswer({ status: code, contentType, body: Buffer.from(text) });
      } finally {
        timer.cancel();
        limit.release();
      }
    },
  };
}

function tookTooLong({ address, timeoutMs }: WebhookCall): WebhookCallError {
  const url = JSON.stringify(callUrl(address, timeoutMs));
  return new WebhookCallError(`Post ${url}: context deadline exceeded`);
}
