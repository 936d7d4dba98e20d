/** What a pod asks for as a whole, which covers what its containers ask for. */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityText,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, unsupported } from "../../field-errors.ts";
import { isHugePages } from "./resource-names.ts";
import { resourceAmountErrors, type ResourceList } from "./resource-validation.ts";
import type { PodSpec } from "./types.generated.ts";

const NAMES: readonly string[] = ["cpu", "hugepages-", "memory"];

/** What is wrong with it; nothing asked for is fine. */
export function podResourceErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  return [
    ...amountErrors(`${field}.limits`, limits),
    ...amountErrors(`${field}.requests`, requests),
    ...Object.entries(requests).flatMap(([name, request]) => [
      ...sumErrors(`${field}.requests[${name}]`, name, request, spec),
      ...limitErrors(`${field}.requests`, name, request, limits),
    ]),
    ...Object.entries(limits).flatMap(([name, limit]) =>
      spec.containers.flatMap((container, index) =>
        containerLimitErrors(
          `${field.slice(0, -".resources".length)}.containers[${index}].resources.limits[${name}]`,
          amountIn(container.resources?.limits, name),
          limit,
          name,
        ),
      ),
    ),
  ];
}

function amountErrors(field: string, amounts: ResourceList): readonly FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const isKnown = name === "cpu" || name === "memory" || isHugePages(name);
    return [
      ...errorIf(!isKnown, unsupported(`${field}[${name}]`, name, NAMES)),
      ...resourceAmountErrors(`${field}[${name}]`, name, amount),
    ];
  });
}

function sumErrors(
  field: string,
  name: string,
  request: string,
  spec: PodSpec,
): readonly FieldError[] {
  const asked = spec.containers.flatMap(
    (container) => quantityIn(container.resources?.requests, name) ?? [],
  );
  const [first, ...rest] = asked;
  const own = parseQuantity(request);
  if (first === undefined || own === undefined) return [];
  const sum = rest.reduce(addQuantities, first);
  if (compareQuantities(own, sum) >= 0) return [];
  const total = quantityText(sum);
  const detail = `must be greater than or equal to aggregate container requests of ${total}`;
  return [invalid(field, request, detail)];
}

function limitErrors(
  field: string,
  name: string,
  request: string,
  limits: ResourceList,
): readonly FieldError[] {
  const [asked, limit] = [parseQuantity(request), quantityIn(limits, name)];
  if (asked === undefined || limit === undefined || compareQuantities(asked, limit) <= 0) return [];
  const detail = `must be less than or equal to ${name} limit of ${amountIn(limits, name) ?? ""}`;
  return [invalid(field, request, detail)];
}

function containerLimitErrors(
  field: string,
  limit: string | undefined,
  podLimit: string,
  name: string,
): readonly FieldError[] {
  if (limit === undefined) return [];
  const [own, whole] = [parseQuantity(limit), parseQuantity(podLimit)];
  if (own === undefined || whole === undefined || compareQuantities(own, whole) <= 0) return [];
  const detail = `must be less than or equal to pod limits of ${podLimit}`;
  return [invalid(field, limit, name === "" ? "" : detail)];
}

function amountIn(list: ResourceList | undefined, name: string): string | undefined {
  return list !== undefined && Object.hasOwn(list, name) ? list[name] : undefined;
}

function quantityIn(list: ResourceList | undefined, name: string): Quantity | undefined {
  const amount = amountIn(list, name);
  return amount === undefined ? undefined : parseQuantity(amount);
}
