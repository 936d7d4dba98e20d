/** Leases: who holds something, since when and for how long. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { invalid, notNegative } from "../../field-errors.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { leaseSchema } from "./schema.generated.ts";
import type { Lease } from "./types.generated.ts";

export const leaseStrategy: Strategy<Lease> = {
  names: {
    group: "coordination.k8s.io",
    version: "v1",
    kind: "Lease",
    plural: "leases",
    singular: "lease",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: leaseSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (lease) => canonicalForm(lease, leaseSchema),
  prepareForCreate: withoutElection,
  prepareForUpdate: withoutElection,
  validate: leaseErrors,
  validateUpdate: () => [],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [NAME_COLUMN, column("Holder", "Who holds the lease."), AGE_COLUMN],
  row: (lease, nowMs) => [nameOf(lease), lease.spec.holderIdentity ?? "", ageOf(lease, nowMs)],
};

function leaseErrors(lease: Lease): readonly FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions } = lease.spec;
  return [
    ...(duration !== undefined && duration <= 0
      ? [invalid("spec.leaseDurationSeconds", duration, "must be greater than 0")]
      : []),
    ...notNegative("spec.leaseTransitions", leaseTransitions),
  ];
}

/** Fields of elections that the server itself decides, which is off upstream, too. */
function withoutElection(lease: Lease): Lease {
  const { strategy: _strategy, preferredHolder: _preferredHolder, ...spec } = lease.spec;
  return { ...lease, spec };
}
