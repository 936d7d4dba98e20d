/** Runtime classes: which handler of a node's runtime runs a pod, and what that costs. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { resourceRequirementErrors } from "../../core/v1/resource-validation.ts";
import { tolerationErrors } from "../../core/v1/scheduling-validation.ts";
import { fromProblem } from "../../field-errors.ts";
import { labelErrors } from "../../meta/v1/label-validation.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { runtimeClassSchema } from "./schema.generated.ts";
import type { RuntimeClass } from "./types.generated.ts";

export const runtimeClassStrategy: Strategy<RuntimeClass> = {
  ...ORDINARY,
  names: {
    group: "node.k8s.io",
    version: "v1",
    kind: "RuntimeClass",
    plural: "runtimeclasses",
    singular: "runtimeclass",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: runtimeClassSchema,
  nameProblem: dnsSubdomainProblem,
  isCreatedByUpdate: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (runtimeClass) => canonicalForm(runtimeClass, runtimeClassSchema),
  validate: (runtimeClass, old) => (old === undefined ? runtimeClassErrors(runtimeClass) : []),
  validateUpdate: (next, old) => immutableErrors("handler", next.handler, old.handler),
  columns: [NAME_COLUMN, column("Handler", "How the runtime calls it."), AGE_COLUMN],
  row: (runtimeClass, nowMs) => [
    nameOf(runtimeClass),
    runtimeClass.handler,
    ageOf(runtimeClass, nowMs),
  ],
};

function runtimeClassErrors(runtimeClass: RuntimeClass): readonly FieldError[] {
  const { handler, overhead, scheduling } = runtimeClass;
  const limits = overhead?.podFixed;
  return [
    ...fromProblem("handler", handler, dnsLabelProblem(handler)),
    ...resourceRequirementErrors("overhead", limits === undefined ? {} : { limits }),
    ...labelErrors("scheduling.nodeSelector", scheduling?.nodeSelector),
    ...tolerationErrors("scheduling.tolerations", scheduling?.tolerations),
  ];
}
