/** Ingresses, checked in the order in which their problems are reported. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { isIP } from "../../../machinery/ip-address.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { portNameErrors, portNumberErrors } from "../../core/v1/port-validation.ts";
import type { TypedLocalObjectReference } from "../../core/v1/types.generated.ts";
import { errorIf, fromProblem, invalid, required, unsupported } from "../../field-errors.ts";
import { ipProblem } from "../../ip-validation.ts";
import { segmentErrors } from "./ingress-class.ts";
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressServiceBackend,
  IngressTLS,
} from "./types.generated.ts";

/** The class, from before there was a field for it. */
export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

const PATH_TYPES: readonly string[] = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES: readonly string[] = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDINGS: readonly string[] = ["/..", "/."];
const NOT_AN_IP = "must be a DNS name, not an IP address";

/** What is wrong with an ingress. Two ways to name its class must agree when it is made. */
export function ingressErrors(ingress: Ingress, old?: Ingress): readonly FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = ingress.spec;
  const isIdle = rules.length === 0 && defaultBackend === undefined;
  const detail = "either `defaultBackend` or `rules` must be specified";
  return [
    ...errorIf(isIdle, invalid("spec", rules.length === 0 ? null : rules, detail)),
    ...(defaultBackend === undefined ? [] : backendErrors("spec.defaultBackend", defaultBackend)),
    ...rules.flatMap((rule, index) => ruleErrors(`spec.rules[${index}]`, rule)),
    ...tls.flatMap((entry, index) => tlsErrors(`spec.tls[${index}]`, entry)),
    ...(ingressClassName === undefined
      ? []
      : fromProblem(
          "spec.ingressClassName",
          ingressClassName,
          dnsSubdomainProblem(ingressClassName),
        )),
    ...(old === undefined ? classErrors(ingress) : []),
  ];
}

/** What is wrong with the addresses a controller reports; those reported before are let be. */
export function ingressStatusErrors(next: Ingress, old: Ingress): readonly FieldError[] {
  const known = new Set((old.status.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return (next.status.loadBalancer?.ingress ?? []).flatMap(({ ip = "", hostname = "" }, index) => {
    const path = `status.loadBalancer.ingress[${index}]`;
    return [
      ...(ip === "" || known.has(ip) ? [] : fromProblem(`${path}.ip`, ip, ipProblem(ip))),
      ...(hostname === ""
        ? []
        : fromProblem(`${path}.hostname`, hostname, dnsSubdomainProblem(hostname))),
      ...errorIf(isIP(hostname), invalid(`${path}.hostname`, hostname, NOT_AN_IP)),
    ];
  });
}

function classErrors({ metadata, spec }: Ingress): readonly FieldError[] {
  const annotations = metadata.annotations ?? {};
  const { ingressClassName } = spec;
  if (ingressClassName === undefined || !Object.hasOwn(annotations, CLASS_ANNOTATION)) return [];
  const value = annotations[CLASS_ANNOTATION];
  const detail = "must match `ingressClassName` when both are specified";
  return errorIf(
    value !== ingressClassName,
    invalid(`annotations.${CLASS_ANNOTATION}`, value, detail),
  );
}

function ruleErrors(path: string, { host = "", http }: IngressRule): readonly FieldError[] {
  const paths = http?.paths ?? [];
  return [
    ...errorIf(isIP(host), invalid(`${path}.host`, host, NOT_AN_IP)),
    ...(host === "" ? [] : fromProblem(`${path}.host`, host, hostProblem(host))),
    ...errorIf(http !== undefined && paths.length === 0, required(`${path}.http.paths`)),
    ...paths.flatMap((each, index) => pathErrors(`${path}.http.paths[${index}]`, each)),
  ];
}

function tlsErrors(
  path: string,
  { hosts = [], secretName = "" }: IngressTLS,
): readonly FieldError[] {
  return [
    ...hosts.flatMap((host, index) =>
      fromProblem(`${path}.hosts[${index}]`, host, hostProblem(host)),
    ),
    ...(secretName === ""
      ? []
      : fromProblem(`${path}.secretName`, secretName, dnsSubdomainProblem(secretName))),
  ];
}

const WILDCARD_RULE =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which " +
  "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric " +
  "character (e.g. '*.example.com', regex used for validation is " +
  "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function hostProblem(host: string): string | undefined {
  if (!host.includes("*")) return dnsSubdomainProblem(host);
  const isFine = host.startsWith("*.") && dnsSubdomainProblem(host.slice(2)) === undefined;
  return isFine ? undefined : WILDCARD_RULE;
}

function pathErrors(path: string, entry: HTTPIngressPath): readonly FieldError[] {
  const { pathType, path: urlPath = "", backend } = entry;
  if (pathType === "") return [required(`${path}.pathType`, "pathType must be specified")];
  return [
    ...errorIf(
      !PATH_TYPES.includes(pathType),
      unsupported(`${path}.pathType`, pathType, PATH_TYPES),
    ),
    ...urlPathErrors(`${path}.path`, pathType, urlPath),
    ...backendErrors(`${path}.backend`, backend),
  ];
}

function urlPathErrors(field: string, pathType: string, path: string): readonly FieldError[] {
  if (!PATH_TYPES.includes(pathType)) return [];
  const isStrict = pathType !== "ImplementationSpecific";
  const isRelative = (isStrict || path !== "") && !path.startsWith("/");
  const absolute = errorIf(isRelative, invalid(field, path, "must be an absolute path"));
  if (!isStrict) return absolute;
  return [
    ...absolute,
    ...BAD_SEQUENCES.filter((sequence) => path.includes(sequence)).map((sequence) =>
      invalid(field, path, `must not contain '${sequence}'`),
    ),
    ...BAD_ENDINGS.filter((ending) => path.endsWith(ending)).map((ending) =>
      invalid(field, path, `cannot end with '${ending}'`),
    ),
  ];
}

function backendErrors(path: string, { resource, service }: IngressBackend): readonly FieldError[] {
  if (resource !== undefined && service !== undefined) {
    return [invalid(path, "", "cannot set both resource and service backends")];
  }
  if (resource !== undefined) return resourceErrors(`${path}.resource`, resource);
  if (service !== undefined) return serviceErrors(path, service);
  return [invalid(path, "", "resource or service backend is required")];
}

function resourceErrors(path: string, reference: TypedLocalObjectReference): readonly FieldError[] {
  const { kind, name } = reference;
  const apiGroup = reference.apiGroup ?? undefined; // stored as null if there is none
  return [
    ...(apiGroup === undefined
      ? []
      : fromProblem(`${path}.apiGroup`, apiGroup, dnsSubdomainProblem(apiGroup))),
    ...segmentErrors(`${path}.kind`, kind),
    ...segmentErrors(`${path}.name`, name),
  ];
}

function serviceErrors(path: string, service: IngressServiceBackend): readonly FieldError[] {
  const { name, port = {} } = service;
  const field = `${path}.service.name`;
  return [
    ...(name === "" ? [required(field)] : fromProblem(field, name, dnsLabelProblem(name))),
    ...servicePortErrors(path, port.name ?? "", port.number ?? 0),
  ];
}

function servicePortErrors(path: string, name: string, number: number): readonly FieldError[] {
  if (name !== "" && number !== 0) {
    return [invalid(path, "", "cannot set both port name & port number")];
  }
  if (name !== "") return portNameErrors(`${path}.service.port.name`, name);
  if (number !== 0) return portNumberErrors(`${path}.service.port.number`, number);
  return [required(path, "port name or number is required")];
}
