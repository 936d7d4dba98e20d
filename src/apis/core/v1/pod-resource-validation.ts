/** What a pod asks for as a whole, which covers what its containers ask for. */
import {
  compareQuantities,
  parseQuantity,
  quantityText,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid, unsupported } from "../../field-errors.ts";
import { containerAmounts } from "./quota/amounts.ts";
import { isHugePages } from "./resource-names.ts";
import {
  resourceNameErrors,
  resourceRequirementErrors,
  type ResourceList,
} from "./resource-validation.ts";
import type { PodSpec } from "./types.generated.ts";

const NAMES: readonly string[] = ["cpu", "hugepages-", "memory"];

/** What is wrong with it; nothing asked for is fine. `claims`: names of the pod's claims. */
export function podResourceErrors(
  field: string,
  spec: PodSpec,
  claims: ReadonlySet<string>,
): readonly FieldError[] {
  const { resources } = spec;
  if (resources === undefined) return [];
  if (spec.os?.name === "windows") return [forbidden(field, "may not be set for a windows pod")];
  const { limits = {}, requests = {} } = resources;
  const claimed = "claims may not be set for Resources at pod-level";
  return [
    ...errorIf(resources.claims !== undefined, forbidden(`${field}.claims`, claimed)),
    ...resourceRequirementErrors(field, resources, claims, podNameErrors),
    ...requestSumErrors(`${field}.requests`, requests, spec),
    ...limitSumErrors(`${field}.limits`, limits, spec),
    ...containerLimitErrors(`${field}.containers`, limits, spec),
  ];
}

function podNameErrors(field: string, name: string): readonly FieldError[] {
  const isKnown = name === "cpu" || name === "memory" || isHugePages(name);
  return [
    ...resourceNameErrors(field, name),
    ...errorIf(!isKnown, unsupported(field, name, NAMES)),
  ];
}

function requestSumErrors(
  field: string,
  requests: ResourceList,
  spec: PodSpec,
): readonly FieldError[] {
  return [...containerAmounts(spec, "requests")].flatMap(([name, sum]) => {
    const total = quantityText(sum);
    const detail = `must be greater than or equal to aggregate container requests of ${total}`;
    const isLess = isLessThan(quantityIn(requests, name), sum);
    return errorIf(isLess, invalid(`${field}[${name}]`, amountIn(requests, name), detail));
  });
}

/** Only of huge pages the containers cannot share a limit that is less than their own together. */
function limitSumErrors(field: string, limits: ResourceList, spec: PodSpec): readonly FieldError[] {
  return [...containerAmounts(spec, "limits")].flatMap(([name, sum]) => {
    const total = quantityText(sum);
    const detail = `must be greater than or equal to aggregate container limits of ${total}`;
    const isLess = isHugePages(name) && isLessThan(quantityIn(limits, name), sum);
    return errorIf(isLess, invalid(`${field}[${name}]`, amountIn(limits, name), detail));
  });
}

function containerLimitErrors(
  field: string,
  limits: ResourceList,
  spec: PodSpec,
): readonly FieldError[] {
  return spec.containers.flatMap(({ resources }, index) =>
    Object.entries(resources?.limits ?? {}).flatMap(([name, own]) => {
      const limit = parseQuantity(own);
      const isMore = limit !== undefined && isLessThan(quantityIn(limits, name), limit);
      const detail = `must be less than or equal to pod limits of ${amountIn(limits, name) ?? ""}`;
      return errorIf(isMore, invalid(`${field}[${index}][${name}].limits`, own, detail));
    }),
  );
}

function isLessThan(amount: Quantity | undefined, other: Quantity): boolean {
  return amount !== undefined && compareQuantities(amount, other) < 0;
}

function amountIn(list: ResourceList | undefined, name: string): string | undefined {
  return list !== undefined && Object.hasOwn(list, name) ? list[name] : undefined;
}

function quantityIn(list: ResourceList | undefined, name: string): Quantity | undefined {
  const amount = amountIn(list, name);
  return amount === undefined ? undefined : parseQuantity(amount);
}
