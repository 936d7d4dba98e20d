/**
 * Webhooks of one process, from the first certificate to the last answer:
 *
 *     start:  certificates are there -> the server listens -> the cluster is told to call it
 *     run:    now and then, certificates and registrations are looked at again
 *     close:  configurations are removed, if wished -> requests under way are answered
 *
 * Every replica does all of it, whether it leads or not.
 */
import { rootContext, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import type { Metrics } from "../../base/metrics.ts";
import { realFiles } from "../../base/real/files.ts";
import { childSignal } from "../../base/signals.ts";
import type { Client } from "../../client/client.ts";
import { PreflightError } from "../declared/preflight.ts";
import { serveWebhooks, type WebhookServer } from "../http/webhook-server.ts";
import type { HealthCheck } from "../manager/health.ts";
import { Answering } from "./answering.ts";
import type { CertificateSource, ServedCertificates } from "./certificates.ts";
import { FileCertificates } from "./file-certificates.ts";
import { MemoryCertificates } from "./memory-certificates.ts";
import { reachOf } from "./place.ts";
import { MissingRegistrationError, Registrar } from "./registrar.ts";
import type { WebhookReach } from "./webhook-handler.ts";
import { SecretCertificates } from "./secret-certificates.ts";
import { certificateMetrics, type CertificateMetrics } from "./webhook-metrics.ts";
import {
  qualifiedWebhooks,
  type QualifiedWebhooks,
  type WebhookOptions,
} from "./webhook-options.ts";
import {
  declaredPermissions,
  lackingPermissions,
  webhookPermissions,
} from "./webhook-permissions.ts";

/** How long requests under way are waited for at the end. */
export const WEBHOOK_GRACE_MS_MAX = 10_000;
/** Until a look that failed is tried again. */
const RETRY_MS = 5_000;
/** How long the removal of configurations may take at the end. */
const REMOVAL_MS_MAX = 5_000;

export type WebhookDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly metrics: Metrics;
};

export class ServedWebhooks {
  readonly #options: QualifiedWebhooks;
  readonly #deps: WebhookDeps;
  readonly #answering: Answering;
  readonly #source: CertificateSource;
  readonly #registrar: Registrar;
  readonly #metrics: CertificateMetrics;
  #server: WebhookServer | undefined;
  #served: ServedCertificates | undefined;
  /** Why it is not as it should be; undefined: it is. */
  #trouble: string | undefined = "it has not begun";

  /** Throws `RangeError` for options that cannot be. */
  constructor(options: WebhookOptions, deps: WebhookDeps) {
    const qualified = qualifiedWebhooks(options);
    const handlers = qualified.handlers.flatMap((each) => each.handlers(deps));
    this.#options = qualified;
    this.#deps = deps;
    this.#answering = new Answering(handlers, deps);
    this.#source = sourceOf(qualified, deps);
    const { registrations, mode, leftOvers } = qualified;
    this.#registrar = new Registrar(registrations, mode, deps.client, leftOvers);
    this.#metrics = certificateMetrics(deps.metrics);
  }

  /** Whether servers may have to ask this process before they can read. */
  get hasConversions(): boolean {
    return this.#options.handlers.some(({ kind }) => kind === "conversion");
  }

  /** Where the server listens; 0: it does not. */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** When the certificate ends that is served, in milliseconds since 1970; undefined: none is. */
  get certificateEndMs(): number | undefined {
    return this.#served?.endMs;
  }

  /**
   * Resolves when the server listens and the cluster has been told. May be called again after a
   * failure. Rejects with `PreflightError` if permissions are missing.
   */
  async start(context: Context): Promise<void> {
    await this.#refuseLacking(context);
    try {
      await this.#look(context);
      this.#trouble = undefined;
    } catch (error) {
      // Manifests may come in any order: until all of them are there, this is not ready.
      if (!(error instanceof MissingRegistrationError)) throw error;
      this.#complain(error, context);
    }
  }

