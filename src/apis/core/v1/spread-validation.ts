/** Rules that spread pods evenly over nodes, zones and the like. */
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  invalid,
  noneOrOneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { labelNameErrors, labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import type { LabelSelector } from "../../meta/v1/types.generated.ts";
import type { TopologySpreadConstraint } from "./types.generated.ts";

const ACTIONS: readonly string[] = ["DoNotSchedule", "ScheduleAnyway"];
const POLICIES: readonly string[] = ["Honor", "Ignore"];

/** What is wrong with the rules. */
export function spreadErrors(
  field: string,
  constraints: readonly TopologySpreadConstraint[] | undefined,
): readonly FieldError[] {
  const seen = new Set<string>();
  return (constraints ?? []).flatMap((constraint, index) => {
    const path = `${field}[${index}]`;
    const { topologyKey, whenUnsatisfiable: action } = constraint;
    const identity = `{${topologyKey}, ${action}}`;
    const isTaken = seen.has(identity);
    seen.add(identity);
    return [
      ...errorIf(
        constraint.maxSkew <= 0,
        invalid(`${path}.maxSkew`, constraint.maxSkew, "must be greater than zero"),
      ),
      ...(topologyKey === ""
        ? [required(`${path}.topologyKey`, "can not be empty")]
        : labelNameErrors(`${path}.topologyKey`, topologyKey)),
      ...errorIf(
        !ACTIONS.includes(action),
        unsupported(`${path}.whenUnsatisfiable`, action, ACTIONS),
      ),
      ...errorIf(isTaken, duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, identity)),
      ...minDomainErrors(`${path}.minDomains`, constraint),
      ...noneOrOneOf(`${path}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, POLICIES),
      ...noneOrOneOf(`${path}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, POLICIES),
      ...labelKeyErrors(`${path}.matchLabelKeys`, constraint),
      ...labelSelectorErrors(`${path}.labelSelector`, constraint.labelSelector),
    ];
  });
}

function minDomainErrors(
  field: string,
  { minDomains: min, whenUnsatisfiable: action }: TopologySpreadConstraint,
): readonly FieldError[] {
  if (min === undefined) return [];
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
  return [
    ...errorIf(min <= 0, invalid(field, min, "must be greater than zero")),
    ...errorIf(action !== "DoNotSchedule", invalid(field, min, detail)),
  ];
}

/** Keys whose values are taken from the pod itself. */
function labelKeyErrors(
  field: string,
  { matchLabelKeys: keys = [], labelSelector }: TopologySpreadConstraint,
): readonly FieldError[] {
  if (keys.length === 0) return [];
  if (labelSelector === undefined) {
    return [forbidden(field, "must not be specified when labelSelector is not set")];
  }
  const selected = selectedKeys(labelSelector);
  return keys.flatMap((key, index) => [
    ...labelNameErrors(`${field}[${index}]`, key),
    ...errorIf(
      selected.has(key),
      invalid(`${field}[${index}]`, key, "exists in both matchLabelKeys and labelSelector"),
    ),
  ]);
}

/** The keys that a selector asks about. */
export function selectedKeys(selector: LabelSelector): ReadonlySet<string> {
  const expressions = (selector.matchExpressions ?? []).map(({ key }) => key);
  return new Set([...Object.keys(selector.matchLabels ?? {}), ...expressions]);
}
