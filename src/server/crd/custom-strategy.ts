/** The behaviour of one version of a custom resource, made from its definition. */
import type {
  Definition,
  DefinitionVersion,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import type {
  ResourceNames,
  ScaleStrategy,
  Strategy,
  SubresourceStrategy,
} from "../../apis/strategy.ts";
import { runAtOnce, type Interruptible } from "../../base/interruptible.ts";
import { equalValues, setField, type MutableFields } from "../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../machinery/names.ts";
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import { plainRefusal, type FieldError } from "../../machinery/status.ts";
import type {
  CustomResourceSchema,
  ScalePaths,
  ValidationRequest,
} from "../../schema/custom-resource-schema.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { defaultCustomResource } from "../../schema/values/default.ts";
import { scaleNumber, scaleText, type ScaleField } from "../../schema/values/scale.ts";
import { customResourceValidation } from "../../schema/values/validate.ts";
import { validateEmbeddedMetadata } from "../registry/metadata-validation.ts";
import { customColumns } from "./custom-columns.ts";
import { finalizerWarnings } from "./finalizer-warnings.ts";
import { customFieldSelectors } from "./custom-field-selectors.ts";

/** The schema, compiled and as patches and apply read it; both made when first asked for. */
export type VersionSchemas = {
  readonly compiled: () => CustomResourceSchema;
  readonly structural: StructuralSchema;
};

export function customStrategy(
  definition: Definition,
  version: DefinitionVersion,
  schemas: VersionSchemas,
): Strategy {
  const { compiled, structural } = schemas;
  const hasStatus = version.subresources?.status !== undefined;
  const scalePaths = version.subresources?.scale;
  const check = (
    object: ApiObject,
    old: ApiObject | undefined,
    more: Pick<ValidationRequest, "subresource" | "warn"> = {},
  ): Interruptible<readonly FieldError[]> =>
    customResourceValidation(
      {
        value: { ...object },
        ...(old === undefined ? {} : { old: { ...old } }),
        ...(scalePaths === undefined ? {} : { scale: scalePaths }),
        ...more,
        checkMetadata: validateEmbeddedMetadata,
      },
      compiled(),
    );
  const columns = customColumns(version.additionalPrinterColumns ?? []);
  return {
    names: namesOf(definition, version),
    schema: structural,
    nameProblem: dnsSubdomainProblem,
    hasGeneration: true,
    isCountedToo: (next, old) => !hasStatus && !equalValues(statusOf(next), statusOf(old)),
    isCreatedByUpdate: false,
    isUpdatedUnconditionally: false,
    applyDefaults: (object) => withDefaults(object, compiled()),
    // A status may have a default, which every reader is to see.
    prepareForCreate: (object) =>
      hasStatus ? withDefaults(withStatus(object, undefined), compiled()) : object,
    prepareForUpdate: (next, old) => (hasStatus ? withStatus(next, statusOf(old)) : next),
    validate: (object, old) => runAtOnce(check(object, old)),
    longValidation: (object, old, warn) => check(object, old, { warn }),
    validateUpdate: () => [],
    warnings: finalizerWarnings,
    ...(hasStatus ? { status: statusStrategy(check) } : {}),
    ...(scalePaths === undefined ? {} : { scale: scaleStrategy(scalePaths) }),
    isReturnedWhenDeleted: false,
    isCollectionDeletable: true,
    fieldSelectors: customFieldSelectors(version.selectableFields ?? []),
    columns: columns.definitions,
    row: columns.row,
  };
}

function namesOf(definition: Definition, version: DefinitionVersion): ResourceNames {
  const { group, scope, names: asked } = definition.spec;
  const accepted = definition.status.acceptedNames ?? asked;
  const { plural, singular = "", shortNames = [], kind, listKind, categories = [] } = accepted;
  return {
    group,
    version: version.name,
    kind,
    listKind: listKind ?? `${kind}List`,
    plural,
    singular,
    shortNames,
    categories,
    isNamespaced: scope === "Namespaced",
  };
}

/** Takes nothing but the status. */
function statusStrategy(
  check: (
    object: ApiObject,
    old: ApiObject,
    more: Pick<ValidationRequest, "subresource" | "warn">,
  ) => Interruptible<readonly FieldError[]>,
): SubresourceStrategy<ApiObject> {
  return {
    prepareForUpdate: (next, old) => {
      const { managedFields } = next.metadata;
      const metadata = {
        ...old.metadata,
        ...(managedFields === undefined ? {} : { managedFields }),
      };
      return { ...withStatus(old, statusOf(next)), metadata };
    },
    validateUpdate: (next, old) => runAtOnce(check(next, old, { subresource: "status" })),
    longValidation: (next, old, warn) => check(next, old, { subresource: "status", warn }),
  };
}

function withDefaults(object: ApiObject, schema: CustomResourceSchema): ApiObject {
  const fields: Fields = object;
  const value = defaultCustomResource(fields, schema);
  return value !== fields && isApiObject(value) ? value : object;
}

function statusOf(object: ApiObject): unknown {
  const fields: Fields = object;
  return own(fields, "status");
}

function withStatus(object: ApiObject, status: unknown): ApiObject {
  const { status: _status, ...rest } = object as ApiObject & { readonly status?: unknown };
  return status === undefined ? rest : Object.assign({}, rest, { status });
}

function scaleStrategy(paths: ScalePaths): ScaleStrategy<ApiObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = "" } = paths;
  const number = (object: ApiObject, path: string): number =>
    valueOf(scaleNumber({ ...object }, path)) ?? 0;
  return {
    replicas: (object) => number(object, specReplicasPath),
    statusReplicas: (object) => number(object, statusReplicasPath),
    selector: (object) =>
      labelSelectorPath === "" ? "" : (valueOf(scaleText({ ...object }, labelSelectorPath)) ?? ""),
    withReplicas: (object, replicas) => {
      const next = withNumber(object, namesInPath(specReplicasPath), replicas);
      return isApiObject(next) ? next : object;
    },
    hasReplicas: (object) => scaleNumber({ ...object }, specReplicasPath).kind === "found",
    replicasField: specReplicasPath,
  };
}

/** Undefined: absent. Throws upstream's refusal when the field has another type. */
function valueOf<T>(field: ScaleField<T>): T | undefined {
  switch (field.kind) {
    case "found":
      return field.value;
    case "absent":
      return undefined;
    case "mistyped":
      throw plainRefusal(500, "", field.problem);
  }
}

function namesInPath(path: string): readonly string[] {
  return path.replace(/^\./, "").split(".");
}

function withNumber(fields: Fields, path: readonly string[], value: number): Fields {
  const [name = "", ...rest] = path;
  const inner = own(fields, name);
  const next: MutableFields = { ...fields };
  const isLast = rest.length === 0;
  setField(next, name, isLast ? value : withNumber(isFields(inner) ? inner : {}, rest, value));
  return next;
}
