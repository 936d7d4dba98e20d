/** Resource quotas: what all objects of a namespace may ask for together. */
import { compareText } from "../../../machinery/key.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { quotaErrors, quotaStatusErrors, quotaUpdateErrors } from "./resource-quota-validation.ts";
import { resourceQuotaSchema } from "./schema.generated.ts";
import type { ResourceQuota, ResourceQuotaStatus } from "./types.generated.ts";

export const resourceQuotaStrategy: Strategy<ResourceQuota> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "ResourceQuota",
    plural: "resourcequotas",
    singular: "resourcequota",
    shortNames: ["quota"],
    categories: [],
    isNamespaced: true,
  },
  schema: resourceQuotaSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (quota) => canonicalForm(quota, resourceQuotaSchema),
  prepareForCreate: (quota) => ({ ...quota, status: {} }),
  prepareForUpdate: keepStatus,
  validate: quotaErrors,
  validateUpdate: quotaUpdateErrors,
  status: statusPart(quotaStatusErrors),
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("Request", "What is asked for, of what may be."),
    column("Limit", "Sum of the limits, of what they may be."),
    AGE_COLUMN,
  ],
  row: (quota, nowMs) => [
    nameOf(quota),
    usageText(quota.status, (name) => !name.startsWith("limits.")),
    usageText(quota.status, (name) => name.startsWith("limits.")),
    ageOf(quota, nowMs),
  ],
};

function usageText(status: ResourceQuotaStatus, isShown: (name: string) => boolean): string {
  const used = new Map(Object.entries(status.used ?? {}));
  return Object.entries(status.hard ?? {})
    .filter(([name]) => isShown(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, hard]) => `${name}: ${used.get(name) ?? "0"}/${hard}`)
    .join(", ");
}
