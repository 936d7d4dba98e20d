/** What claims and templates of claims ask for: devices, by class and expression. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, noneOrOneOf, required } from "../../field-errors.ts";
import { driverNameErrors } from "../../storage/v1/parameter-validation.ts";
import { listErrors, setErrors } from "./collections.ts";
import { selectorErrors } from "./device-selector.ts";
import { fullyQualifiedErrors, opaqueErrors, shortNameErrors } from "./name-validation.ts";
import { deviceTolerationErrors, withTolerationDefaults } from "./taint-validation.ts";
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  ExactDeviceRequest,
  OpaqueDeviceConfiguration,
  ResourceClaimSpec,
} from "./types.generated.ts";

/** Requests, constraints and configurations of a claim, of each. */
export const CLAIM_PARTS_MAX = 32;
const SUBREQUESTS_MAX = 8;
const PARAMETER_BYTES_MAX = 10 * 1024;
const MODES: readonly string[] = ["All", "ExactCount"];
const NAME_FORM =
  "must be the name of a request in the claim or the name of a request and a subrequest " +
  "separated by '/'";

export function withClaimDefaults(spec: ResourceClaimSpec): ResourceClaimSpec {
  const { devices = {} } = spec;
  const requests = devices.requests?.map(withRequestDefaults); // null where there are none
  return { ...spec, devices: { ...devices, ...(requests === undefined ? {} : { requests }) } };
}

/** What is wrong with a claim that has its defaults. */
export function claimErrors(path: string, claim: DeviceClaim): readonly FieldError[] {
  const { requests, constraints, config } = claim;
  const names = requestNames(claim);
  return [
    ...setErrors(`${path}.requests`, requests, CLAIM_PARTS_MAX, requestErrors, ({ name }) => name),
    ...listErrors(`${path}.constraints`, constraints, CLAIM_PARTS_MAX, (field, constraint) =>
      constraintErrors(field, constraint, names),
    ),
    ...listErrors(`${path}.config`, config, CLAIM_PARTS_MAX, (field, each) => [
      ...requestRefsErrors(`${field}.requests`, each.requests, names),
      ...opaqueConfigErrors(`${field}.opaque`, each.opaque),
    ]),
  ];
}

/** Names by which parts of a claim can be meant: `request` and `request/subrequest`. */
export function requestNames(claim: DeviceClaim): ReadonlySet<string> {
  const names = (claim.requests ?? []).flatMap(({ name, firstAvailable = [] }) => [
    name,
    ...firstAvailable.map((each) => `${name}/${each.name}`),
  ]);
  return new Set(names);
}

/** What is wrong with names that mean requests. */
export function requestRefErrors(
  field: string,
  name: string,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const segments = name.split("/");
  if (segments.length > 2) return [invalid(field, name, NAME_FORM)];
  return [
    ...segments.flatMap((segment) => shortNameErrors(field, segment)),
    ...errorIf(!names.has(name), invalid(field, name, NAME_FORM)),
  ];
}

export function requestRefsErrors(
  field: string,
  refs: readonly string[] | undefined,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const refErrors = (path: string, name: string): readonly FieldError[] =>
    requestRefErrors(path, name, names);
  return setErrors(field, refs, CLAIM_PARTS_MAX, refErrors, (name) => name);
}

/** What is wrong with a configuration that only a driver can read. */
export function opaqueConfigErrors(
  path: string,
  opaque: OpaqueDeviceConfiguration | undefined,
): readonly FieldError[] {
  if (opaque === undefined) return [required(path)];
  return [
    ...driverNameErrors(`${path}.driver`, opaque.driver),
    ...opaqueErrors(`${path}.parameters`, opaque.parameters, PARAMETER_BYTES_MAX),
  ];
}

function withRequestDefaults(request: DeviceRequest): DeviceRequest {
  const { exactly, firstAvailable } = request;
  return {
    ...request,
    ...(exactly === undefined ? {} : { exactly: withCountDefaults(exactly) }),
    ...(firstAvailable === undefined
      ? {}
      : { firstAvailable: firstAvailable.map(withCountDefaults) }),
  };
}

function withCountDefaults<Request extends ExactDeviceRequest>(request: Request): Request {
  const { tolerations } = request;
  const allocationMode = request.allocationMode || "ExactCount";
  return {
    ...request,
    allocationMode,
    ...(allocationMode === "ExactCount" ? { count: request.count || 1 } : {}),
    ...(tolerations === undefined ? {} : { tolerations: tolerations.map(withTolerationDefaults) }),
  };
}

function requestErrors(path: string, request: DeviceRequest): readonly FieldError[] {
  const { name, exactly, firstAvailable = [] } = request;
  const named = shortNameErrors(`${path}.name`, name);
  const rule = "exactly one of `exactly` or `firstAvailable` is required";
  if (exactly === undefined && firstAvailable.length === 0) return [...named, required(path, rule)];
  if (exactly !== undefined && firstAvailable.length > 0) {
    return [...named, invalid(path, null, `${rule}, but multiple fields are set`)];
  }
  if (exactly !== undefined) return [...named, ...exactErrors(`${path}.exactly`, exactly)];
  const field = `${path}.firstAvailable`;
  return [
    ...named,
    ...setErrors(
      field,
      firstAvailable,
      SUBREQUESTS_MAX,
      (each, sub) => [...shortNameErrors(`${each}.name`, sub.name), ...exactErrors(each, sub)],
      (sub) => sub.name,
    ),
  ];
}

function exactErrors(path: string, request: ExactDeviceRequest): readonly FieldError[] {
  const { deviceClassName, selectors, tolerations } = request;
  const field = `${path}.deviceClassName`;
  return [
    ...(deviceClassName === ""
      ? [required(field)]
      : fromProblem(field, deviceClassName, dnsSubdomainProblem(deviceClassName))),
    ...selectorErrors(`${path}.selectors`, selectors),
    ...countErrors(path, request),
    ...(tolerations ?? []).flatMap((toleration, index) =>
      deviceTolerationErrors(`${path}.tolerations[${index}]`, toleration),
    ),
  ];
}

function countErrors(path: string, request: ExactDeviceRequest): readonly FieldError[] {
  const { allocationMode: mode = "", count = 0 } = request;
  const field = `${path}.count`;
  switch (mode) {
    case "All": {
      const detail = `must not be specified when allocationMode is '${mode}'`;
      return errorIf(count !== 0, invalid(field, count, detail));
    }
    case "ExactCount":
      return errorIf(count <= 0, invalid(field, count, "must be greater than zero"));
    default:
      return noneOrOneOf(`${path}.allocationMode`, mode, MODES);
  }
}

function constraintErrors(
  path: string,
  constraint: DeviceConstraint,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const { requests, matchAttribute, distinctAttribute } = constraint;
  const neither =
    'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
  return [
    ...requestRefsErrors(`${path}.requests`, requests, names),
    ...(matchAttribute !== undefined
      ? fullyQualifiedErrors(`${path}.matchAttribute`, matchAttribute)
      : distinctAttribute !== undefined
        ? fullyQualifiedErrors(`${path}.distinctAttribute`, distinctAttribute)
        : [required(path, neither)]),
  ];
}
