/** Requests, limits and capacities: names of resources and amounts of them. */
import { qualifiedNameProblem } from "../../../machinery/names.ts";
import { compareQuantities, milliValue, parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid, required } from "../../field-errors.ts";
import type { ResourceRequirements } from "./types.generated.ts";

/** Amounts by name of the resource. */
export type ResourceList = Readonly<Record<string, string>>;

const CONTAINER_RESOURCES: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const STANDARD_RESOURCES: ReadonlySet<string> = new Set([
  ...CONTAINER_RESOURCES,
  "configmaps",
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
  "requests.storage",
  "resourcequotas",
  "secrets",
  "services",
  "services.loadbalancers",
  "services.nodeports",
  "storage",
]);
const HUGE_PAGES = "hugepages-";
const NATIVE_DOMAIN = "kubernetes.io/";

/** What is wrong with what a container asks for. */
export function resourceRequirementErrors(
  field: string,
  resources: ResourceRequirements | undefined,
): readonly FieldError[] {
  const limits = resources?.limits ?? {};
  const requests = resources?.requests ?? {};
  return [
    ...Object.entries(limits).flatMap(([name, amount]) =>
      containerResourceErrors(`${field}.limits[${name}]`, name, amount),
    ),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...containerResourceErrors(`${field}.requests[${name}]`, name, amount),
      ...requestErrors(field, name, amount, Object.hasOwn(limits, name) ? limits[name] : undefined),
    ]),
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
  if (milli < 0n) return [invalid(field, amount, "must be greater than or equal to 0")];
  const isWhole = milli % 1000n === 0n;
  return isOvercommitted(name) || isWhole ? [] : [invalid(field, amount, "must be an integer")];
}

/** Whether more of a resource may be promised than there is: true of all that Kubernetes names. */
function isOvercommitted(name: string): boolean {
  return isNative(name) && !name.startsWith(HUGE_PAGES);
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes(NATIVE_DOMAIN);
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

function containerResourceErrors(
  field: string,
  name: string,
  amount: string,
): readonly FieldError[] {
  return [
    ...resourceNameErrors(field, name),
    ...containerNameErrors(field, name),
    ...resourceAmountErrors(field, name, amount),
  ];
}

function resourceNameErrors(field: string, name: string): readonly FieldError[] {
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined) return fromProblem(field, name, problem);
  const isStandard =
    name.includes("/") || STANDARD_RESOURCES.has(name) || name.startsWith(HUGE_PAGES);
  const detail = "must be a standard resource type or fully qualified";
  return isStandard ? [] : [invalid(field, name, detail)];
}

function containerNameErrors(field: string, name: string): readonly FieldError[] {
  if (!name.includes("/")) {
    const isKnown = CONTAINER_RESOURCES.has(name) || name.startsWith(HUGE_PAGES);
    return isKnown ? [] : [invalid(field, name, "must be a standard resource for containers")];
  }
  if (isNative(name)) return [];
  const isExtended = !name.startsWith("requests.") && qualifiedNameProblem(name) === undefined;
  const detail = "doesn't follow extended resource name standard";
  return isExtended ? [] : [invalid(field, name, detail)];
}
