/** References to objects of any kind, in any version of it. */
import { pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid, required } from "../../field-errors.ts";
import type { CrossVersionObjectReference } from "./types.generated.ts";

/** What is wrong with a reference; `mayBeCore`: that no group is named is fine. */
export function referenceErrors(
  path: string,
  reference: CrossVersionObjectReference,
  mayBeCore: boolean,
): readonly FieldError[] {
  const { apiVersion = "" } = reference;
  const problem = apiVersionProblem(apiVersion, mayBeCore);
  return [
    ...segmentErrors(`${path}.kind`, reference.kind),
    ...segmentErrors(`${path}.name`, reference.name),
    ...(problem === undefined ? [] : [invalid(`${path}.apiVersion`, apiVersion, problem)]),
  ];
}

function segmentErrors(field: string, text: string): readonly FieldError[] {
  if (text === "") return [required(field)];
  return fromProblem(field, text, pathSegmentProblem(text));
}

function apiVersionProblem(apiVersion: string, mayBeCore: boolean): string | undefined {
  const parts = apiVersion === "/" ? [""] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? parts[0] : "";
  return group === "" && !mayBeCore ? "apiVersion must specify API group" : undefined;
}
