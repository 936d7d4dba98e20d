/** Checks of the versions of a definition, their schemas excepted. */
import { dns1035LabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { invalid, required } from "../../field-errors.ts";
import { joinedProblems } from "./definition-names.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "./types.generated.ts";

/** Characters of a deprecation warning. */
export const DEPRECATION_WARNING_LENGTH_MAX = 256;

const COLUMN_TYPES: readonly string[] = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: readonly string[] = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

const encoder = new TextEncoder();

/** Of the name and the deprecation warning of one version. */
export function versionErrors(
  version: CustomResourceDefinitionVersion,
  index: number,
): readonly FieldError[] {
  const field = `spec.versions[${index}]`;
  const warning = version.deprecationWarning;
  const problem = dns1035LabelProblem(version.name);
  return [
    ...(problem === undefined
      ? []
      : [invalid(`${field}.name`, version.name, joinedProblems(problem))]),
    ...warningProblems(version).map((problem) =>
      invalid(`${field}.deprecationWarning`, warning, problem),
    ),
  ];
}

export function storageErrors(
  storedVersions: readonly string[] | undefined,
  spec: CustomResourceDefinitionSpec,
): readonly FieldError[] {
  const field = "status.storedVersions";
  if (storedVersions === undefined || storedVersions.length === 0) {
    return [invalid(field, storedVersions ?? null, "must have at least one stored version")];
  }
  const storage = spec.versions.find((version) => version.storage);
  const names = spec.versions.map((version) => version.name);
  return [
    ...(storage === undefined || storedVersions.includes(storage.name)
      ? []
      : [invalid(field, storedVersions, `must have the storage version ${storage.name}`)]),
    ...storedVersions.flatMap((name, index) =>
      names.includes(name) ? [] : [invalid(`${field}[${index}]`, name, missingVersion(name))],
    ),
  ];
}

function missingVersion(name: string): string {
  return (
    `missing from spec.versions; ${name} was previously a storage version, and must remain in ` +
    "spec.versions until a storage migration ensures no data remains persisted in " +
    `${name} and removes ${name} from status.storedVersions`
  );
}

export function subresourceErrors(
  subresources: CustomResourceSubresources,
  field: string,
): readonly FieldError[] {
  const { scale } = subresources;
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = "" } = scale;
  const selector = `${field}.scale.labelSelectorPath`;
  return [
    ...replicasPathErrors(`${field}.scale.specReplicasPath`, specReplicasPath, "spec"),
    ...replicasPathErrors(`${field}.scale.statusReplicasPath`, statusReplicasPath, "status"),
    ...(labelSelectorPath === "" ? [] : selectorPathErrors(selector, labelSelectorPath)),
  ];
}

export function columnErrors(
  column: CustomResourceColumnDefinition,
  field: string,
): readonly FieldError[] {
  const { name, type, format = "", jsonPath } = column;
  const typeDetail = `must be one of ${COLUMN_TYPES.join(",")}`;
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${field}.name`));
  if (type === "") errors.push(required(`${field}.type`, typeDetail));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${field}.type`, type, typeDetail));
  if (format !== "" && !COLUMN_FORMATS.includes(format)) {
    const detail = `must be one of ${COLUMN_FORMATS.join(",")}`;
    errors.push(invalid(`${field}.format`, format, detail));
  }
  if (jsonPath === "") errors.push(required(`${field}.JSONPath`));
  else errors.push(...simplePathErrors(`${field}.JSONPath`, jsonPath));
  return errors;
}

function warningProblems(version: CustomResourceDefinitionVersion): readonly string[] {
  const { deprecated = false, deprecationWarning: warning } = version;
  if (warning === undefined) return [];
  if (!deprecated) return ["can only be set for deprecated versions"];
  const problems: string[] = [];
  if (encoder.encode(warning).length > DEPRECATION_WARNING_LENGTH_MAX) {
    problems.push(`must be <= ${DEPRECATION_WARNING_LENGTH_MAX} characters long`);
  }
  if (warning === "") problems.push("must not be an empty string");
  const found = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (found !== null) {
    const at = encoder.encode(warning.slice(0, found.index)).length;
    const what = "must only contain printable UTF-8 characters";
    problems.push(`${what}; non-printable character found at index ${at}`);
  }
  return problems;
}

function replicasPathErrors(
  field: string,
  path: string,
  part: "spec" | "status",
): readonly FieldError[] {
  if (path === "") return [required(field)];
  const errors = simplePathErrors(field, path);
  if (errors.length > 0 || path.startsWith(`.${part}.`)) return errors;
  return [invalid(field, path, `should be a json path under .${part}`)];
}

function selectorPathErrors(field: string, path: string): readonly FieldError[] {
  const errors = simplePathErrors(field, path);
  const isBelow = path.startsWith(".spec.") || path.startsWith(".status.");
  if (errors.length > 0 || isBelow) return errors;
  return [invalid(field, path, "should be a json path under either .spec or .status")];
}

function simplePathErrors(field: string, path: string): readonly FieldError[] {
  if (path.startsWith(".")) return [];
  return [invalid(field, path, "must be a simple json path starting with .")];
}
