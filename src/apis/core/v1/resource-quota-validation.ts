/** Resource quotas, checked in the order in which their problems are reported. */
import { compareText } from "../../../machinery/key.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { IMMUTABLE, invalid, required } from "../../field-errors.ts";
import { isOfQuotas } from "./resource-names.ts";
import {
  resourceAmountErrors,
  resourceNameErrors,
  type ResourceList,
} from "./resource-validation.ts";
import type {
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from "./types.generated.ts";

const POD_COUNTS: readonly string[] = ["pods"];
const POD_AMOUNTS: readonly string[] = [
  ...POD_COUNTS,
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
];
const CLAIM_AMOUNTS: readonly string[] = ["persistentvolumeclaims", "requests.storage"];

/** Which resources a scope can narrow. */
const SCOPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["BestEffort", POD_COUNTS],
  ["NotBestEffort", POD_AMOUNTS],
  ["Terminating", POD_AMOUNTS],
  ["NotTerminating", POD_AMOUNTS],
  ["PriorityClass", POD_AMOUNTS],
  ["CrossNamespacePodAffinity", POD_AMOUNTS],
  ["VolumeAttributesClass", CLAIM_AMOUNTS],
]);

const CONFLICTS: readonly (readonly [string, string])[] = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

/** Scopes that a pod is in or not, without a value. */
const PLAIN: readonly string[] = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

/** What is wrong with a quota. */
export function quotaErrors(quota: ResourceQuota): readonly FieldError[] {
  const { spec } = quota;
  return [
    ...amountErrors("spec.hard", spec.hard),
    ...scopeErrors("spec.scopes", spec),
    ...selectorErrors("spec.scopeSelector.matchExpressions", spec),
  ];
}

/** What is wrong with a change: what was counted under other scopes says nothing. */
export function quotaUpdateErrors(next: ResourceQuota, old: ResourceQuota): readonly FieldError[] {
  const [after, before] = [new Set(next.spec.scopes ?? []), new Set(old.spec.scopes ?? [])];
  if (after.size === before.size && [...after].every((scope) => before.has(scope))) return [];
  return [invalid("spec.scopes", next.spec.scopes ?? null, IMMUTABLE)];
}

/** What is wrong with the amounts a controller reports. */
export function quotaStatusErrors({ status }: ResourceQuota): readonly FieldError[] {
  return [...amountErrors("status.hard", status.hard), ...amountErrors("status.used", status.used)];
}

function amountErrors(field: string, amounts: ResourceList | undefined): readonly FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) => {
    const path = `${field}[${name}]`;
    const isKnown = name.includes("/") || isOfQuotas(name);
    return [
      ...resourceNameErrors(path, name),
      ...(isKnown ? [] : [invalid(path, name, "must be a standard resource for quota")]),
      ...resourceAmountErrors(path, name, amount),
    ];
  });
}

function scopeErrors(field: string, spec: ResourceQuotaSpec): readonly FieldError[] {
  const scopes = spec.scopes ?? [];
  const refused = (detail: string): FieldError => invalid(field, scopes, detail);
  return [
    ...scopes.flatMap((scope) => [
      ...(SCOPES.has(scope) ? [] : [refused("unsupported scope")]),
      ...outOfScope(scope, spec).map(() => refused("unsupported scope applied to resource")),
    ]),
    ...conflicts(scopes).map(() => refused("conflicting scopes")),
  ];
}

function selectorErrors(field: string, spec: ResourceQuotaSpec): readonly FieldError[] {
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  return [
    ...requirements.flatMap((requirement) => [
      ...(SCOPES.has(requirement.scopeName)
        ? []
        : [invalid(`${field}.scopeName`, requirement.scopeName, "unsupported scope")]),
      ...outOfScope(requirement.scopeName, spec).map(() =>
        invalid(field, printedSelector(requirements), "unsupported scope applied to resource"),
      ),
      ...operatorErrors(field, requirement),
    ]),
    ...conflicts(requirements.map(({ scopeName }) => scopeName)).map(() =>
      invalid(field, requirements.map(printedRequirement), "conflicting scopes"),
    ),
  ];
}

function operatorErrors(
  field: string,
  requirement: ScopedResourceSelectorRequirement,
): readonly FieldError[] {
  const { scopeName, operator, values = [] } = requirement;
  const onlyExists =
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, " +
    "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, " +
    "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
  const isMisused = PLAIN.includes(scopeName) && operator !== "Exists";
  return [
    ...(isMisused ? [invalid(`${field}.operator`, operator, onlyExists)] : []),
    ...valueErrors(field, operator, values),
  ];
}

function valueErrors(
  field: string,
  operator: string,
  values: readonly string[],
): readonly FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail =
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      return values.length === 0 ? [required(`${field}.values`, detail)] : [];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail =
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      return values.length > 0 ? [invalid(`${field}.values`, values, detail)] : [];
    }
    default:
      return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
  }
}

/** Limited resources that the scope cannot narrow. */
function outOfScope(scope: string, spec: ResourceQuotaSpec): readonly string[] {
  const narrowed = SCOPES.get(scope);
  if (narrowed === undefined) return [];
  const names = Object.keys(spec.hard ?? {}).sort(compareText);
  return names.filter((name) => isOfQuotas(name) && !narrowed.includes(name));
}

function conflicts(scopes: readonly string[]): readonly unknown[] {
  return CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope)));
}

/** As the structs they are upstream, whose fields have capital letters. */
function printedSelector(requirements: readonly ScopedResourceSelectorRequirement[]): unknown {
  return { MatchExpressions: requirements.map(printedRequirement) };
}

function printedRequirement(requirement: ScopedResourceSelectorRequirement): unknown {
  const { scopeName, operator, values } = requirement;
  return { ScopeName: scopeName, Operator: operator, Values: values ?? null };
}
