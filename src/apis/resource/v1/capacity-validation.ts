/** Capacities of devices, and how much of one a request may ask for. */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityText,
  ZERO_QUANTITY,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid, required } from "../../field-errors.ts";
import { setErrors } from "./collections.ts";
import type {
  CapacityRequestPolicy,
  CapacityRequestPolicyRange,
  DeviceCapacity,
} from "./types.generated.ts";

const OPTIONS_MAX = 10;
const BOTH =
  'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the ' +
  "same time";

/** What is wrong with a capacity; only one that is shared can be asked for in parts. */
export function capacityErrors(
  path: string,
  { value, requestPolicy: policy }: DeviceCapacity,
  isShared: boolean,
): readonly FieldError[] {
  if (policy === undefined) return [];
  const field = `${path}.requestPolicy`;
  if (!isShared) return [forbidden(field, "allowMultipleAllocations must be true")];
  return policyErrors(field, policy, quantityOf(value));
}

function policyErrors(
  path: string,
  policy: CapacityRequestPolicy,
  capacity: Quantity,
): readonly FieldError[] {
  const { default: preset, validValues = [], validRange } = policy;
  const field = `${path}.default`;
  if (validValues.length > 0 && validRange !== undefined) return [forbidden(path, BOTH)];
  if (validValues.length > 0) {
    if (preset === undefined) return [required(field, "required when validValues is defined")];
    return valuesErrors(`${path}.validValues`, validValues, quantityOf(preset), capacity);
  }
  if (validRange === undefined) return [];
  if (preset === undefined) return [required(field, "required when validRange is defined")];
  return rangeErrors(`${path}.validRange`, validRange, quantityOf(preset), capacity);
}

function valuesErrors(
  field: string,
  texts: readonly string[],
  preset: Quantity,
  capacity: Quantity,
): readonly FieldError[] {
  const values = texts.map(quantityOf);
  const isListed = values.some((value) => compareQuantities(value, preset) === 0);
  const unsorted = "values must be sorted in ascending order";
  const tooLarge = `option is larger than capacity value: ${quantityText(capacity)}`;
  const unlisted = "default value is not valid according to the requestPolicy";
  return [
    ...values.flatMap((value, index) => {
      const before = values[index - 1];
      const isLess = before !== undefined && compareQuantities(before, value) > 0;
      return errorIf(isLess, invalid(`${field}[${index}]`, texts[index], unsorted));
    }),
    ...setErrors(
      field,
      texts,
      OPTIONS_MAX,
      (path, text) =>
        errorIf(compareQuantities(quantityOf(text), capacity) > 0, invalid(path, text, tooLarge)),
      (text) => String(quantityOf(text).nano),
    ),
    ...errorIf(!isListed, invalid(field, quantityText(preset), unlisted)),
  ];
}

function rangeErrors(
  path: string,
  range: CapacityRequestPolicyRange,
  preset: Quantity,
  capacity: Quantity,
): readonly FieldError[] {
  const { min: minText, max: maxText, step: stepText } = range;
  if (!minText) return [required(`${path}.min`, "required when validRange is defined")];
  const min = quantityOf(minText);
  const max = maxText === undefined ? undefined : quantityOf(maxText);
  const total = quantityText(capacity);
  const given = quantityText(preset);
  return [
    ...errorIf(
      compareQuantities(min, capacity) > 0,
      invalid(`${path}.min`, minText, `min is larger than capacity value: ${total}`),
    ),
    ...errorIf(
      compareQuantities(preset, min) < 0,
      invalid(`${path}.default`, given, `default is less than min: ${minText}`),
    ),
    ...(max === undefined ? [] : maxErrors(path, { min, max, preset, capacity })),
    ...(stepText === undefined
      ? []
      : stepErrors(`${path}.step`, quantityOf(stepText), { min, max, preset, capacity })),
  ];
}

type Bounds = {
  readonly min: Quantity;
  readonly max: Quantity | undefined;
  readonly preset: Quantity;
  readonly capacity: Quantity;
};

function maxErrors(
  path: string,
  bounds: Bounds & { readonly max: Quantity },
): readonly FieldError[] {
  const { min, max, preset, capacity } = bounds;
  const [minText, maxText] = [quantityText(min), quantityText(max)];
  return [
    ...errorIf(
      compareQuantities(min, max) > 0,
      invalid(`${path}.max`, minText, `min is larger than max: ${maxText}`),
    ),
    ...errorIf(
      compareQuantities(max, capacity) > 0,
      invalid(
        `${path}.max`,
        maxText,
        `max is larger than capacity value: ${quantityText(capacity)}`,
      ),
    ),
    ...errorIf(
      compareQuantities(preset, max) > 0,
      invalid(`${path}.default`, quantityText(preset), `default is more than max: ${maxText}`),
    ),
  ];
}

/** A step leads from the least to the default, and to the most. */
function stepErrors(field: string, step: Quantity, bounds: Bounds): readonly FieldError[] {
  const { min, max, preset, capacity } = bounds;
  const stepText = quantityText(step);
  if (compareQuantities(step, ZERO_QUANTITY) <= 0) {
    return [invalid(field, stepText, "must be greater than zero")];
  }
  const one = addQuantities(min, step);
  const total = quantityText(capacity);
  const tooLarge = `one step ${quantityText(one)} is larger than capacity value: ${total}`;
  const off = `value is not a multiple of a given step (${stepText}) from (${quantityText(min)})`;
  return [
    ...errorIf(compareQuantities(one, capacity) > 0, invalid(field, stepText, tooLarge)),
    ...[preset, ...(max === undefined ? [] : [max])].flatMap((value) =>
      errorIf((value.nano - min.nano) % step.nano !== 0n, invalid(field, quantityText(value), off)),
    ),
  ];
}

/** Quantities were read before; what could not be read is refused by its type. */
function quantityOf(text: string): Quantity {
  return parseQuantity(text) ?? ZERO_QUANTITY;
}
