/** Limit ranges: what one pod, container or claim may ask for, and asks for by default. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { CREATED_AT_COLUMN, createdAtOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { limitRangeErrors } from "./limit-range-validation.ts";
import { limitRangeSchema } from "./schema.generated.ts";
import type { LimitRange, LimitRangeItem } from "./types.generated.ts";

export const limitRangeStrategy: Strategy<LimitRange> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "LimitRange",
    plural: "limitranges",
    singular: "limitrange",
    shortNames: ["limits"],
    categories: [],
    isNamespaced: true,
  },
  schema: limitRangeSchema,
  nameProblem: dnsSubdomainProblem,
  isCreatedByUpdate: true,
  applyDefaults: (sent) => {
    const range = canonicalForm(sent, limitRangeSchema);
    return { ...range, spec: { ...range.spec, limits: range.spec.limits.map(withDefaults) } };
  },
  validate: limitRangeErrors,
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  row: (range) => [nameOf(range), createdAtOf(range)],
};

/** A maximum is the default of a limit, and that of a request; and so is a minimum. */
function withDefaults(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== "Container") return item;
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limits).length === 0 ? {} : { default: limits }),
    ...(Object.keys(requests).length === 0 ? {} : { defaultRequest: requests }),
  };
}
