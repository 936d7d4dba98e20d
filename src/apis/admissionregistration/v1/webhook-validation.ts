/**
 * Webhook configurations, checked in the order in which their problems are reported. Rules that
 * came later than configurations that break them hold for those that did not break them before.
 */
import { equalValues } from "../../../machinery/json-value.ts";
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  fromProblem,
  invalid,
  noneOrOneOf,
  required,
} from "../../field-errors.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { matchConditionErrors } from "./match-condition-validation.ts";
import { MATCH_POLICIES } from "./match-resources.ts";
import { ruleErrors } from "./rule-validation.ts";
import type { MutatingWebhook, ValidatingWebhook } from "./types.generated.ts";
import { clientErrors } from "./webhook-client-validation.ts";

export const FAILURE_POLICIES: readonly string[] = ["Fail", "Ignore"];
export const REINVOCATION_POLICIES: readonly string[] = ["IfNeeded", "Never"];

/** Versions of AdmissionReview that this server speaks. */
const REVIEW_VERSIONS: readonly string[] = ["v1", "v1beta1"];
const SIDE_EFFECTS: readonly string[] = ["None", "NoneOnDryRun", "Some", "Unknown"];
const NO_SIDE_EFFECTS: readonly string[] = ["None", "NoneOnDryRun"];
const TIMEOUT_SECONDS_MAX = 30;

type Webhook = ValidatingWebhook | MutatingWebhook;
type Configuration = { readonly webhooks?: readonly Webhook[] };

/** What is asked of webhooks, given those that were there before. */
type Strictness = {
  readonly sideEffects: readonly string[];
  readonly needsKnownVersion: boolean;
  readonly needsUniqueNames: boolean;
  readonly checksConditions: boolean;
};

/** What is wrong with the webhooks of a configuration. */
export function webhooksErrors(next: Configuration, old?: Configuration): readonly FieldError[] {
  const webhooks = next.webhooks ?? [];
  const strictness = strictnessOf(webhooks, old?.webhooks ?? []);
  const names = new Set<string>();
  return webhooks.flatMap((webhook, index) => {
    const path = `webhooks[${index}]`;
    const { name } = webhook;
    const isTaken = strictness.needsUniqueNames && name !== "" && names.has(name);
    names.add(name);
    return [
      ...webhookErrors(path, webhook, strictness),
      ...versionErrors(`${path}.admissionReviewVersions`, webhook, strictness),
      ...errorIf(isTaken, duplicate(`${path}.name`, name)),
    ];
  });
}

function strictnessOf(next: readonly Webhook[], old: readonly Webhook[]): Strictness {
  const hadNone = old.every(({ sideEffects }) => NO_SIDE_EFFECTS.includes(sideEffects));
  const isSame =
    old.length > 0 &&
    next.length === old.length &&
    next.every(({ matchConditions }, index) =>
      equalValues(matchConditions, old[index]?.matchConditions),
    );
  return {
    sideEffects: hadNone ? NO_SIDE_EFFECTS : SIDE_EFFECTS,
    needsKnownVersion: old.every(
      ({ admissionReviewVersions: versions }) => versions.length === 0 || speaks(versions),
    ),
    needsUniqueNames: new Set(old.map(({ name }) => name)).size === old.length,
    checksConditions: !isSame,
  };
}

function webhookErrors(
  path: string,
  webhook: Webhook,
  { sideEffects, checksConditions }: Strictness,
): readonly FieldError[] {
  const { rules = [], timeoutSeconds: seconds } = webhook;
  const isOutside = seconds !== undefined && (seconds < 1 || seconds > TIMEOUT_SECONDS_MAX);
  const range = "the timeout value must be between 1 and 30 seconds";
  const reinvocation = "reinvocationPolicy" in webhook ? webhook.reinvocationPolicy : undefined;
  return [
    ...nameErrors(`${path}.name`, webhook.name),
    ...rules.flatMap((rule, index) => ruleErrors(`${path}.rules[${index}]`, rule)),
    ...noneOrOneOf(`${path}.failurePolicy`, webhook.failurePolicy, FAILURE_POLICIES),
    ...noneOrOneOf(`${path}.matchPolicy`, webhook.matchPolicy, MATCH_POLICIES),
    ...sideEffectErrors(`${path}.sideEffects`, webhook.sideEffects, sideEffects),
    ...errorIf(isOutside, invalid(`${path}.timeoutSeconds`, seconds, range)),
    ...labelSelectorErrors(`${path}.namespaceSelector`, webhook.namespaceSelector),
    ...labelSelectorErrors(`${path}.objectSelector`, webhook.objectSelector),
    ...noneOrOneOf(`${path}.reinvocationPolicy`, reinvocation, REINVOCATION_POLICIES),
    ...clientErrors(`${path}.clientConfig`, webhook.clientConfig),
    ...(checksConditions
      ? matchConditionErrors(`${path}.matchConditions`, webhook.matchConditions, {
          hasParams: false,
          hasAuthorizer: true,
        })
      : []),
  ];
}

function nameErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  const problem = dnsSubdomainProblem(name);
  if (problem !== undefined) return fromProblem(field, name, problem);
  const detail = "should be a domain with at least three segments separated by dots";
  return errorIf(name.split(".").length < 3, invalid(field, name, detail));
}

function sideEffectErrors(
  field: string,
  sideEffects: string,
  allowed: readonly string[],
): readonly FieldError[] {
  if (sideEffects === "") return [required(field, `must specify one of ${allowed.join(", ")}`)];
  return noneOrOneOf(field, sideEffects, allowed);
}

function versionErrors(
  field: string,
  { admissionReviewVersions: versions }: Webhook,
  { needsKnownVersion }: Strictness,
): readonly FieldError[] {
  const known = REVIEW_VERSIONS.join(", ");
  if (versions.length === 0) return [required(field, `must specify one of ${known}`)];
  return [
    ...versions.flatMap((version, index) => {
      const path = `${field}[${index}]`;
      return versions.indexOf(version) < index
        ? [invalid(path, version, "duplicate version")]
        : fromProblem(path, version, dns1035LabelProblem(version));
    }),
    ...errorIf(
      needsKnownVersion && !speaks(versions),
      invalid(field, versions, `must include at least one of ${known}`),
    ),
  ];
}

function speaks(versions: readonly string[]): boolean {
  return versions.some((version) => REVIEW_VERSIONS.includes(version));
}
