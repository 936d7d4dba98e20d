/** What policies are about: resources, namespaces and objects, and the parameters they get. */
import { pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  noneOrOneOf,
  oneOf,
  required,
} from "../../field-errors.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { namedRuleErrors, withRuleDefaults } from "./rule-validation.ts";
import type { MatchResources, NamedRuleWithOperations, ParamRef } from "./types.generated.ts";

export const MATCH_POLICIES: readonly string[] = ["Equivalent", "Exact"];

export function withMatchDefaults(resources: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules } = resources;
  return {
    ...resources,
    matchPolicy: resources.matchPolicy ?? "Equivalent",
    namespaceSelector: resources.namespaceSelector ?? {},
    objectSelector: resources.objectSelector ?? {},
    ...(resourceRules === undefined
      ? {}
      : { resourceRules: resourceRules.map(withNamedRuleDefaults) }),
    ...(excludeResourceRules === undefined
      ? {}
      : { excludeResourceRules: excludeResourceRules.map(withNamedRuleDefaults) }),
  };
}

/** What is wrong with resources that have their defaults; none is fine. */
export function matchErrors(
  path: string,
  resources: MatchResources | undefined,
): readonly FieldError[] {
  if (resources === undefined) return [];
  const { resourceRules = [], excludeResourceRules = [] } = resources;
  return [
    ...noneOrOneOf(`${path}.matchPolicy`, resources.matchPolicy, MATCH_POLICIES),
    ...labelSelectorErrors(`${path}.namespaceSelector`, resources.namespaceSelector),
    ...labelSelectorErrors(`${path}.objectSelector`, resources.objectSelector),
    ...resourceRules.flatMap((rule, index) =>
      namedRuleErrors(`${path}.resourceRules[${index}]`, rule),
    ),
    ...excludeResourceRules.flatMap((rule, index) =>
      namedRuleErrors(`${path}.excludeResourceRules[${index}]`, rule),
    ),
  ];
}

/** Parameters are named or selected, not both. */
export function paramRefErrors(
  path: string,
  reference: ParamRef | undefined,
): readonly FieldError[] {
  if (reference === undefined) return [];
  const { name = "", selector, parameterNotFoundAction } = reference;
  const isBoth = name !== "" && selector !== undefined;
  const exclusive = "name and selector are mutually exclusive";
  const neither = "one of name or selector must be specified";
  return [
    ...(name === "" ? [] : fromProblem(`${path}.name`, name, pathSegmentProblem(name))),
    ...errorIf(isBoth, forbidden(`${path}.name`, exclusive)),
    ...labelSelectorErrors(`${path}.selector`, selector),
    ...errorIf(isBoth, forbidden(`${path}.selector`, exclusive)),
    ...errorIf(name === "" && selector === undefined, required(path, neither)),
    ...oneOf(`${path}.parameterNotFoundAction`, parameterNotFoundAction, ["Deny", "Allow"]),
  ];
}

function withNamedRuleDefaults(rule: NamedRuleWithOperations): NamedRuleWithOperations {
  return withRuleDefaults(rule);
}