  /**
   * Resolves when the server listens, and how it is reached is known: for definitions that are
   * still to be installed. Rejects as `start` does.
   */
  async listen(context: Context): Promise<WebhookReach> {
    await this.#refuseLacking(context);
    return this.#reach(await this.#serve(await this.#read(context)));
  }

  /** After `start`: keeps certificates and registrations up to date until the signal aborts. */
  async run(context: Context): Promise<void> {
    const { timers } = this.#deps.env;
    for (;;) {
      const { lookMs } = this.#source;
      const delayMs = this.#trouble === undefined ? lookMs : Math.min(lookMs, RETRY_MS);
      await timers.sleep(delayMs, context.signal).catch(() => undefined);
      if (context.signal.aborted) return;
      try {
        await this.#look(context);
        this.#trouble = undefined;
      } catch (error) {
        if (context.signal.aborted) return;
        // What was served and registered before still is; the next look may do better.
        this.#complain(error, context);
      }
    }
  }

  /** Answers what is under way, and ends. A no-op if it never listened. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#trouble = "it has ended";
    if (server === undefined) return;
    if (this.#options.removes) await this.#remove();
    await server.close(WEBHOOK_GRACE_MS_MAX);
  }

  /** Whether it listens with certificates that are valid, and the cluster has been told of them. */
  health(): HealthCheck {
    const state = this.#state();
    return { name: "webhooks", isOk: state === undefined, state: state ?? "listening" };
  }

  #state(): string | undefined {
    const { clock } = this.#deps.env;
    if (this.#server === undefined || this.#served === undefined) {
      return this.#trouble ?? "not listening";
    }
    if (this.#served.endMs <= clock.now()) return "the certificate has expired";
    return this.#trouble;
  }

  #complain(error: unknown, { log }: Context): void {
    this.#trouble = errorText(error);
    log.warn("Webhooks are not up to date.", { error });
  }

  async #look(context: Context): Promise<void> {
    const served = await this.#serve(await this.#read(context));
    await this.#registrar.ensure(this.#reach(served), context);
  }

  #reach({ authorities }: ServedCertificates): WebhookReach {
    const { place, port } = this.#options;
    return reachOf(place, { port: this.#server?.port ?? port, authorities });
  }

  async #refuseLacking(context: Context): Promise<void> {
    const { client } = this.#deps;
    const { handlers } = this.#options;
    const needed = [...webhookPermissions(this.#options), ...declaredPermissions(handlers)];
    const lacking = await lackingPermissions(needed, client, context);
    if (lacking.length > 0) throw new PreflightError(lacking);
  }

  async #read(context: Context): Promise<ServedCertificates> {
    try {
      const served = await this.#source.look(context);
      this.#metrics.read();
      return served;
    } catch (error) {
      this.#metrics.failed();
      throw error;
    }
  }

  async #serve(served: ServedCertificates): Promise<ServedCertificates> {
    const { port, host } = this.#options;
    const { env } = this.#deps;
    if (this.#server === undefined) {
      const deps = { env, answering: this.#answering };
      this.#server = await serveWebhooks({ port, host, tls: served }, deps);
    } else if (served.certificate !== this.#served?.certificate) {
      this.#server.use(served);
    }
    this.#served = served;
    return served;
  }

  async #remove(): Promise<void> {
    const { env } = this.#deps;
    const limit = childSignal(new AbortController().signal);
    const timer = env.timers.after(REMOVAL_MS_MAX, () => limit.abort(new Error("took too long")));
    try {
      await this.#registrar.remove(rootContext(env, limit.signal));
    } catch (error) {
      const hint = "Delete them by hand: nobody answers their calls any more.";
      env.log.error("Webhook configurations are left behind.", { error, hint });
    } finally {
      timer.cancel();
    }
  }
}

function sourceOf(
  { certificates, hosts }: QualifiedWebhooks,
  { client, env }: WebhookDeps,
): CertificateSource {
  switch (certificates.kind) {
    case "secret":
      return new SecretCertificates(certificates.secret, { hosts }, { client, env });
    case "files":
      return new FileCertificates(certificates.directory, realFiles);
    case "memory":
      return new MemoryCertificates({ hosts }, env);
  }
}
