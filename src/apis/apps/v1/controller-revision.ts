/** Controller revisions: past templates of daemon sets and stateful sets. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { isFields } from "../../../machinery/object.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { notNegative, required } from "../../field-errors.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { controllerRevisionSchema } from "./schema.generated.ts";
import type { ControllerRevision } from "./types.generated.ts";

export const controllerRevisionStrategy: Strategy<ControllerRevision> = {
  ...ORDINARY,
  names: {
    group: "apps",
    version: "v1",
    kind: "ControllerRevision",
    plural: "controllerrevisions",
    singular: "controllerrevision",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: controllerRevisionSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (revision) => canonicalForm(revision, controllerRevisionSchema),
  validate: (revision, old) => [
    ...notNegative("revision", revision.revision),
    ...(old === undefined ? dataErrors(revision.data) : []),
  ],
  validateUpdate: (next, old) => immutableErrors("data", next.data, old.data),
  columns: [
    NAME_COLUMN,
    column("Controller", "The controller whose revision it is."),
    column("Revision", "Number of the revision."),
    AGE_COLUMN,
  ],
  row: (revision, nowMs) => [
    nameOf(revision),
    controllerText(revision),
    revision.revision,
    ageOf(revision, nowMs),
  ],
};

function dataErrors(data: unknown): readonly FieldError[] {
  if (data === undefined || data === null) return [required("data", "data is mandatory")];
  return isFields(data) ? [] : [required("data", "data must be a valid JSON object")];
}

/** `daemonset.apps/name`. */
function controllerText(revision: ControllerRevision): string {
  const owner = revision.metadata.ownerReferences?.find((each) => each.controller === true);
  if (owner === undefined) return NONE;
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
