/** Namespaces: they go only after all that is in them, which their own finalizers wait for. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { isTerminating } from "../../../machinery/object.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { invalid } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { Strategy, SubresourceStrategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { namespaceSchema } from "./schema.generated.ts";
import type { Namespace } from "./types.generated.ts";

/** The finalizer that holds a namespace until it is empty. */
export const CONTENT_FINALIZER = "kubernetes";

/** The label that lets selectors ask for a namespace by its name. */
export const NAME_LABEL = "kubernetes.io/metadata.name";

const status: SubresourceStrategy<Namespace> = {
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
  validateUpdate: phaseErrors,
};

const finalize: SubresourceStrategy<Namespace> = {
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validateUpdate: (next) => finalizerErrors(next),
};

export const namespaceStrategy: Strategy<Namespace> = {
  names: {
    group: "",
    version: "v1",
    kind: "Namespace",
    plural: "namespaces",
    singular: "namespace",
    shortNames: ["ns"],
    categories: [],
    isNamespaced: false,
  },
  schema: namespaceSchema,
  nameProblem: dnsLabelProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (namespace) => withDefaults(canonicalForm(namespace, namespaceSchema)),
  prepareForCreate: (namespace) => ({
    ...namespace,
    spec: { ...namespace.spec, finalizers: withContentFinalizer(namespace.spec.finalizers) },
    status: { phase: "Active" },
  }),
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec, status: old.status }),
  validate: finalizerErrors,
  validateUpdate: () => [],
  status,
  otherSubresources: [
    {
      name: "finalize",
      group: "",
      version: "v1",
      kind: "Namespace",
      verbs: ["update"],
      strategy: finalize,
    },
  ],
  isReturnedWhenDeleted: true,
  // What holds a namespace is its content, not a time: it says no grace period.
  whenDeletionBegins: (namespace) => {
    const { deletionGracePeriodSeconds: _, ...metadata } = namespace.metadata;
    return { ...namespace, metadata, status: { ...namespace.status, phase: "Terminating" } };
  },
  extraFinalizers: (namespace) => namespace.spec.finalizers ?? [],
  isCollectionDeletable: false,
  fieldSelectors: { "status.phase": (namespace) => namespace.status.phase ?? "" },
  columns: [NAME_COLUMN, column("Status", "Active, or Terminating once deleted."), AGE_COLUMN],
  row: (namespace, nowMs) => [
    nameOf(namespace),
    namespace.status.phase ?? "",
    ageOf(namespace, nowMs),
  ],
};

function withDefaults(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  if (metadata.name === undefined || metadata.name === "") return namespace;
  const labels = { ...metadata.labels, [NAME_LABEL]: metadata.name };
  return { ...namespace, metadata: { ...metadata, labels } };
}

function withContentFinalizer(finalizers: readonly string[] = []): readonly string[] {
  return finalizers.includes(CONTENT_FINALIZER) ? finalizers : [...finalizers, CONTENT_FINALIZER];
}

function finalizerErrors(namespace: Namespace): readonly FieldError[] {
  return (namespace.spec.finalizers ?? []).flatMap((name) => {
    const problems = labelNameErrors("spec.finalizers", name);
    if (problems.length > 0 || name.includes("/") || name === CONTENT_FINALIZER) return problems;
    const detail = "name is neither a standard finalizer name nor is it fully qualified";
    return [invalid("spec.finalizers", name, detail)];
  });
}

function phaseErrors(next: Namespace): readonly FieldError[] {
  const phase = next.status.phase ?? "";
  const expected = isTerminating(next) ? "Terminating" : "Active";
  if (phase === expected) return [];
  const when = isTerminating(next) ? "not empty" : "empty";
  const detail = `may only be '${expected}' if \`deletionTimestamp\` is ${when}`;
  return [invalid("status.phase", phase, detail)];
}
