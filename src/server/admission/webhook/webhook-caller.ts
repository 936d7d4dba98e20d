/**
 * One webhook and one review: whether the webhook is to be asked, and asking it. What goes wrong on
 * the way refuses the request, or is passed over, as the webhook's failure policy says.
 */
import type {
  MutatingWebhook,
  ValidatingWebhook,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { badRequest, forbidden, internalError } from "../../../machinery/status.ts";
import type { Authorizer } from "../../authz/authorizer.ts";
import { addressOf, WebhookCallError, type WebhookClient } from "../../webhooks/webhook-client.ts";
import type { Review } from "../admission.ts";
import {
  Evaluator,
  expressionOf,
  WEBHOOK_ENVIRONMENT,
  type Expression,
} from "../matching/expressions.ts";
import { checkConditions } from "../matching/match-conditions.ts";
import { matchReview, type MatchDeps, type MatchedReview } from "../matching/matched-review.ts";
import {
  admissionReview,
  BadAnswer,
  readAnswer,
  UnreadableAnswer,
  type Verdict,
} from "./admission-review.ts";

export type WebhookDeps = MatchDeps & {
  readonly env: Env;
  readonly authorizer: Authorizer;
  readonly client: WebhookClient;
};

export type Webhook = MutatingWebhook | ValidatingWebhook;

const TIMEOUT_SECONDS = 10;

const conditionsOf = new WeakMap<Webhook, readonly Expression[]>();

/** Undefined: the webhook is not asked. Throws 403 when that cannot be told. */
export async function wantedReview(
  webhook: Webhook,
  review: Review,
  deps: WebhookDeps,
  context: Context,
): Promise<MatchedReview | undefined> {
  const { rules = [], matchConditions = [] } = webhook;
  const matched = await matchReview({ ...webhook, rules }, review, deps, context);
  if (matched === undefined || matchConditions.length === 0) return matched;
  let conditions = conditionsOf.get(webhook);
  if (conditions === undefined) {
    conditions = matchConditions.map((each) => expressionOf(each.expression, WEBHOOK_ENVIRONMENT));
    conditionsOf.set(webhook, conditions);
  }
  const evaluator = new Evaluator(matched, deps.authorizer, context);
  const result = await checkConditions(conditions, evaluator);
  if (result.kind === "matched") return matched;
  if (result.kind === "unmatched" || webhook.failurePolicy === "Ignore") return undefined;
  throw forbidden(review.resource, review.name, result.message);
}

/** Undefined: the webhook failed, and that is passed over. Throws the refusal of the request. */
export async function ask(
  webhook: Webhook,
  matched: MatchedReview,
  role: "mutating" | "validating",
  deps: WebhookDeps,
  context: Context,
): Promise<Verdict | undefined> {
  const { name, sideEffects, clientConfig, timeoutSeconds = TIMEOUT_SECONDS } = webhook;
  const quoted = JSON.stringify(name);
  if (matched.review.isDryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun") {
    throw badRequest(`admission webhook ${quoted} does not support dry run`);
  }
  const uid = deps.env.ids.uuid();
  return failingAs(webhook, context, async () => {
    const address = addressOf(clientConfig);
    if (address === undefined) throw new WebhookCallError("webhook has no address");
    const call = { address, caBundle: clientConfig.caBundle ?? "" };
    const body = admissionReview(matched, uid);
    const timeoutMs = timeoutSeconds * 1_000;
    const answer = await deps.client.postJson({ ...call, timeoutMs, body }, context);
    const verdict = readAnswer(answer, uid, role);
    for (const warning of verdict.warnings) matched.review.warn?.(warning);
    return verdict;
  });
}

/** Undefined: `act` failed because of the webhook, and that is passed over. */
export async function failingAs<T>(
  { name, failurePolicy }: Webhook,
  context: Context,
  act: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    const why = failureOf(error);
    if (why === undefined) throw error;
    if (failurePolicy !== "Ignore") {
      throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${why}`);
    }
    context.log.warn("A webhook failed, and its policy lets that pass.", { webhook: name, why });
    return undefined;
  }
}

/** A patch that is none. */
export class BadPatch extends Error {
  override readonly name = "BadPatch";
}

function failureOf(error: unknown): string | undefined {
  if (error instanceof BadPatch) return error.message;
  if (error instanceof UnreadableAnswer) return `failed to call webhook: ${error.message}`;
  if (error instanceof WebhookCallError) return `failed to call webhook: ${error.message}`;
  if (error instanceof BadAnswer) return `received invalid webhook response: ${error.message}`;
  return undefined;
}
