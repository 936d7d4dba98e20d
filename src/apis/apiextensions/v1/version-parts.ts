/**
 * Where errors about versions are said to be. Upstream keeps what all versions have alike at the
 * top of its internal form and names that place (`spec.validation`, `spec.subresources`, …), also
 * when there is only one version; what differs is named where it stands.
 */
import { equalValues } from "../../../machinery/json-value.ts";
import { isFields } from "../../../machinery/object.ts";
import { goSchema } from "../../../schema/check/go-schema.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "./types.generated.ts";

/** The parts of a version that can be alike in all of them. */
export type VersionPart =
  "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields";

const SHARED_FIELDS: Readonly<Record<VersionPart, string>> = {
  schema: "spec.validation",
  subresources: "spec.subresources",
  additionalPrinterColumns: "spec.additionalPrinterColumns",
  selectableFields: "spec.selectableFields",
};

/** A part of one version, or of all. */
export type PlacedPart<T> = {
  readonly field: string;
  readonly value: T;
  /** The version it belongs to; undefined if all share it. */
  readonly version: CustomResourceDefinitionVersion | undefined;
};

/** Whether every version has the same `part`. */
export function isShared(spec: CustomResourceDefinitionSpec, part: VersionPart): boolean {
  const [first, ...others] = spec.versions;
  return first !== undefined && others.every((other) => equalValues(other[part], first[part]));
}

/** The places of `part`: one if all versions share it, else one a version. Absent ones are not. */
export function placesOf<P extends VersionPart>(
  spec: CustomResourceDefinitionSpec,
  part: P,
): readonly PlacedPart<NonNullable<CustomResourceDefinitionVersion[P]>>[] {
  const [first] = spec.versions;
  if (first !== undefined && isShared(spec, part)) {
    const value = first[part];
    if (value === undefined || value === null) return [];
    return [{ field: SHARED_FIELDS[part], value, version: undefined }];
  }
  return spec.versions.flatMap((version, index) => {
    const value = version[part];
    if (value === undefined || value === null) return [];
    return [{ field: `spec.versions[${index}].${part}`, value, version }];
  });
}

/** The versions as upstream prints them in errors: without what all of them share. */
export function printedVersions(spec: CustomResourceDefinitionSpec): readonly object[] {
  const isAlike = (part: VersionPart): boolean => isShared(spec, part);
  return spec.versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: isAlike("schema") ? null : printedSchema(version),
    Subresources: isAlike("subresources") ? null : printedSubresources(version),
    AdditionalPrinterColumns: isAlike("additionalPrinterColumns")
      ? null
      : (version.additionalPrinterColumns?.map(printedColumn) ?? null),
    SelectableFields: isAlike("selectableFields")
      ? null
      : (version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null),
  }));
}

function printedSchema({ schema }: CustomResourceDefinitionVersion): object | null {
  if (schema === undefined) return null;
  const open: unknown = schema.openAPIV3Schema;
  return { OpenAPIV3Schema: isFields(open) ? goSchema(open) : null };
}

function printedSubresources({ subresources }: CustomResourceDefinitionVersion): object | null {
  if (subresources === undefined) return null;
  const { status, scale } = subresources;
  return {
    Status: status ?? null,
    Scale:
      scale === undefined
        ? null
        : {
            SpecReplicasPath: scale.specReplicasPath,
            StatusReplicasPath: scale.statusReplicasPath,
            LabelSelectorPath: scale.labelSelectorPath ?? null,
          },
  };
}

function printedColumn(column: CustomResourceColumnDefinition): object {
  const { name, type, format = "", description = "", priority = 0, jsonPath } = column;
  return {
    Name: name,
    Type: type,
    Format: format,
    Description: description,
    Priority: priority,
    JSONPath: jsonPath,
  };
}
