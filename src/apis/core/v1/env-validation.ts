/** Environment variables of containers, and where they take their values from. */
import { dnsSubdomainProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import { parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid, notEmpty, required, unsupported } from "../../field-errors.ts";
import { configKeyProblem } from "./config-key.ts";
import { relativePathErrors } from "./path-validation.ts";
import type { EnvFromSource, EnvVar, EnvVarSource } from "./types.generated.ts";

const NAME = /^[ -<>-~]+$/; // printable ASCII but the equals sign

/** `list['key']`: one label or annotation. */
const ENTRY = /^(.+?)\['(.*)'\]$/s;

/** Fields of the pod that a variable may show. */
const ENV_FIELDS: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** Fields of the pod that a file may show. */
export const FILE_FIELDS: readonly string[] = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** All fields of a pod that have names outside of it. */
const POD_FIELDS: ReadonlySet<string> = new Set([
  ...ENV_FIELDS,
  ...FILE_FIELDS,
  "spec.host",
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

/** Amounts of a container that variables and files may show. */
const CONTAINER_AMOUNTS: readonly string[] = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

/** What is wrong with a container's variables. */
export function envErrors(
  field: string,
  variables: readonly EnvVar[] | undefined,
): readonly FieldError[] {
  return (variables ?? []).flatMap((variable, index) => {
    const path = `${field}[${index}]`;
    const nameErrors =
      variable.name === ""
        ? [required(`${path}.name`)]
        : fromProblem(`${path}.name`, variable.name, envNameProblem(variable.name));
    return [...nameErrors, ...valueFromErrors(`${path}.valueFrom`, variable)];
  });
}

/** What is wrong with the maps whose entries become variables. */
export function envFromErrors(
  field: string,
  sources: readonly EnvFromSource[] | undefined,
): readonly FieldError[] {
  return (sources ?? []).flatMap((source, index) => {
    const path = `${field}[${index}]`;
    const prefix = source.prefix ?? "";
    const named = (["configMapRef", "secretRef"] as const).filter((n) => source[n] !== undefined);
    return [
      ...(prefix === "" ? [] : fromProblem(`${path}.prefix`, prefix, envNameProblem(prefix))),
      ...named.flatMap((name) => referenceErrors(`${path}.${name}.name`, source[name]?.name)),
      ...exactlyOne(field, named.length, "`configMapRef` or `secretRef`"),
    ];
  });
}

/** A reference by name to an object beside the pod. */
export function referenceErrors(field: string, name: string | undefined): readonly FieldError[] {
  if (name === undefined || name === "") return [required(field)];
  return fromProblem(field, name, dnsSubdomainProblem(name, false));
}

/** A reference to a field of the pod, which must be one of `supported` or a label or annotation. */
export function fieldRefErrors(
  field: string,
  fieldRef: { readonly apiVersion?: string; readonly fieldPath: string },
  supported: readonly string[],
): readonly FieldError[] {
  const { apiVersion = "", fieldPath: path } = fieldRef;
  if (apiVersion === "") return [required(`${field}.apiVersion`)];
  if (path === "") return [required(`${field}.fieldPath`)];
  const refuse = (problem: string): readonly FieldError[] => [
    invalid(`${field}.fieldPath`, path, `error converting fieldPath: ${problem}`),
  ];
  if (apiVersion !== "v1") return refuse(`unsupported pod version: ${apiVersion}`);
  const [, list = "", key = ""] = ENTRY.exec(path) ?? [];
  switch (list) {
    case "":
      break;
    case "metadata.annotations":
      return fromProblem(field, key.toLowerCase(), qualifiedNameProblem(key.toLowerCase()));
    case "metadata.labels":
      return fromProblem(field, key, qualifiedNameProblem(key));
    default:
      return refuse(`field label does not support subscript: ${path}`);
  }
  if (!POD_FIELDS.has(path)) return refuse(`field label not supported: ${path}`);
  const known = path === "spec.host" ? "spec.nodeName" : path;
  return supported.includes(known) ? [] : [unsupported(`${field}.fieldPath`, known, supported)];
}

/** A reference to an amount of a container. */
export function resourceFieldErrors(
  field: string,
  reference: AmountReference,
  isContainerNamed: boolean,
): readonly FieldError[] {
  return [
    ...amountErrors(field, reference, isContainerNamed),
    ...divisorErrors(`${field}.divisor`, reference),
  ];
}

type AmountReference = {
  readonly containerName?: string;
  readonly resource: string;
  readonly divisor?: string;
};

function amountErrors(
  field: string,
  { containerName = "", resource }: AmountReference,
  isContainerNamed: boolean,
): readonly FieldError[] {
  if (isContainerNamed && containerName === "") return [required(`${field}.containerName`)];
  if (resource === "") return [required(`${field}.resource`)];
  const isKnown = CONTAINER_AMOUNTS.includes(resource) || HUGE_PAGES.test(resource);
  return isKnown ? [] : [unsupported(`${field}.resource`, resource, CONTAINER_AMOUNTS)];
}

const HUGE_PAGES = /^(limits|requests)\.hugepages-/;
const BYTE_AMOUNTS: ReadonlyMap<string, string> = new Map([
  ["memory", "memory"],
  ["ephemeral-storage", "local ephemeral storage"],
]);
const BYTE_DIVISORS =
  "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the";

/** Amounts are shown in one of a few units. */
function divisorErrors(field: string, reference: AmountReference): readonly FieldError[] {
  const { resource, divisor = "0" } = reference;
  const quantity = parseQuantity(divisor);
  if (quantity === undefined || quantity.nano === 0n) return [];
  const only = "only divisor's values";
  const isByteUnit = /^1(?:[kMGTPE]|[KMGTPE]i)?$/.test(divisor);
  const [, name = ""] = /^(?:limits|requests)\.(.*)$/.exec(resource) ?? [];
  if (name === "cpu") {
    if (divisor === "1m" || divisor === "1") return [];
    return [invalid(field, resource, `${only} 1m and 1 are supported with the cpu resource`)];
  }
  const kind = HUGE_PAGES.test(resource) ? "hugepages" : BYTE_AMOUNTS.get(name);
  if (kind === undefined || isByteUnit) return [];
  return [invalid(field, resource, `${only} ${BYTE_DIVISORS} ${kind} resource`)];
}

function envNameProblem(name: string): string | undefined {
  if (NAME.test(name)) return undefined;
  return (
    "a valid environment variable name must consist only of printable ASCII characters " +
    "other than '='"
  );
}

function valueFromErrors(field: string, variable: EnvVar): readonly FieldError[] {
  const source = variable.valueFrom;
  if (source === undefined) return [];
  const errors = sourceErrors(field, source);
  const count = Object.keys(source).length;
  if ((variable.value ?? "") !== "" && count > 0) {
    return [...errors, invalid(field, "", "may not be specified when `value` is not empty")];
  }
  const names = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
  return [...errors, ...exactlyOne(field, count, names)];
}

function exactlyOne(field: string, count: number, names: string): readonly FieldError[] {
  if (count === 1) return [];
  if (count === 0) return [invalid(field, "", `must specify one of: ${names}`)];
  return [invalid(field, "", "may not have more than one field specified at a time")];
}

function sourceErrors(field: string, source: EnvVarSource): readonly FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  return [
    ...(fieldRef === undefined ? [] : fieldRefErrors(`${field}.fieldRef`, fieldRef, ENV_FIELDS)),
    ...(resourceFieldRef === undefined
      ? []
      : resourceFieldErrors(`${field}.resourceFieldRef`, resourceFieldRef, false)),
    ...(configMapKeyRef === undefined
      ? []
      : keyRefErrors(`${field}.configMapKeyRef`, configMapKeyRef)),
    ...(secretKeyRef === undefined ? [] : keyRefErrors(`${field}.secretKeyRef`, secretKeyRef)),
    ...(fileKeyRef === undefined
      ? []
      : [
          ...notEmpty(`${field}.fileKeyRef.volumeName`, fileKeyRef.volumeName),
          ...notEmpty(`${field}.fileKeyRef.path`, fileKeyRef.path),
          ...relativePathErrors(`${field}.fileKeyRef.path`, fileKeyRef.path),
          ...notEmpty(`${field}.fileKeyRef.key`, fileKeyRef.key),
        ]),
  ];
}

function keyRefErrors(
  field: string,
  reference: { readonly name?: string; readonly key: string },
): readonly FieldError[] {
  const name = reference.name ?? "";
  return [
    ...fromProblem(`${field}.name`, name, dnsSubdomainProblem(name, false)),
    ...(reference.key === ""
      ? [required(`${field}.key`)]
      : fromProblem(`${field}.key`, reference.key, configKeyProblem(reference.key))),
  ];
}
