/** Ranges from which services get their addresses. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, IMMUTABLE, invalid, required } from "../../field-errors.ts";
import { cidrErrors, parseCidr } from "../../ip-validation.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { serviceCIDRSchema } from "./schema.generated.ts";
import type { ServiceCIDR } from "./types.generated.ts";

const FIELD = "spec.cidrs";

export const serviceCidrStrategy: Strategy<ServiceCIDR> = {
  ...ORDINARY,
  names: {
    group: "networking.k8s.io",
    version: "v1",
    kind: "ServiceCIDR",
    plural: "servicecidrs",
    singular: "servicecidr",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: serviceCIDRSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (range) => canonicalForm(range, serviceCIDRSchema),
  prepareForCreate: (range) => canonicalForm({ ...range, status: {} }, serviceCIDRSchema),
  prepareForUpdate: keepStatus,
  validate: (range, old) => (old === undefined ? rangeErrors(rangesOf(range)) : []),
  validateUpdate: updateErrors,
  status: strictStatusPart(),
  columns: [NAME_COLUMN, column("CIDRs", "Ranges of addresses, one for each family."), AGE_COLUMN],
  row: (range, nowMs) => [nameOf(range), rangesOf(range).join(","), ageOf(range, nowMs)],
};

function rangesOf(range: ServiceCIDR): readonly string[] {
  return range.spec.cidrs ?? [];
}

function rangeErrors(cidrs: readonly string[]): readonly FieldError[] {
  if (cidrs.length === 0) return [required(FIELD, "at least one CIDR required")];
  if (cidrs.length > 2) {
    return [invalid(FIELD, { CIDRs: cidrs }, "may only hold up to 2 values")];
  }
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.family);
  const detail =
    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
  return [
    ...cidrs.flatMap((cidr, index) => cidrErrors(`${FIELD}[${index}]`, cidr)),
    ...errorIf(first !== undefined && first === second, invalid(FIELD, cidrs, detail)),
  ];
}

/** A range stays; one of the other family may be added. */
function updateErrors(next: ServiceCIDR, old: ServiceCIDR): readonly FieldError[] {
  const [before, after] = [rangesOf(old), rangesOf(next)];
  const changed = before.flatMap((cidr, index) =>
    errorIf(cidr !== after[index], invalid(`${FIELD}[${index}]`, after[index], IMMUTABLE)),
  );
  if (before.length === after.length) return changed;
  if (before.length === 1 && after.length === 2) return [...changed, ...rangeErrors(after)];
  return [invalid(FIELD, after.length === 0 ? null : after, IMMUTABLE)];
}
