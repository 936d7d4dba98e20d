/** What validating and mutating policies have in common. */
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, oneOf, required } from "../../field-errors.ts";
import type { PolicyExpressions } from "./expressions.ts";
import { matchErrors } from "./match-resources.ts";
import type { MatchResources, ParamKind, Variable } from "./types.generated.ts";
import { FAILURE_POLICIES } from "./webhook-validation.ts";

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const RESERVED: ReadonlySet<string> = new Set(
  (
    "true false null in as break const continue else for function if import let loop package " +
    "namespace return var void while"
  ).split(" "),
);

type PolicySpec = {
  readonly failurePolicy?: string;
  readonly paramKind?: ParamKind;
  readonly matchConstraints?: MatchResources;
};

/** What is wrong with the parts that say when a policy applies. */
export function policyErrors(spec: PolicySpec): readonly FieldError[] {
  const { failurePolicy, paramKind, matchConstraints } = spec;
  const rules = matchConstraints?.resourceRules ?? [];
  return [
    ...oneOf("spec.failurePolicy", failurePolicy, FAILURE_POLICIES),
    ...(paramKind === undefined ? [] : paramKindErrors("spec.paramKind", paramKind)),
    ...(matchConstraints === undefined
      ? [required("spec.matchConstraints")]
      : [
          ...matchErrors("spec.matchConstraints", matchConstraints),
          ...errorIf(rules.length === 0, required("spec.matchConstraints.resourceRules")),
        ]),
  ];
}

/** What is wrong with variables; each can be used by those after it, and by all else. */
export function variableErrors(
  field: string,
  variables: readonly Variable[] | undefined,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  return (variables ?? []).flatMap((variable, index) => {
    const path = `${field}[${index}]`;
    const isBlank = variable.expression.trim() === "";
    return [
      ...variableNameErrors(`${path}.name`, variable.name),
      ...(isBlank
        ? [required(`${path}.expression`, "expression is not specified")]
        : expressions.declare(`${path}.expression`, variable)),
    ];
  });
}

function variableNameErrors(field: string, name: string): readonly FieldError[] {
  if (name.trim() === "") return [required(field, "name is not specified")];
  const isIdentifier = IDENTIFIER.test(name) && !RESERVED.has(name);
  return errorIf(!isIdentifier, invalid(field, name, "must be a valid CEL identifier"));
}

function paramKindErrors(path: string, paramKind: ParamKind): readonly FieldError[] {
  const { apiVersion = "", kind = "" } = paramKind;
  const problem = dns1035LabelProblem(kind.toLowerCase());
  const detail = `may have mixed case, but should otherwise match: ${problem ?? ""}`;
  return [
    ...(apiVersion === ""
      ? [required(`${path}.apiVersion`)]
      : versionErrors(`${path}.apiVersion`, apiVersion)),
    ...(kind === ""
      ? [required(`${path}.kind`)]
      : errorIf(problem !== undefined, invalid(`${path}.kind`, kind, detail))),
  ];
}

function versionErrors(field: string, apiVersion: string): readonly FieldError[] {
  const parts = apiVersion.split("/");
  if (parts.length > 2) {
    return [invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  }
  const [group, version] = parts.length === 1 ? ["", apiVersion] : parts;
  const groupProblem = group === "" ? undefined : dnsSubdomainProblem(group ?? "");
  const versionProblem = dns1035LabelProblem(version ?? "");
  return [
    ...errorIf(groupProblem !== undefined, invalid(field, group, groupProblem ?? "")),
    ...(version === ""
      ? [invalid(field, apiVersion, "version must be specified")]
      : errorIf(versionProblem !== undefined, invalid(field, version, versionProblem ?? ""))),
  ];
}

/** `rules.example.com/v1/ReplicaLimit`, for people. */
export function paramKindText(paramKind: ParamKind | undefined): string {
  if (paramKind === undefined) return "<unset>";
  return `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}`;
}
