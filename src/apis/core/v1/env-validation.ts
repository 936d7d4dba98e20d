/** Environment variables of containers, and where they take their values from. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { fromProblem, invalid, notEmpty, required, unsupported } from "../../field-errors.ts";
import { configKeyProblem } from "./config-key.ts";
import { relativePathErrors } from "./path-validation.ts";
import type { EnvFromSource, EnvVar, EnvVarSource } from "./types.generated.ts";

const NAME = /^[ -<>-~]+$/; // printable ASCII but the equals sign

const ENTRY = /^metadata\.(labels|annotations)\['[^']+'\]$/; // one label or annotation

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
      ...exactlyOne(path, named.length, "`configMapRef` or `secretRef`"),
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
  const path = fieldRef.fieldPath;
  if (fieldRef.apiVersion === undefined || fieldRef.apiVersion === "") {
    return [required(`${field}.apiVersion`)];
  }
  if (path === "") return [required(`${field}.fieldPath`)];
  if (supported.includes(path) || ENTRY.test(path)) return [];
  if (ENV_FIELDS.includes(path) || FILE_FIELDS.includes(path)) {
    return [unsupported(`${field}.fieldPath`, path, supported)];
  }
  const detail = `error converting fieldPath: field label not supported: ${path}`;
  return [invalid(`${field}.fieldPath`, path, detail)];
}

/** A reference to an amount of a container. */
export function resourceFieldErrors(
  field: string,
  reference: { readonly containerName?: string; readonly resource: string },
  isContainerNamed: boolean,
): readonly FieldError[] {
  if (isContainerNamed && (reference.containerName ?? "") === "") {
    return [required(`${field}.containerName`)];
  }
  if (reference.resource === "") return [required(`${field}.resource`)];
  const isKnown =
    CONTAINER_AMOUNTS.includes(reference.resource) ||
    /^(limits|requests)\.hugepages-/.test(reference.resource);
  return isKnown ? [] : [unsupported(`${field}.resource`, reference.resource, CONTAINER_AMOUNTS)];
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
