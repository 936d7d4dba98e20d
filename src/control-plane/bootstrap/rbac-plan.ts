/**
 * How roles and bindings of the start are brought up to date. Pure. What is missing is added, and
 * what people added stays; an object whose annotation says so is let be.
 */
import type { PolicyRule, RoleRef, Subject } from "../../apis/rbac/v1/types.generated.ts";
import type { ClusterRole } from "../../apis/rbac/v1/types.generated.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";
import { AUTOUPDATE_ANNOTATION } from "./rbac-objects.ts";

type RoleObject = ApiObject & Pick<ClusterRole, "rules" | "aggregationRule">;
type BindingObject = ApiObject & {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
};

/** What becomes of an object that is there: nothing, a change, or a new one in its place. */
export type Reconciliation<T> =
  | { readonly kind: "nothing" }
  | { readonly kind: "update"; readonly object: T }
  | { readonly kind: "replace" };

const NOTHING = { kind: "nothing" } as const;

/** The role as it should be, given what it is now. */
export function reconcileRole<T extends RoleObject>(wanted: T, present: T): Reconciliation<T> {
  if (isProtected(present)) return NOTHING;
  const metadata = withMarks(present.metadata, wanted.metadata);
  const selectors = present.aggregationRule?.clusterRoleSelectors ?? [];
  const newSelectors = (wanted.aggregationRule?.clusterRoleSelectors ?? []).filter(
    (selector) => !selectors.some((other) => equalValues(other, selector)),
  );
  const rules = present.rules ?? [];
  const newRules = missingRules(wanted.rules ?? [], rules);
  const isSame =
    metadata === present.metadata && newSelectors.length === 0 && newRules.length === 0;
  if (isSame) return NOTHING;
  return {
    kind: "update",
    object: {
      ...present,
      metadata,
      ...(newSelectors.length === 0
        ? {}
        : { aggregationRule: { clusterRoleSelectors: [...selectors, ...newSelectors] } }),
      ...(newRules.length === 0 ? {} : { rules: [...rules, ...newRules] }),
    },
  };
}

/** The binding as it should be. The role it gives cannot change, so then it is made anew. */
export function reconcileBinding<T extends BindingObject>(
  wanted: T,
  present: T,
): Reconciliation<T> {
  if (isProtected(present)) return NOTHING;
  if (!equalValues(wanted.roleRef, present.roleRef)) return { kind: "replace" };
  const metadata = withMarks(present.metadata, wanted.metadata);
  const subjects = present.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter(
    (subject) => !subjects.some((other) => equalValues(other, subject)),
  );
  if (metadata === present.metadata && missing.length === 0) return NOTHING;
  return {
    kind: "update",
    object: {
      ...present,
      metadata,
      ...(missing.length === 0 ? {} : { subjects: [...subjects, ...missing] }),
    },
  };
}

function isProtected({ metadata: { annotations = {} } }: ApiObject): boolean {
  return Object.hasOwn(annotations, AUTOUPDATE_ANNOTATION)
    ? annotations[AUTOUPDATE_ANNOTATION] === "false"
    : false;
}

/** Labels and annotations that are missing are added; those that are there keep their value. */
function withMarks(present: ObjectMeta, wanted: ObjectMeta): ObjectMeta {
  const labels = { ...wanted.labels, ...present.labels };
  const annotations = { ...wanted.annotations, ...present.annotations };
  const isSame =
    equalValues(labels, present.labels ?? {}) &&
    equalValues(annotations, present.annotations ?? {});
  return isSame ? present : { ...present, labels, annotations };
}

/** Looks closely only if something differs: at most starts nothing does, and roles are long. */
function missingRules(
  wanted: readonly PolicyRule[],
  present: readonly PolicyRule[],
): readonly PolicyRule[] {
  if (equalValues(wanted, present)) return [];
  return wanted.filter((rule) => !isCovered(rule, present));
}

/** Whether `rules` together allow everything `rule` does. */
export function isCovered(rule: PolicyRule, rules: readonly PolicyRule[]): boolean {
  return single(rule).every((one) => rules.some((other) => allows(other, one)));
}

/** One thing that is done to one thing. */
type Single =
  | { readonly verb: string; readonly url: string }
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly name: string | undefined;
    };

function single(rule: PolicyRule): readonly Single[] {
  const { verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  return verbs.flatMap((verb) => [
    ...nonResourceURLs.map((url) => ({ verb, url })),
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) => names.map((name) => ({ verb, group, resource, name }))),
    ),
  ]);
}

function allows(rule: PolicyRule, one: Single): boolean {
  const { verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (!has(verbs, one.verb)) return false;
  if ("url" in one) return has(nonResourceURLs, one.url);
  const isNamed = resourceNames.length === 0 || resourceNames.includes(one.name ?? "");
  return has(apiGroups, one.group) && has(resources, one.resource) && isNamed;
}

function has(texts: readonly string[], text: string): boolean {
  return texts.includes("*") || texts.includes(text);
}
