/**
 * Custom resource definitions: kinds that users add. What becomes of a definition once it is
 * written (names, conditions, serving, cleaning up) is done by `server/crd`.
 */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { parseApiTime, type ObjectMeta } from "../../../machinery/object.ts";
import type { Strategy, SubresourceStrategy } from "../../strategy.ts";
import { CREATED_AT_COLUMN, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { withCondition, type Definition } from "./definition-conditions.ts";
import { freshStatus, withDefinitionDefaults, withStoredVersion } from "./definition-defaults.ts";
import { nameErrors } from "./definition-names.ts";
import { definitionCheck, definitionErrors } from "./definition-validation.ts";
import { definitionWarnings } from "./definition-warnings.ts";
import { customResourceDefinitionSchema } from "./schema.generated.ts";

/** Held while objects of the kind are left. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** Takes metadata too, finalizers among it: so does upstream. */
const status: SubresourceStrategy<Definition> = {
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
  validateUpdate: (next): readonly FieldError[] => {
    const { acceptedNames } = next.status;
    return acceptedNames === undefined ? [] : nameErrors(acceptedNames, "status.acceptedNames");
  },
};

export const customResourceDefinitionStrategy: Strategy<Definition> = {
  names: {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    singular: "customresourcedefinition",
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: customResourceDefinitionSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: false,
  applyDefaults: withDefinitionDefaults,
  prepareForCreate: (definition) => ({ ...definition, status: freshStatus(definition) }),
  prepareForUpdate: (next, old) => withStoredVersion({ ...next, status: old.status }),
  validate: definitionErrors,
  longValidation: definitionCheck,
  validateUpdate: () => [],
  warnings: definitionWarnings,
  status,
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  extraFinalizers: (definition) =>
    definition.metadata.deletionTimestamp === undefined ? [CLEANUP_FINALIZER] : [],
  whenDeletionBegins: markTerminating,
  fieldSelectors: {},
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  row: (definition) => [nameOf(definition), definition.metadata.creationTimestamp ?? ""],
};

/** As upstream marks it: with the finalizer, and without counting or grace. */
function markTerminating(definition: Definition): Definition {
  const { deletionGracePeriodSeconds: _none, ...metadata } = definition.metadata;
  const { generation = 0, finalizers = [], deletionTimestamp = "" } = metadata;
  const kept: ObjectMeta = {
    ...metadata,
    generation: Math.max(generation - 1, 1),
    finalizers: finalizers.includes(CLEANUP_FINALIZER)
      ? finalizers
      : [...finalizers, CLEANUP_FINALIZER],
  };
  const terminating = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
    message:
      "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  } as const;
  return withCondition(
    { ...definition, metadata: kept },
    terminating,
    parseApiTime(deletionTimestamp),
  );
}
