/** Options of containers on Windows: who they run as, and whether they are the host's own. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid } from "../../field-errors.ts";
import { containersOf } from "./pod-os-validation.ts";
import type { PodSpec, WindowsSecurityContextOptions } from "./types.generated.ts";

const SPEC_KIB_MAX = 64;
const DOMAIN_LENGTH_MAX = 256;
const USER_LENGTH_MAX = 104;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;
const NET_BIOS_DOMAIN = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS_DOMAIN = /^[A-Za-z0-9.-]+$/;
const FORBIDDEN_IN_USER = /["/\\:;|=,+*?<>@[\]]/;

/** What is wrong with the options; absent ones are fine. */
export function windowsOptionErrors(
  field: string,
  options: WindowsSecurityContextOptions | undefined,
): readonly FieldError[] {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec } = options ?? {};
  const path = `${field}.gmsaCredentialSpec`;
  const tooLarge = `gmsaCredentialSpec size must be under ${SPEC_KIB_MAX} KiB`;
  return [
    ...(name === undefined
      ? []
      : fromProblem(`${field}.gmsaCredentialSpecName`, name, dnsSubdomainProblem(name))),
    ...errorIf(spec === "", invalid(path, spec, "gmsaCredentialSpec cannot be an empty string")),
    ...errorIf((spec ?? "").length > SPEC_KIB_MAX * 1024, invalid(path, spec, tooLarge)),
    ...userNameProblems(options?.runAsUserName).map((problem) =>
      invalid(`${field}.runAsUserName`, options?.runAsUserName, problem),
    ),
  ];
}

/** Either all containers are processes of the host, on its network, or none is. */
export function hostProcessErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersOf(field, spec).map(
    ([path, { securityContext }]) => [path, securityContext?.windowsOptions?.hostProcess] as const,
  );
  const count = containers.filter(([, own]) => own ?? ofPod ?? false).length;
  const unlike = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
  const all =
    "If pod contains any hostProcess containers then all containers must be " +
    "HostProcess containers";
  const network = "hostNetwork must be true if pod contains any hostProcess containers";
  const isOnHost = spec.hostNetwork === true;
  return [
    ...containers.flatMap(([path, own]) =>
      errorIf(
        ofPod !== undefined && own !== undefined && own !== ofPod,
        invalid(`${path}.securityContext.windowsOptions.hostProcess`, own, unlike),
      ),
    ),
    ...errorIf(count > 0 && count !== containers.length, invalid(field, "", all)),
    ...errorIf(count > 0 && !isOnHost, invalid(`${field}.hostNetwork`, isOnHost, network)),
  ];
}

/** `DOMAIN\user` or `user`, as Windows takes them. */
function userNameProblems(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  if (text === "") return ["runAsUserName cannot be an empty string"];
  if (CONTROL_CHARACTER.test(text)) return ["runAsUserName cannot contain control characters"];
  const parts = text.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const [domain, user] = parts.length === 2 ? parts : [undefined, parts[0]];
  return [...domainProblems(domain), ...userProblems(user ?? "")];
}

function domainProblems(domain: string | undefined): readonly string[] {
  if (domain === undefined) return [];
  const isTooLong = domain.length >= DOMAIN_LENGTH_MAX;
  const isRight = NET_BIOS_DOMAIN.test(domain) || isDnsDomain(domain);
  return [
    ...(isTooLong
      ? [`runAsUserName's Domain length must be under ${DOMAIN_LENGTH_MAX} characters`]
      : []),
    ...(isRight ? [] : ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]),
  ];
}

function isDnsDomain(domain: string): boolean {
  if (!DNS_DOMAIN.test(domain)) return false;
  return domain.split(".").every((label) => /^[A-Za-z0-9]/.test(label) && !label.endsWith("-"));
}

function userProblems(user: string): readonly string[] {
  const limit = `must not be longer than ${USER_LENGTH_MAX} characters`;
  const tooLong = `runAsUserName's User length ${limit}`;
  return [
    ...(user === "" ? ["runAsUserName's User cannot be empty"] : []),
    ...(user.length > USER_LENGTH_MAX ? [tooLong] : []),
    ...(/^[. ]+$/.test(user) ? ["runAsUserName's User cannot contain only periods or spaces"] : []),
    ...(FORBIDDEN_IN_USER.test(user)
      ? ["runAsUserName's User cannot contain the following characters: " + '"/\\:;|=,+*?<>@[]']
      : []),
  ];
}
