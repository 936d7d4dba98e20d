/** API services: which server answers for a group and version. */
import { apiTime } from "../../../machinery/api-time.ts";
import { findCondition } from "../../../machinery/conditions.ts";
import {
  dns1035LabelProblem,
  dnsSubdomainProblem,
  pathSegmentProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, fromProblem, invalid, required, unsupported } from "../../field-errors.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { apiServiceSchema } from "./schema.generated.ts";
import type { APIService, APIServiceSpec, APIServiceStatus } from "./types.generated.ts";

const GROUP_PRIORITY_MAX = 20_000;
const VERSION_PRIORITY_MAX = 1000;
const HTTPS_PORT = 443;
const STATES: readonly string[] = ["True", "False", "Unknown"];

export const apiServiceStrategy: Strategy<APIService> = {
  ...ORDINARY,
  names: {
    group: "apiregistration.k8s.io",
    version: "v1",
    kind: "APIService",
    plural: "apiservices",
    singular: "apiservice",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: apiServiceSchema,
  nameProblem: pathSegmentProblem,
  isUpdatedUnconditionally: false,
  applyDefaults: (service) => withDefaults(canonicalForm(service, apiServiceSchema)),
  prepareForCreate: (service, { nowMs }) => ({
    ...service,
    status: service.spec.service === undefined ? localStatus(nowMs) : {},
  }),
  prepareForUpdate: keepStatus,
  validate: apiServiceErrors,
  status: strictStatusPart((next) =>
    (next.status.conditions ?? []).flatMap(({ status }, index) =>
      errorIf(
        !STATES.includes(status),
        unsupported(`status.conditions[${index}].status`, status, STATES),
      ),
    ),
  ),
  columns: [
    NAME_COLUMN,
    column("Service", "The service that answers; Local for this server itself."),
    column("Available", "Whether it answers."),
    AGE_COLUMN,
  ],
  row: (service, nowMs) => [
    nameOf(service),
    serviceText(service.spec),
    availableText(service.status),
    ageOf(service, nowMs),
  ],
};

function withDefaults(object: APIService): APIService {
  const { service } = object.spec;
  if (service === undefined) return object;
  const spec = { ...object.spec, service: { ...service, port: service.port ?? HTTPS_PORT } };
  return { ...object, spec };
}

/** This server answers for itself from the first moment. */
function localStatus(nowMs: number): APIServiceStatus {
  return {
    conditions: [
      {
        type: "Available",
        status: "True",
        lastTransitionTime: apiTime(nowMs),
        reason: "Local",
        message: "Local APIServices are always available",
      },
    ],
  };
}

function apiServiceErrors({ metadata, spec }: APIService): readonly FieldError[] {
  const { group = "", version = "" } = spec;
  const wanted = `${version}.${group}`;
  const misnamed = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
  const coreGroup = "only v1 may have an empty group and it better be legacy kube";
  return [
    ...errorIf(metadata.name !== wanted, invalid("metadata.name", metadata.name, misnamed)),
    ...errorIf(group === "" && version !== "v1", required("spec.group", coreGroup)),
    ...(group === "" ? [] : fromProblem("spec.group", group, dnsSubdomainProblem(group))),
    ...fromProblem("spec.version", version, dns1035LabelProblem(version)),
    ...priorityErrors("spec.groupPriorityMinimum", spec.groupPriorityMinimum, GROUP_PRIORITY_MAX),
    ...priorityErrors("spec.versionPriority", spec.versionPriority, VERSION_PRIORITY_MAX),
    ...(spec.service === undefined ? localErrors(spec) : remoteErrors(spec)),
  ];
}

function priorityErrors(field: string, priority: number, max: number): readonly FieldError[] {
  const isFine = priority > 0 && priority <= max;
  return errorIf(!isFine, invalid(field, priority, `must be positive and less than ${max}`));
}

function localErrors(spec: APIServiceSpec): readonly FieldError[] {
  const { caBundle = "", insecureSkipTLSVerify = false } = spec;
  const bytes = Buffer.from(caBundle, "base64").length;
  const bundle = "local APIServices may not have a caBundle";
  const skip = "local APIServices may not have insecureSkipTLSVerify";
  return [
    ...errorIf(bytes > 0, invalid("spec.caBundle", `${bytes} bytes`, bundle)),
    ...errorIf(insecureSkipTLSVerify, invalid("spec.insecureSkipTLSVerify", true, skip)),
  ];
}

function remoteErrors(spec: APIServiceSpec): readonly FieldError[] {
  const { service, caBundle = "", insecureSkipTLSVerify = false } = spec;
  const { namespace = "", name = "", port = HTTPS_PORT } = service ?? {};
  const isUnreachable = port < 1 || port > 65_535;
  const range = "port is not valid: must be between 1 and 65535, inclusive";
  const both = "may not be true if caBundle is present";
  return [
    ...errorIf(namespace === "", required("spec.service.namespace")),
    ...errorIf(name === "", required("spec.service.name")),
    ...errorIf(isUnreachable, invalid("spec.service.port", port, range)),
    ...errorIf(
      insecureSkipTLSVerify && caBundle !== "",
      invalid("spec.insecureSkipTLSVerify", true, both),
    ),
  ];
}

function serviceText({ service }: APIServiceSpec): string {
  return service === undefined ? "Local" : `${service.namespace ?? ""}/${service.name ?? ""}`;
}

function availableText({ conditions = [] }: APIServiceStatus): string {
  const condition = findCondition(conditions, "Available");
  if (condition === undefined) return "Unknown";
  const { status, reason = "" } = condition;
  return status === "True" || reason === "" ? status : `${status} (${reason})`;
}
