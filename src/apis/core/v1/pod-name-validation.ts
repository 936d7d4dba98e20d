/** How a pod is called and what it calls others: host names, DNS, and objects beside it. */
import {
  DNS_SUBDOMAIN_LENGTH_MAX,
  dnsLabelProblem,
  dnsSubdomainProblem,
} from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, fromProblem, invalid, required, tooLong } from "../../field-errors.ts";
import { legacyIpErrors } from "./legacy-ip.ts";
import type { PodSpec } from "./types.generated.ts";

const NAMESERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCH_CHARACTERS_MAX = 2048;
const HOSTNAME_OVERRIDE_MAX = 64;
const UNDERSCORE_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' " +
  "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex " +
  "used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?" +
  "(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";

type NameProblem = (name: string) => string | undefined;

/** What is wrong with the names of what the pod runs as and where. */
export function accountErrors(field: string, spec: PodSpec): readonly FieldError[] {
  return [
    ...named(`${field}.serviceAccountName`, spec.serviceAccountName, dnsSubdomainProblem),
    ...named(`${field}.nodeName`, spec.nodeName, dnsSubdomainProblem),
  ];
}

/** What is wrong with the name of the pod's host. */
export function hostnameErrors(field: string, spec: PodSpec): readonly FieldError[] {
  return [
    ...named(`${field}.hostname`, spec.hostname, dnsLabelProblem),
    ...named(`${field}.subdomain`, spec.subdomain, dnsLabelProblem),
  ];
}

/** What is wrong with a name that takes the place of that of the pod's host. */
export function hostnameOverrideErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const { hostnameOverride: name } = spec;
  if (name === undefined) return [];
  const whole = "may not be specified when setHostnameAsFQDN is true";
  const onHost = "may not be specified when hostNetwork is true";
  return [
    ...errorIf(spec.setHostnameAsFQDN === true, forbidden(field, whole)),
    ...errorIf(spec.hostNetwork === true, forbidden(field, onHost)),
    ...errorIf(name.length > HOSTNAME_OVERRIDE_MAX, tooLong(field, HOSTNAME_OVERRIDE_MAX)),
    ...fromProblem(field, name, dnsSubdomainProblem(name)),
  ];
}

/** What is wrong with the names of the classes of a pod. */
export function classErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const { runtimeClassName } = spec;
  return [
    ...named(`${field}.priorityClassName`, spec.priorityClassName, dnsSubdomainProblem),
    ...(runtimeClassName === undefined
      ? []
      : fromProblem(
          `${field}.runtimeClassName`,
          runtimeClassName,
          dnsSubdomainProblem(runtimeClassName),
        )),
  ];
}

/** What is wrong with names of hosts that the pod knows by itself. */
export function hostAliasErrors(field: string, spec: PodSpec): readonly FieldError[] {
  return (spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }, index) => [
    ...legacyIpErrors(`${field}[${index}].ip`, ip),
    ...hostnames.flatMap((name, at) =>
      fromProblem(`${field}[${index}].hostnames[${at}]`, name, dnsSubdomainProblem(name)),
    ),
  ]);
}

/** What is wrong with whom the pod asks for names. */
export function dnsErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const { dnsConfig, dnsPolicy } = spec;
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (dnsPolicy === "None") {
    if (dnsConfig === undefined) {
      return [required(field, "must provide `dnsConfig` when `dnsPolicy` is None")];
    }
    if (nameservers.length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(`${field}.nameservers`, detail)];
    }
  }
  const tooMany = `must not have more than ${NAMESERVERS_MAX} nameservers`;
  return [
    ...errorIf(
      nameservers.length > NAMESERVERS_MAX,
      invalid(`${field}.nameservers`, nameservers, tooMany),
    ),
    ...nameservers.flatMap((ip, index) => legacyIpErrors(`${field}.nameservers[${index}]`, ip)),
    ...searchErrors(`${field}.searches`, searches),
    ...options.flatMap((option, index) =>
      (option.name ?? "") === ""
        ? [required(`${field}.options[${index}]`, "must not be empty")]
        : [],
    ),
  ];
}

function searchErrors(field: string, searches: readonly string[]): readonly FieldError[] {
  const tooMany = `must not have more than ${SEARCHES_MAX} search paths`;
  const characters =
    `must not have more than ${SEARCH_CHARACTERS_MAX} characters ` +
    "(including spaces) in the search list";
  return [
    ...errorIf(searches.length > SEARCHES_MAX, invalid(field, searches, tooMany)),
    ...errorIf(
      searches.join(" ").length > SEARCH_CHARACTERS_MAX,
      invalid(field, searches, characters),
    ),
    ...searches.flatMap((search, index) =>
      fromProblem(`${field}[${index}]`, search.replace(/\.$/, ""), searchProblem(search)),
    ),
  ];
}

/** A domain, in which underscores are allowed; the root is one, too. */
function searchProblem(search: string): string | undefined {
  if (search === ".") return undefined;
  const domain = search.replace(/\.$/, "");
  const isRight = domain
    .split(".")
    .every((label) => /^_?[a-z0-9]/.test(label) && /^[-_a-z0-9]*[a-z0-9]$/.test(label));
  const problems = [
    ...(domain.length > DNS_SUBDOMAIN_LENGTH_MAX
      ? [`must be no more than ${DNS_SUBDOMAIN_LENGTH_MAX} characters`]
      : []),
    ...(isRight ? [] : [UNDERSCORE_RULE]),
  ];
  return problems.length === 0 ? undefined : problems.join("; ");
}

function named(
  field: string,
  value: string | undefined,
  problemOf: NameProblem,
): readonly FieldError[] {
  if (value === undefined || value === "") return [];
  return fromProblem(field, value, problemOf(value));
}
