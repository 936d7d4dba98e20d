/** Webhooks of a test world: called as in a cluster, without sockets and certificates. */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { createMetrics } from "../base/metrics.ts";
import type { Client } from "../client/client.ts";
import type { AnswersWebhook } from "../control-plane/local-webhooks.ts";
import type { AdmissionWebhook } from "../controller-runtime/webhooks/admission.ts";
import { Answering } from "../controller-runtime/webhooks/answering.ts";
import { reachOf } from "../controller-runtime/webhooks/place.ts";
import { Registrar } from "../controller-runtime/webhooks/registrar.ts";
import type {
  ConversionWebhook,
  WebhookReach,
} from "../controller-runtime/webhooks/webhook-handler.ts";
import { registrationsOf } from "../controller-runtime/webhooks/webhook-options.ts";

export type TestWebhook = AdmissionWebhook | ConversionWebhook;

const HOST = "webhooks.test";
const NAME = "webhooks-under-test";
/** The names of the cluster's own are never looked up: no call leaves the process. */
const PLACE = { url: `https://${HOST}` };

export class TestWebhooks {
  readonly webhooks: readonly TestWebhook[];
  readonly #env: Env;
  #answering: Answering | undefined;

  constructor(webhooks: readonly TestWebhook[], env: Env) {
    this.webhooks = webhooks;
    this.#env = env;
  }

  /** For the control plane, which is there before its client is. */
  readonly answers: AnswersWebhook = (url, body, context) => {
    if (url.hostname !== HOST) return undefined;
    return this.#answering?.answer(url.pathname, body, context);
  };

  /** Where the world finds them: also for definitions whose versions are converted. */
  readonly reach: WebhookReach = reachOf(PLACE, { port: 443, authorities: undefined });

  /** Tells the world to call them; not needed in a fork, which has been told. */
  async register(client: Client, context: Context): Promise<void> {
    if (this.webhooks.length === 0) return;
    const registrations = registrationsOf(this.webhooks, NAME);
    await new Registrar(registrations, "apply", client).ensure(this.reach, context);
  }

  /** From now on calls are answered. */
  serve(client: Client): void {
    if (this.webhooks.length === 0) return;
    const deps = { client, env: this.#env, metrics: createMetrics() };
    const handlers = this.webhooks.flatMap((each) => each.handlers(deps));
    this.#answering = new Answering(handlers, deps);
  }
}
