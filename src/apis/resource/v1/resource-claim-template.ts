/** Templates from which claims are made, one for each pod. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { annotationErrors, labelErrors } from "../../meta/v1/label-validation.ts";
import { immutableStructErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { demandOfRequests } from "./admin-access.ts";
import { claimTemplateSpecStruct } from "./go-structs.ts";
import { claimErrors, withClaimDefaults } from "./device-claim.ts";
import { resourceClaimTemplateSchema } from "./schema.generated.ts";
import type { ResourceClaimTemplate } from "./types.generated.ts";

export const resourceClaimTemplateStrategy: Strategy<ResourceClaimTemplate> = {
  ...ORDINARY,
  names: {
    group: "resource.k8s.io",
    version: "v1",
    kind: "ResourceClaimTemplate",
    plural: "resourceclaimtemplates",
    singular: "resourceclaimtemplate",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: resourceClaimTemplateSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (sent) => {
    const template = canonicalForm(sent, resourceClaimTemplateSchema);
    const { spec } = template;
    return { ...template, spec: { ...spec, spec: withClaimDefaults(spec.spec) } };
  },
  validate: ({ spec: { metadata = {}, spec } }) => [
    ...labelErrors("spec.metadata.labels", metadata.labels),
    ...annotationErrors("spec.metadata.annotations", metadata.annotations),
    ...claimErrors("spec.spec.devices", spec.devices ?? {}),
  ],
  namespaceDemand: (next, old) =>
    old === undefined ? demandOfRequests(next.spec.spec.devices) : undefined,
  validateUpdate: (next, old) =>
    immutableStructErrors("spec", next.spec, old.spec, claimTemplateSpecStruct),
  isReturnedWhenDeleted: true,
  columns: [NAME_COLUMN, AGE_COLUMN],
  row: (template, nowMs) => [nameOf(template), ageOf(template, nowMs)],
};
