/** All that can be wrong with a definition, in upstream's order and words. */
import { runAtOnce, type Interruptible } from "../../../base/interruptible.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { isFields } from "../../../machinery/object.ts";
import { dns1035LabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { someSchema } from "../../../schema/check/schema-walk.ts";
import { defaultAt } from "../../../schema/schema-props.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { IMMUTABLE, invalid, oneOf, required } from "../../field-errors.ts";
import { approvalErrors } from "./definition-approval.ts";
import { isConditionTrue, type Definition } from "./definition-conditions.ts";
import { conversionErrors } from "./definition-conversion.ts";
import { joinedProblems, nameErrors, requiredNameErrors } from "./definition-names.ts";
import { schemaErrors, selectableFieldErrors } from "./definition-schemas.ts";
import type { CustomResourceDefinitionSpec } from "./types.generated.ts";
import { placesOf, printedVersions } from "./version-parts.ts";
import {
  columnErrors,
  storageErrors,
  subresourceErrors,
  versionErrors,
} from "./version-validation.ts";

/** `old` is undefined for a new definition. */
export function definitionErrors(definition: Definition, old?: Definition): readonly FieldError[] {
  return runAtOnce(definitionCheck(definition, old));
}

/** The same as work that can be interrupted. */
export function* definitionCheck(
  definition: Definition,
  old: Definition | undefined,
): Interruptible<readonly FieldError[]> {
  const { spec, status } = definition;
  return [
    ...(old === undefined ? ownNameErrors(definition) : []),
    ...(yield* specErrors(spec, old)),
    ...(old === undefined ? [] : changeErrors(definition, old)),
    ...(status.acceptedNames === undefined
      ? []
      : nameErrors(status.acceptedNames, "status.acceptedNames")),
    ...storageErrors(status.storedVersions, spec),
    ...approvalErrors(definition, old),
    ...unknownFieldErrors(spec, old?.spec),
  ];
}

function ownNameErrors(definition: Definition): readonly FieldError[] {
  const { name = "", generateName = "" } = definition.metadata;
  const { names, group } = definition.spec;
  const wanted = `${names.plural}.${group}`;
  const given = { "metadata.generateName": generateName, "metadata.name": name };
  return Object.entries(given)
    .filter(([, text]) => text !== "" && text !== wanted)
    .map(([field, text]) => invalid(field, text, 'must be spec.names.plural+"."+spec.group'));
}

function* specErrors(
  spec: CustomResourceDefinitionSpec,
  oldDefinition: Definition | undefined,
): Interruptible<readonly FieldError[]> {
  const { versions, names } = spec;
  const old = oldDefinition?.spec;
  const ofVersions: FieldError[] = [];
  for (const [index, version] of versions.entries()) {
    ofVersions.push(...versionErrors(version, index));
    ofVersions.push(...(yield* partErrors(spec, old, version.name)));
  }
  return [
    ...groupErrors(spec.group),
    ...oneOf("spec.scope", spec.scope, ["Cluster", "Namespaced"]),
    ...missingSchemaErrors(spec, old),
    ...openSpecErrors(spec),
    ...ofVersions,
    ...versionSetErrors(spec),
    ...firstVersionErrors(versions[0]?.name ?? ""),
    ...requiredNameErrors(names, "spec.names"),
    ...nameErrors(names, "spec.names"),
    ...(yield* partErrors(spec, old, undefined)),
    ...openConversionErrors(spec),
    ...conversionErrors(
      spec.conversion,
      oldDefinition && {
        conversion: oldDefinition.spec.conversion,
        isEstablished: isConditionTrue(oldDefinition, "Established"),
      },
    ),
  ];
}

function groupErrors(group: string): readonly FieldError[] {
  if (group === "") return [required("spec.group")];
  const problem = dnsSubdomainProblem(group);
  if (problem !== undefined) return [invalid("spec.group", group, joinedProblems(problem))];
  if (group.includes(".")) return [];
  return [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function missingSchemaErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
): readonly FieldError[] {
  const hadNone = old?.versions.some((version) => version.schema?.openAPIV3Schema === undefined);
  if (hadNone === true) return [];
  return spec.versions.flatMap((version, index) =>
    version.schema?.openAPIV3Schema === undefined
      ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)]
      : [],
  );
}

