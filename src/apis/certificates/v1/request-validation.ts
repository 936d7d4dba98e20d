/**
 * Certificate requests, checked in the order in which their problems are reported. What was wrong
 * before an update may stay, or nobody could approve what an older server let in.
 */
// oxlint-disable-next-line eslint/no-restricted-imports -- pure: nothing of the world is touched.
import { X509Certificate } from "node:crypto";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  invalid,
  required,
  unsupported,
} from "../../field-errors.ts";
import { lineDiff } from "../../line-diff.ts";
import { pemBlocks, textOfBytes } from "./pem.ts";
import { requestProblem } from "./request-signature.ts";
import { signerNameErrors } from "./signer-name.ts";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from "./types.generated.ts";

const EXPIRATION_SECONDS_MIN = 600;
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
const DECISIONS: readonly string[] = ["Approved", "Denied"];
const LASTING: readonly string[] = [...DECISIONS, "Failed"];
const CONDITIONS = "status.conditions";
const CERTIFICATE = "status.certificate";

const USAGES: readonly string[] = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** What is wrong with a request and with what was decided of it. */
export function requestErrors(
  request: CertificateSigningRequest,
  old?: CertificateSigningRequest,
): readonly FieldError[] {
  const { spec, status } = request;
  const { expirationSeconds: seconds } = spec;
  const problem = requestProblem(spec.request);
  const tooShort = "may not specify a duration less than 600 seconds (10 minutes)";
  const isTooShort = seconds !== undefined && seconds < EXPIRATION_SECONDS_MIN;
  const isSameCertificate = old !== undefined && status.certificate === old.status.certificate;
  return [
    ...errorIf(problem !== undefined, invalid("spec.request", spec.request, problem ?? "")),
    ...usageErrors("spec.usages", spec.usages ?? [], old?.spec.usages ?? []),
    ...signerErrors("spec.signerName", spec.signerName, old?.spec.signerName),
    ...errorIf(isTooShort, invalid("spec.expirationSeconds", seconds, tooShort)),
    ...conditionErrors(status.conditions ?? [], old?.status.conditions ?? []),
    ...(isSameCertificate ? [] : certificateErrors(status.certificate ?? "")),
  ];
}

/** What may not change through an endpoint: `approval` is for decisions, `status` for results. */
export function requestUpdateErrors(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
  endpoint: "main" | "status" | "approval",
): readonly FieldError[] {
  const isChanged = (next.status.certificate ?? "") !== (old.status.certificate ?? "");
  const hadCertificate = (old.status.certificate ?? "") !== "";
  return [
    ...(endpoint === "main" ? [] : requestErrors(next, old)),
    ...LASTING.filter((type) => ofType(next, type).length < ofType(old, type).length).map((type) =>
      forbidden(CONDITIONS, `updates may not remove a condition of type ${JSON.stringify(type)}`),
    ),
    ...(endpoint === "approval" ? [] : decisionErrors(next, old)),
    ...errorIf(
      isChanged && endpoint !== "status",
      forbidden(CERTIFICATE, "updates may not set certificate content"),
    ),
    ...errorIf(
      isChanged && endpoint === "status" && hadCertificate,
      forbidden(CERTIFICATE, "updates may not modify existing certificate content"),
    ),
  ];
}

function decisionErrors(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
): readonly FieldError[] {
  return DECISIONS.flatMap((type) => {
    const [before, after] = [ofType(old, type), ofType(next, type)];
    const quoted = JSON.stringify(type);
    if (after.length > before.length) {
      return [forbidden(CONDITIONS, `updates may not add a condition of type ${quoted}`)];
    }
    if (after.length < before.length || equalValues(after, before)) return [];
    const change = lineDiff(before, after);
    const detail = `updates may not modify a condition of type ${quoted}\n${change}`;
    return [forbidden(CONDITIONS, detail)];
  });
}

function ofType(
  { status: { conditions = [] } }: CertificateSigningRequest,
  wanted: string,
): readonly CertificateSigningRequestCondition[] {
  return conditions.filter(({ type }) => type === wanted);
}

function usageErrors(
  field: string,
  usages: readonly string[],
  before: readonly string[],
): readonly FieldError[] {
  const allowsUnknown = before.some((usage) => !USAGES.includes(usage));
  const allowsTwice = new Set(before).size < before.length;
  return [
    ...errorIf(usages.length === 0, required(field)),
    ...usages.flatMap((usage, index) =>
      errorIf(
        !allowsUnknown && !USAGES.includes(usage),
        unsupported(`${field}[${index}]`, usage, USAGES),
      ),
    ),
    ...usages.flatMap((usage, index) =>
      errorIf(
        !allowsTwice && usages.indexOf(usage) < index,
        duplicate(`${field}[${index}]`, usage),
      ),
    ),
  ];
}

function signerErrors(
  field: string,
  name: string,
  before: string | undefined,
): readonly FieldError[] {
  if (name === LEGACY_SIGNER && before !== LEGACY_SIGNER) {
    return [invalid(field, name, "the legacy signerName is not allowed via this API version")];
  }
  return signerNameErrors(field, name);
}

function conditionErrors(
  conditions: readonly CertificateSigningRequestCondition[],
  before: readonly CertificateSigningRequestCondition[],
): readonly FieldError[] {
  const had = new Set(before.map(({ type }) => type));
  const allowsBoth = DECISIONS.every((type) => had.has(type));
  const seen = new Set<string>();
  return conditions.flatMap(({ type, status }, index) => {
    const path = `${CONDITIONS}[${index}]`;
    const isTaken = seen.has(type);
    seen.add(type);
    const isBoth = DECISIONS.includes(type) && DECISIONS.every((decision) => seen.has(decision));
    const states = LASTING.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    const exclusive = "Approved and Denied conditions are mutually exclusive";
    return [
      ...errorIf(type === "" && !had.has(""), required(`${path}.type`)),
      ...errorIf(status === "", required(`${path}.status`)),
      ...errorIf(
        status !== "" && !states.includes(status),
        unsupported(`${path}.status`, status, states),
      ),
      ...errorIf(isBoth && !allowsBoth, invalid(`${path}.type`, type, exclusive)),
      ...errorIf(isTaken && had.size === before.length, duplicate(`${path}.type`, type)),
    ];
  });
}

function certificateErrors(base64: string): readonly FieldError[] {
  const problem = base64 === "" ? undefined : certificateProblem(textOfBytes(base64));
  return errorIf(problem !== undefined, invalid(CERTIFICATE, "<certificate data>", problem ?? ""));
}

function certificateProblem(text: string): string | undefined {
  const blocks = pemBlocks(text);
  if (blocks.length === 0) return "must contain at least one CERTIFICATE PEM block";
  for (const { label, hasHeaders, der } of blocks) {
    if (label !== "CERTIFICATE") {
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(label)}`;
    }
    if (hasHeaders) return "no PEM block headers are permitted";
    if (!isCertificate(der)) return "x509: malformed certificate";
  }
  return undefined;
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length === der.length;
  } catch {
    return false;
  }
}
