/**
 * People's webhooks. Those that change objects are asked one after another, in order of the names
 * of their configurations; those that only judge are asked together. A configuration counts from
 * the write that made it.
 */
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { decodeJson } from "../../../machinery/codec/json.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { isApiObject, isFields, type ApiObject } from "../../../machinery/object.ts";
import { internalError } from "../../../machinery/status.ts";
import { applyJsonPatch } from "../../../patch/json-patch.ts";
import { toObject } from "../../handlers/body.ts";
import { expectedKind } from "../../handlers/target.ts";
import type { AdmissionPlugin, Review } from "../admission.ts";
import type { KindOf } from "../cluster-reader.ts";
import { isExempt } from "../matching/match-rules.ts";
import { revertedObject, type MatchedReview } from "../matching/matched-review.ts";
import { denial, type Verdict } from "./admission-review.ts";
import { ask, BadPatch, failingAs, wantedReview, type WebhookDeps } from "./webhook-caller.ts";

const GROUP = { group: "admissionregistration.k8s.io", version: "v1" };
const MUTATING: KindOf<MutatingWebhookConfiguration> = {
  ...GROUP,
  resource: "mutatingwebhookconfigurations",
};
const VALIDATING: KindOf<ValidatingWebhookConfiguration> = {
  ...GROUP,
  resource: "validatingwebhookconfigurations",
};

export function mutatingWebhooks(deps: WebhookDeps): AdmissionPlugin {
  return {
    name: "MutatingAdmissionWebhook",
    tellsEdits: true,
    concerns: (review) => !isExempt(review),
    mutate: async (review, context) => {
      let { object } = review;
      for (const { webhooks = [], metadata } of await deps.reader.list(MUTATING, "", context)) {
        for (const [index, webhook] of webhooks.entries()) {
          const key = `${metadata.uid}/${index}`;
          if (review.run?.isSecond === true && !review.run.again.has(key)) continue;
          const changed = await change(webhook, { ...review, object }, deps, context);
          if (changed === undefined) continue;
          if (!equalValues(changed, object)) {
            review.edited?.(`webhook ${webhook.name}`);
            askAgain(review);
          }
          object = changed;
          if (webhook.reinvocationPolicy === "IfNeeded") review.run?.given.set(key, object);
        }
      }
      return object;
    },
  };
}

/** Who was asked before is asked once more, if it wants that: the object changed since. */
export function askAgain({ run }: Review): void {
  if (run === undefined || run.isSecond) return;
  for (const key of run.given.keys()) run.again.add(key);
}

/** Undefined: the webhook was not asked, or failed and may. */
async function change(
  webhook: MutatingWebhook,
  review: Review,
  deps: WebhookDeps,
  context: Context,
): Promise<ApiObject | undefined> {
  const matched = await wantedReview(webhook, review, deps, context);
  if (matched === undefined) return undefined;
  const verdict = await ask(webhook, matched, "mutating", deps, context);
  if (verdict === undefined) return undefined;
  if (!verdict.isAllowed) throw denial(webhook.name, verdict.result);
  if (verdict.patch === "") return review.object;
  const operations = await failingAs(webhook, context, () => operationsOf(verdict));
  if (operations === undefined) return undefined;
  if (operations.length === 0) return review.object;
  if (matched.object === undefined) {
    const what = "attempted to modify the object, which is not supported for this operation";
    throw internalError(`admission webhook ${JSON.stringify(webhook.name)} ${what}`);
  }
  return patched(matched.object, operations, matched, context);
}

/** Throws `BadPatch`. */
function operationsOf({ patch, patchType }: Verdict): readonly unknown[] {
  const undecodable = "received undecodable patch in webhook response";
  const operations = decodedPatch(patch, undecodable);
  if (!Array.isArray(operations) || !operations.every(isFields)) {
    throw new BadPatch(`${undecodable}: a JSON patch is a list of operations`);
  }
  if (operations.length === 0 || patchType === "JSONPatch") return operations;
  throw new BadPatch(`unsupported patch type ${JSON.stringify(patchType)}`);
}

function decodedPatch(patch: string, undecodable: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(patch), (character) => character.charCodeAt(0));
    return decodeJson(bytes).value;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new BadPatch(`${undecodable}: ${error.message}`, { cause: error });
  }
}

async function patched(
  object: ApiObject,
  operations: readonly unknown[],
  matched: MatchedReview,
  context: Context,
): Promise<ApiObject> {
  try {
    const value = applyJsonPatch(object, operations);
    if (!isApiObject(value)) throw new SyntaxError("the patched object has no metadata");
    return await decodedObject(value, matched, context);
  } catch (error) {
    if (!(error instanceof Error) || context.signal.aborted) throw error;
    // What is said of a body that was sent has a beginning that a patch has not.
    throw internalError(error.message.replace(/^.* cannot be handled as a \w+: /, ""));
  }
}

/** As if it had been sent: fields nobody knows are dropped, wrong types refused. */
export async function decodedObject(
  value: ApiObject,
  matched: MatchedReview,
  context: Context,
): Promise<ApiObject> {
  const { review, resource } = matched;
  if (review.kind !== undefined) return value;
  const decoded = { value, duplicates: [] };
  const { object } = toObject(decoded, expectedKind(resource), "Ignore");
  return revertedObject(object, matched, context);
}

export function validatingWebhooks(deps: WebhookDeps): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionWebhook",
    concerns: (review) => !isExempt(review),
    validate: async (review, context) => {
      const wanted = [];
      for (const { webhooks = [] } of await deps.reader.list(VALIDATING, "", context)) {
        for (const webhook of webhooks) {
          const matched = await wantedReview(webhook, review, deps, context);
          if (matched !== undefined) wanted.push({ webhook, matched });
        }
      }
      if (wanted.length === 0) return;
      const outcomes = await Promise.allSettled(
        wanted.map(async ({ webhook, matched }) => {
          const verdict = await ask(webhook, matched, "validating", deps, context);
          if (verdict?.isAllowed === false) throw denial(webhook.name, verdict.result);
        }),
      );
      for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    },
  };
}
