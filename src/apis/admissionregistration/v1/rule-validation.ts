/** Rules that say which requests a webhook or policy is asked about. */
import { pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  fromProblem,
  invalid,
  noneOrOneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import type { NamedRuleWithOperations, RuleWithOperations } from "./types.generated.ts";

const OPERATIONS: readonly string[] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES: readonly string[] = ["*", "Cluster", "Namespaced"];

/** A rule is about objects of namespaces and of the cluster if it does not say. */
export function withRuleDefaults<Rule extends RuleWithOperations>(rule: Rule): Rule {
  return { ...rule, scope: rule.scope ?? "*" };
}

/** What is wrong with a rule. */
export function ruleErrors(path: string, rule: RuleWithOperations): readonly FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  return [
    ...errorIf(operations.length === 0, required(`${path}.operations`)),
    ...aloneErrors(`${path}.operations`, operations, "operations"),
    ...operations.flatMap((operation, index) =>
      errorIf(
        !OPERATIONS.includes(operation),
        unsupported(`${path}.operations[${index}]`, operation, OPERATIONS),
      ),
    ),
    ...errorIf(apiGroups.length === 0, required(`${path}.apiGroups`)),
    ...aloneErrors(`${path}.apiGroups`, apiGroups, "API groups"),
    ...errorIf(apiVersions.length === 0, required(`${path}.apiVersions`)),
    ...aloneErrors(`${path}.apiVersions`, apiVersions, "API versions"),
    ...apiVersions.flatMap((version, index) =>
      errorIf(version === "", required(`${path}.apiVersions[${index}]`)),
    ),
    ...resourceErrors(`${path}.resources`, resources),
    ...noneOrOneOf(`${path}.scope`, rule.scope, SCOPES),
  ];
}

/** What is wrong with a rule that can name objects. */
export function namedRuleErrors(
  path: string,
  rule: NamedRuleWithOperations,
): readonly FieldError[] {
  const { resourceNames: names = [] } = rule;
  return [
    ...names.flatMap((name, index) => {
      const field = `${path}.resourceNames[${index}]`;
      return [
        ...fromProblem(field, name, pathSegmentProblem(name)),
        ...errorIf(names.indexOf(name) < index, duplicate(field, name)),
      ];
    }),
    ...ruleErrors(path, rule),
  ];
}

/** Who says "all" has nothing more to say. */
function aloneErrors(field: string, texts: readonly string[], what: string): readonly FieldError[] {
  const isMore = texts.length > 1 && texts.includes("*");
  return errorIf(
    isMore,
    invalid(field, texts, `if '*' is present, must not specify other ${what}`),
  );
}

// Resources and subresources, as `pods`, `pods/status`, `pods/*`, `*/scale`, `*` or `*/*`.
function resourceErrors(field: string, resources: readonly string[]): readonly FieldError[] {
  if (resources.length === 0) return [required(field)];
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, text] of resources.entries()) {
    const path = `${field}[${index}]`;
    const slash = text.indexOf("/");
    if (text === "") errors.push(required(path));
    if (slash < 0) continue;
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholeResources.has(resource)) errors.push(coveredError(path, text, `${resource}/*`));
    if (wholeSubresources.has(subresource)) {
      errors.push(coveredError(path, text, `*/${subresource}`));
    }
    if (subresource === "*") wholeResources.add(resource);
    if (resource === "*") wholeSubresources.add(subresource);
  }
  return [...errors, ...wildcardErrors(field, resources)];
}

function coveredError(path: string, text: string, by: string): FieldError {
  return invalid(path, text, `if '${by}' is present, must not specify ${text}`);
}

function wildcardErrors(field: string, resources: readonly string[]): readonly FieldError[] {
  const isEverything = resources.includes("*/*") && resources.length > 1;
  const plain = resources.filter((text) => text !== "" && !text.includes("/"));
  // Only the last of them counts; so it is upstream.
  const isCovered = plain.includes("*") && plain.at(-1) !== "*";
  const others = "if '*/*' is present, must not specify other resources";
  const withoutSub = "if '*' is present, must not specify other resources without subresources";
  return [
    ...errorIf(isEverything, invalid(field, resources, others)),
    ...errorIf(isCovered, invalid(field, resources, withoutSub)),
  ];
}
