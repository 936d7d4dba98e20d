/** Requests, limits and capacities: names of resources and amounts of them. */
import { compareText } from "../../../machinery/key.ts";
import { dnsLabelProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import {
  compareQuantities,
  milliValue,
  parseQuantity,
  value as wholeValue,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  invalid,
  notFound,
  required,
} from "../../field-errors.ts";
import {
  isExtended,
  isHugePages,
  isNative,
  isOfContainers,
  isOvercommitted,
  isStandard,
  isWhole,
} from "./resource-names.ts";
import type { ResourceClaim, ResourceRequirements } from "./types.generated.ts";

export { isOvercommitted } from "./resource-names.ts";

export type NameErrors = (field: string, name: string) => readonly FieldError[];

/** Amounts by name of the resource. */
export type ResourceList = Readonly<Record<string, string>>;

/**
 * What is wrong with what a container asks for; `claims`: names of the pod's resource claims;
 * `nameErrors`: what is wrong with the name of a resource there.
 */
export function resourceRequirementErrors(
  field: string,
  resources: ResourceRequirements | undefined,
  claims: ReadonlySet<string> = new Set(),
  nameErrors: NameErrors = containerResourceNameErrors,
): readonly FieldError[] {
  const { limits = {}, requests = {} } = resources ?? {};
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => [
      ...nameErrors(`${field}.limits[${name}]`, name),
      ...resourceAmountErrors(`${field}.limits[${name}]`, name, amount),
      ...pageErrors(`${field}.limits[${name}]`, name, amount),
    ]),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...nameErrors(`${field}.requests[${name}]`, name),
      ...resourceAmountErrors(`${field}.requests[${name}]`, name, amount),
      ...requestErrors(field, name, amount, limitOf(limits, name)),
      ...pageErrors(`${field}.requests[${name}]`, name, amount),
    ]),
    ...hugePagesAloneErrors(field, { ...limits, ...requests }),
    ...claimErrors(`${field}.claims`, resources?.claims, claims),
  ];
}

/** An amount of something: not negative, and whole where parts make no sense. */
export function resourceAmountErrors(
  field: string,
  name: string,
  amount: string,
): readonly FieldError[] {
  const quantity = parseQuantity(amount);
  if (quantity === undefined) return [invalid(field, amount, "must be a quantity")];
  const milli = milliValue(quantity);
  const isPart = isWhole(name) && milli % 1000n !== 0n;
  return [
    ...(milli < 0n ? [invalid(field, amount, "must be greater than or equal to 0")] : []),
    ...(isPart ? [invalid(field, amount, "must be an integer")] : []),
  ];
}

/** An amount of storage as volumes tell it: not negative, shown in whole units. */
export function plainAmountErrors(field: string, amount: string): readonly FieldError[] {
  const quantity = parseQuantity(amount);
  if (quantity === undefined || quantity.nano >= 0n) return [];
  const units = Number((quantity.nano - 999_999_999n) / 1_000_000_000n);
  return [invalid(field, units, "must be a valid resource quantity")];
}

/** An amount of more than nothing. */
export function positiveAmountErrors(field: string, amount: string): readonly FieldError[] {
  const quantity = parseQuantity(amount);
  if (quantity !== undefined && quantity.nano > 0n) return [];
  return [invalid(field, amount, "must be greater than zero")];
}

/** A resource that Kubernetes knows, or one with a domain. */
export function resourceNameErrors(field: string, name: string): readonly FieldError[] {
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined) return fromProblem(field, name, problem);
  if (name.includes("/") || isStandard(name)) return [];
  return [invalid(field, name, "must be a standard resource type or fully qualified")];
}

/** A resource that containers can ask for. */
export function containerResourceNameErrors(field: string, name: string): readonly FieldError[] {
  return [...resourceNameErrors(field, name), ...containerNameErrors(field, name)];
}

function containerNameErrors(field: string, name: string): readonly FieldError[] {
  if (!name.includes("/")) {
    if (isOfContainers(name)) return [];
    return [invalid(field, name, "must be a standard resource for containers")];
  }
  if (isNative(name) || isExtended(name)) return [];
  return [invalid(field, name, "doesn't follow extended resource name standard")];
}

/** Huge pages come whole: their size is in their name. */
function pageErrors(field: string, name: string, amount: string): readonly FieldError[] {
  if (!isHugePages(name)) return [];
  const page = parseQuantity(name.slice(name.indexOf("-") + 1));
  const quantity = parseQuantity(amount);
  const isDivisible =
    page !== undefined &&
    quantity !== undefined &&
    wholeValue(page) > 0n &&
    wholeValue(quantity) % wholeValue(page) === 0n;
  if (isDivisible) return [];
  return [invalid(field, amount, `${amount} is not positive integer multiple of ${name}`)];
}

function requestErrors(
  field: string,
  name: string,
  request: string,
  limit: string | undefined,
): readonly FieldError[] {
  if (limit === undefined) {
    const detail = "Limit must be set for non overcommitable resources";
    return isOvercommitted(name) ? [] : [required(`${field}.limits`, detail)];
  }
  const [requested, limited] = [parseQuantity(request), parseQuantity(limit)];
  if (requested === undefined || limited === undefined) return []; // said where they stand
  const order = compareQuantities(requested, limited);
  if (order !== 0 && !isOvercommitted(name)) {
    const detail = `must be equal to ${name} limit of ${limit}`;
    return [invalid(`${field}.requests`, request, detail)];
  }
  if (order <= 0) return [];
  const detail = `must be less than or equal to ${name} limit of ${limit}`;
  return [invalid(`${field}.requests`, request, detail)];
}

function hugePagesAloneErrors(field: string, amounts: ResourceList): readonly FieldError[] {
  const names = Object.keys(amounts);
  if (!names.some(isHugePages) || names.includes("cpu") || names.includes("memory")) return [];
  return [forbidden(field, "HugePages require cpu or memory")];
}

function claimErrors(
  field: string,
  claims: readonly ResourceClaim[] | undefined,
  known: ReadonlySet<string>,
): readonly FieldError[] {
  const seen = new Set<string>();
  return (claims ?? []).flatMap((claim, index) => {
    const path = `${field}[${index}]`;
    const { name } = claim;
    if (name === "") return [required(path)];
    const all = [...known].sort(compareText).join(", ");
    const detail = `must be one of the names in pod.spec.resourceClaims${
      all === "" ? " which is empty" : `: ${all}`
    }`;
    return [
      ...repeatErrors(path, claim, seen),
      ...(known.has(name) ? [] : [{ ...notFound(path, name), detail }]),
    ];
  });
}

/** A claim is used as a whole, or by some of its requests, each once. */
function repeatErrors(
  path: string,
  { name, request = "" }: ResourceClaim,
  seen: Set<string>,
): readonly FieldError[] {
  if (seen.has(name)) return [duplicate(path, name)];
  const key = request === "" ? name : `${name}/${request}`;
  const parts = request === "" ? [...seen].filter((other) => other.startsWith(`${name}/`)) : [];
  const isTaken = seen.has(key);
  seen.add(key);
  return [
    ...(request === "" ? [] : fromProblem(`${path}.request`, request, dnsLabelProblem(request))),
    ...(isTaken ? [duplicate(path, key)] : parts.map(() => duplicate(path, name))),
  ];
}

function limitOf(limits: ResourceList, name: string): string | undefined {
  return Object.hasOwn(limits, name) ? limits[name] : undefined;
}
