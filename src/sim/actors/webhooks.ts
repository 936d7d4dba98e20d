/**
 * People's webhooks in a run: called by the servers as in a cluster, without sockets. A call may be
 * slow, refused, fail, take too long after it was worked on, or be made twice.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { createMetrics } from "../../base/metrics.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Transport } from "../../client/transport.ts";
import type { AnswersWebhook, LocalAnswer } from "../../control-plane/local-webhooks.ts";
import type { AdmissionWebhook } from "../../controller-runtime/webhooks/admission.ts";
import { Answering } from "../../controller-runtime/webhooks/answering.ts";
import { reachOf } from "../../controller-runtime/webhooks/place.ts";
import type {
  ConversionWebhook,
  WebhookReach,
} from "../../controller-runtime/webhooks/webhook-handler.ts";
import { WebhookCallError } from "../../server/webhooks/webhook-client.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { NameBook } from "../kernel/name-book.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import { askedTwice, reviewedObject } from "./reviewed-object.ts";
import { ENVIRONMENT } from "../oracles/deletions.ts";

/** @public What `admission()` and `conversion()` make. */
export type SimWebhook = AdmissionWebhook | ConversionWebhook;

const HOST = "webhooks.simulation";

/** Where servers find them. */
export const WEBHOOK_REACH: WebhookReach = reachOf(
  { url: `https://${HOST}` },
  { port: 443, authorities: undefined },
);

/** Answers them all, without faults. */
export function answering(
  webhooks: readonly SimWebhook[],
  deps: { readonly client: Client; readonly env: Env },
): Answering {
  const all = { ...deps, metrics: createMetrics() };
  return new Answering(
    webhooks.flatMap((webhook) => webhook.handlers(all)),
    all,
  );
}

/** As a server calls them outside of any run. */
export function calmAnswers(answers: () => Answering | undefined): AnswersWebhook {
  return ({ hostname, pathname }, body, context) =>
    hostname === HOST ? answers()?.answer(pathname, body, context) : undefined;
}

export type WebhooksDeps = {
  readonly kernel: Kernel;
  readonly names: NameBook;
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
  /** To the API, for what webhooks look up; there is no server yet when they are made. */
  readonly as: (name: string) => Transport;
};

const SLOW_MS = 3_000;
/** No webhook is waited for so long. */
const TOO_LONG_MS = 60_000;

type Fate = "" | "slow" | "too late" | "fails" | "refused" | "called twice";

/** Of a call whose failure refuses what somebody wanted. */
const FATES = ["", "slow", "too late", "fails", "refused", "called twice"] as const;
/** People and the environment lose nothing: of their calls none fails. */
const MILD_FATES = ["", "slow", "called twice"] as const;

export class SimWebhooks {
  readonly #deps: WebhooksDeps;
  readonly #webhooks: readonly SimWebhook[];
  /** All of them, as one program. */
  readonly #actor = new Actor("webhooks");
  #answering: Answering | undefined;
  /** By path: the kind, and whether it may be asked again about what it has made. */
  readonly #paths = new Map<string, Served>();

  constructor(webhooks: readonly SimWebhook[], deps: WebhooksDeps) {
    this.#deps = deps;
    this.#webhooks = webhooks;
    for (const webhook of webhooks) {
      if (webhook.kind !== "admission") continue;
      for (const { path, fields } of webhook.entries) {
        const isAskedAgain = fields.reinvocationPolicy === "IfNeeded";
        const mayPass = fields.failurePolicy === "Ignore";
        this.#paths.set(path, { type: webhook.type, isAskedAgain, mayPass });
      }
    }
  }

  /** What servers call. */
  readonly answers: AnswersWebhook = (url, body, context) => {
    if (url.hostname !== HOST) return undefined;
    const served = this.#paths.get(url.pathname);
    if (served === undefined) return this.#served().answer(url.pathname, body, context);
    return this.#called({ path: url.pathname, body, context, served });
  };

  async #called(call: Call): Promise<LocalAnswer> {
    const { kernel, names } = this.#deps;
    const { path, body, served } = call;
    const { operation, user, object } = reviewedObject(body);
    const { namespace = "", name, generateName = "" } = object.metadata;
    const called =
      name === undefined ? `${generateName}*` : names.called(served.type.resource, namespace, name);
    const whom = namespace === "" ? called : `${namespace}/${called}`;
    const about = `${path}: ${operation.toLowerCase()} ${whom} by ${user}`;
    const isMild = ENVIRONMENT.includes(user) && !served.mayPass;
    const fates: readonly [Fate, ...Fate[]] = isMild ? MILD_FATES : FATES;
    const fate = kernel.choices.choose("webhook", about, fates);
    return this.#answered(call, { fate, about });
  }

  async #answered(
    call: Call,
    { fate, about }: { readonly fate: Fate; readonly about: string },
  ): Promise<LocalAnswer> {
    switch (fate) {
      case "":
        return this.#after(0, about, () => this.#answer(call));
      case "slow":
        return this.#after(SLOW_MS, about, () => this.#answer(call));
      case "too late": {
        const answer = await this.#after(0, about, () => this.#answer(call));
        return this.#after(TOO_LONG_MS, "", () => Promise.resolve(answer));
      }
      case "fails":
        return this.#after(0, `${about}: fails`, () => Promise.resolve(FAILED));
      case "refused":
        return this.#after(0, `${about}: refused`, () => Promise.reject(refusedAt(call.path)));
      case "called twice":
        return this.#after(0, `${about}, twice`, () => this.#twice(call));
    }
  }

  #answer({ path, body, context }: Call): Promise<LocalAnswer> {
    return this.#served().answer(path, body, context);
  }

  /**
   * One that wants it is asked again about what it has made of the object; any other is asked the
   * same again, as when a write is tried again: only what it does besides tells the difference.
   */
  async #twice(call: Call): Promise<LocalAnswer> {
    const first = await this.#answer(call);
    if (!call.served.isAskedAgain) return this.#answer(call);
    const again = askedTwice(call.body, first);
    if (again === undefined) return this.#answer(call);
    return again.merged(await this.#answer({ ...call, body: again.body }));
  }

  #served(): Answering {
    if (this.#answering !== undefined) return this.#answering;
    const { kernel, as } = this.#deps;
    const { name } = this.#actor;
    const env = simEnv(kernel, this.#actor, this.#deps);
    const client = new RestClient({ transport: as(name), env }, { fieldManager: name });
    this.#answering = answering(this.#webhooks, { client, env });
    return this.#answering;
  }

  #after<T>(delayMs: number, what: string, act: () => Promise<T>): Promise<T> {
    const { kernel } = this.#deps;
    return new Promise((resolve, reject) => {
      kernel.post(this.#actor, what, delayMs, () => {
        act().then(resolve, reject);
      });
    });
  }
}

type Served = {
  readonly type: ResourceType;
  readonly isAskedAgain: boolean;
  readonly mayPass: boolean;
};

type Call = {
  readonly path: string;
  readonly body: Uint8Array;
  readonly context: Context;
  readonly served: Served;
};

const FAILED: LocalAnswer = { code: 500, text: '{"message":"the simulated webhook has failed"}' };

function refusedAt(path: string): WebhookCallError {
  const url = JSON.stringify(`https://${HOST}${path}`);
  return new WebhookCallError(`Post ${url}: dial tcp: connect: connection refused`);
}