/** Upstream keeps the first version twice, and checks it twice. */
function firstVersionErrors(name: string): readonly FieldError[] {
  const problem = name === "" ? undefined : dns1035LabelProblem(name);
  return problem === undefined ? [] : [invalid("spec.version", name, joinedProblems(problem))];
}

/** Definitions that keep unknown fields can have neither defaults nor a conversion. */
function openSpecErrors(spec: CustomResourceDefinitionSpec): readonly FieldError[] {
  if (spec.preserveUnknownFields !== true) return [];
  const hasDefaults = spec.versions.some(({ schema }) => {
    const open: unknown = schema?.openAPIV3Schema;
    return isFields(open) && someSchema(open, (props) => defaultAt(props) !== undefined);
  });
  if (!hasDefaults) return [];
  const detail = "must be false in order to use defaults in the schema";
  return [invalid("spec.preserveUnknownFields", true, detail)];
}

function openConversionErrors(spec: CustomResourceDefinitionSpec): readonly FieldError[] {
  const { preserveUnknownFields, conversion } = spec;
  if (preserveUnknownFields !== true || conversion === undefined) return [];
  if (conversion.strategy === "None") return [];
  const detail = "must be None if spec.preserveUnknownFields is true";
  return [invalid("spec.conversion.strategy", conversion.strategy, detail)];
}

/** Errors of the parts of one version, or (undefined) of those that all versions share. */
function* partErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
  version: string | undefined,
): Interruptible<readonly FieldError[]> {
  const isHere = (part: { readonly version: { readonly name: string } | undefined }): boolean =>
    part.version?.name === version;
  const ofSchemas: FieldError[] = [];
  for (const place of placesOf(spec, "schema").filter(isHere)) {
    ofSchemas.push(...(yield* schemaErrors(spec, old, place)));
  }
  return [
    ...ofSchemas,
    ...placesOf(spec, "subresources")
      .filter(isHere)
      .flatMap((place) => subresourceErrors(place.value, place.field)),
    ...placesOf(spec, "additionalPrinterColumns")
      .filter(isHere)
      .flatMap((place) =>
        place.value.flatMap((column, index) => columnErrors(column, `${place.field}[${index}]`)),
      ),
    ...placesOf(spec, "selectableFields")
      .filter(isHere)
      .flatMap((place) => selectableFieldErrors(spec, place)),
  ];
}

function versionSetErrors(spec: CustomResourceDefinitionSpec): readonly FieldError[] {
  const { versions } = spec;
  const names = new Set(versions.map((version) => version.name));
  const wrong = (detail: string): FieldError =>
    invalid("spec.versions", printedVersions(spec), detail);
  return [
    ...(names.size === versions.length ? [] : [wrong("must contain unique version names")]),
    ...(versions.filter((version) => version.storage).length === 1
      ? []
      : [wrong("must have exactly one version marked as storage version")]),
  ];
}

/** What decides where objects are kept cannot change once they may be kept. */
function changeErrors(definition: Definition, old: Definition): readonly FieldError[] {
  const { spec } = definition;
  const isKept = isConditionTrue(old, "Established");
  const fields = [
    ["spec.scope", spec.scope, old.spec.scope, isKept],
    ["spec.names.kind", spec.names.kind, old.spec.names.kind, isKept],
    ["spec.group", spec.group, old.spec.group, true],
    ["spec.names.plural", spec.names.plural, old.spec.names.plural, true],
  ] as const;
  return fields
    .filter(([, next, before, isImmutable]) => isImmutable && !equalValues(next, before))
    .map(([field, next]) => invalid(field, next, IMMUTABLE));
}

function unknownFieldErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
): readonly FieldError[] {
  const keepsUnknown = spec.preserveUnknownFields === true;
  if (!keepsUnknown || old?.preserveUnknownFields === true) return [];
  const detail =
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in " +
    "spec.versions[*].schema instead";
  return [invalid("spec.preserveUnknownFields", true, detail)];
}
