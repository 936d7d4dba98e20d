/** Rules that spread pods evenly over nodes, zones and the like. */
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  invalid,
  noneOrOneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { labelKeyErrors } from "./label-key-validation.ts";
import type { TopologySpreadConstraint } from "./types.generated.ts";

const ACTIONS: readonly string[] = ["DoNotSchedule", "ScheduleAnyway"];
const POLICIES: readonly string[] = ["Honor", "Ignore"];

/** What is wrong with the rules. */
export function spreadErrors(
  field: string,
  constraints: readonly TopologySpreadConstraint[] | undefined,
): readonly FieldError[] {
  return (constraints ?? []).flatMap((constraint, index) => {
    const path = `${field}[${index}]`;
    const { topologyKey, whenUnsatisfiable: action } = constraint;
    const identity = `{${topologyKey}, ${action}}`;
    const isTaken = (constraints ?? [])
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === action);
    return [
      ...errorIf(
        constraint.maxSkew <= 0,
        invalid(`${path}.maxSkew`, constraint.maxSkew, "must be greater than zero"),
      ),
      ...(topologyKey === "" ? [required(`${path}.topologyKey`, "can not be empty")] : []),
      ...errorIf(
        !ACTIONS.includes(action),
        unsupported(`${path}.whenUnsatisfiable`, action, ACTIONS),
      ),
      ...errorIf(isTaken, duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, identity)),
      ...minDomainErrors(`${path}.minDomains`, constraint),
      ...noneOrOneOf(`${path}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, POLICIES),
      ...noneOrOneOf(`${path}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, POLICIES),
      ...labelKeyErrors(path, constraint),
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
