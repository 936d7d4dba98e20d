/** The names of a custom resource, asked for (spec) and granted (status). */
import { dns1035LabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { invalid, required } from "../../field-errors.ts";
import type { CustomResourceDefinitionNames } from "./types.generated.ts";

/** Names that a definition must have; those that are granted may be absent. */
export function requiredNameErrors(
  names: CustomResourceDefinitionNames,
  field: string,
): readonly FieldError[] {
  const needed = [
    ["plural", names.plural],
    ["singular", names.singular],
    ["kind", names.kind],
    ["listKind", names.listKind],
  ] as const;
  return needed
    .filter(([, name]) => name === undefined || name === "")
    .map(([key]) => required(`${field}.${key}`));
}

export function nameErrors(
  names: CustomResourceDefinitionNames,
  field: string,
): readonly FieldError[] {
  const { plural, singular = "", kind, listKind = "", shortNames = [], categories = [] } = names;
  return [
    ...labelErrors(`${field}.plural`, plural),
    ...labelErrors(`${field}.singular`, singular),
    ...kindErrors(`${field}.kind`, kind),
    ...kindErrors(`${field}.listKind`, listKind),
    ...listErrors(`${field}.shortNames`, shortNames),
    ...(kind !== "" && kind === listKind
      ? [invalid(`${field}.listKind`, listKind, "kind and listKind may not be the same")]
      : []),
    ...listErrors(`${field}.categories`, categories),
  ];
}

/** What is wrong with a name, as one text: here upstream joins what it lists elsewhere. */
export function joinedProblems(problem: string): string {
  return problem.replaceAll("; ", ",");
}

function labelErrors(field: string, name: string): readonly FieldError[] {
  const problem = name === "" ? undefined : dns1035LabelProblem(name);
  return problem === undefined ? [] : [invalid(field, name, joinedProblems(problem))];
}

function kindErrors(field: string, kind: string): readonly FieldError[] {
  const problem = kind === "" ? undefined : dns1035LabelProblem(kind.toLowerCase());
  if (problem === undefined) return [];
  return [
    invalid(
      field,
      kind,
      `may have mixed case, but should otherwise match: ${joinedProblems(problem)}`,
    ),
  ];
}

function listErrors(field: string, names: readonly string[]): readonly FieldError[] {
  return names.flatMap((name, index) => {
    const problem = dns1035LabelProblem(name);
    return problem === undefined
      ? []
      : [invalid(`${field}[${index}]`, name, joinedProblems(problem))];
  });
}
