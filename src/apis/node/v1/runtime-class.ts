/** Runtime classes: which handler of a node's runtime runs a pod, and what that costs. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { resourceRequirementErrors } from "../../core/v1/resource-validation.ts";
import { tolerationErrors } from "../../core/v1/scheduling-validation.ts";
import type { Toleration } from "../../core/v1/types.generated.ts";
import { duplicate, errorIf, fromProblem, required } from "../../field-errors.ts";
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
  validate: runtimeClassErrors,
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
    ...handlerErrors(handler),
    ...resourceRequirementErrors("overhead", limits === undefined ? {} : { limits }),
    ...labelErrors("scheduling.nodeSelector", scheduling?.nodeSelector),
    ...tolerationErrors("scheduling.tolerations", scheduling?.tolerations),
    ...repeatedErrors("scheduling.tolerations", scheduling?.tolerations ?? []),
  ];
}

function handlerErrors(handler: string): readonly FieldError[] {
  if (handler === "") return [required("handler")];
  return fromProblem("handler", handler, dnsLabelProblem(handler));
}

/** Two tolerations that differ in how long at most are the same one. */
function repeatedErrors(field: string, tolerations: readonly Toleration[]): readonly FieldError[] {
  const seen = new Set<string>();
  return tolerations.flatMap((toleration, index) => {
    const { key = "", operator = "", value = "", effect = "" } = toleration;
    const { tolerationSeconds: seconds = null } = toleration;
    const meaning = JSON.stringify([key, operator, value, effect]);
    const isKnown = seen.has(meaning);
    seen.add(meaning);
    // Printed as the struct it is upstream, whose fields have capital letters.
    const printed = { Key: key, Operator: operator, Value: value, Effect: effect };
    return errorIf(
      isKnown,
      duplicate(`${field}[${index}]`, { ...printed, TolerationSeconds: seconds }),
    );
  });
}
