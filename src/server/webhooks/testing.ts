/** A webhook client for tests: answers are functions, calls are kept. */
import type { Context } from "../../base/context.ts";
import {
  callUrl,
  WebhookCallError,
  type WebhookCall,
  type WebhookClient,
} from "./webhook-client.ts";

export class FakeWebhookClient implements WebhookClient {
  readonly calls: WebhookCall[] = [];
  /** What the webhook answers; may throw. */
  answer: (call: WebhookCall) => unknown = () => ({});

  postJson(call: WebhookCall, _context: Context): Promise<unknown> {
    this.calls.push(call);
    return Promise.resolve().then(() => this.answer(call));
  }
}

/** A call that finds nobody. */
export function refusedConnection(call: WebhookCall): WebhookCallError {
  const url = JSON.stringify(callUrl(call.address, call.timeoutMs));
  return new WebhookCallError(`Post ${url}: dial tcp 127.0.0.1:1: connect: connection refused`);
}
