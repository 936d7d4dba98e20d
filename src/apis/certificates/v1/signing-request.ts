/** Requests for certificates: who asks, whether it was approved, and the certificate. */
import { apiTime } from "../../../machinery/api-time.ts";
import { pathSegmentProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { humanDuration } from "../../human-duration.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy, SubresourceStrategy, TableCell, WriteMoment } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { requestErrors, requestUpdateErrors } from "./request-validation.ts";
import { certificateSigningRequestSchema } from "./schema.generated.ts";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
} from "./types.generated.ts";

/** Signers write the certificate, and may say that they failed. */
const status: SubresourceStrategy<CertificateSigningRequest> = {
  prepareForUpdate: (next, old, moment) => ({
    ...next,
    spec: old.spec,
    status: { ...next.status, ...datedConditions(next, old, moment) },
  }),
  validateUpdate: (next, old) => requestUpdateErrors(next, old, "status"),
};

/** Approvers write conditions, and nothing else. */
const approval: SubresourceStrategy<CertificateSigningRequest> = {
  prepareForUpdate: (next, old, moment) => {
    const { conditions: _, ...rest } = old.status;
    return {
      ...next,
      spec: old.spec,
      status: { ...rest, ...datedConditions(next, old, moment) },
    };
  },
  validateUpdate: (next, old) => requestUpdateErrors(next, old, "approval"),
};

export const certificateSigningRequestStrategy: Strategy<CertificateSigningRequest> = {
  ...ORDINARY,
  names: {
    group: "certificates.k8s.io",
    version: "v1",
    kind: "CertificateSigningRequest",
    plural: "certificatesigningrequests",
    singular: "certificatesigningrequest",
    shortNames: ["csr"],
    categories: [],
    isNamespaced: false,
  },
  schema: certificateSigningRequestSchema,
  nameProblem: pathSegmentProblem,
  applyDefaults: (request) => canonicalForm(request, certificateSigningRequestSchema),
  prepareForCreate: (request, { user }) => ({
    ...request,
    spec: withRequester(request.spec, user),
    status: {},
  }),
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec, status: old.status }),
  validate: requestErrors,
  validateUpdate: (next, old) => requestUpdateErrors(next, old, "main"),
  status,
  otherSubresources: [
    {
      name: "approval",
      group: "certificates.k8s.io",
      version: "v1",
      kind: "CertificateSigningRequest",
      verbs: ["get", "patch", "update"],
      strategy: approval,
    },
  ],
  fieldSelectors: { "spec.signerName": (request) => request.spec.signerName },
  columns: [
    NAME_COLUMN,
    AGE_COLUMN,
    column("SignerName", "Who is asked to sign."),
    column("Requestor", "Who asks."),
    column("RequestedDuration", "How long the certificate is to be valid."),
    column("Condition", "What became of it."),
  ],
  row: requestRow,
};

/** Who asks is who sent it; whatever the request itself says of that is dropped. */
function withRequester(
  spec: CertificateSigningRequestSpec,
  user: WriteMoment["user"],
): CertificateSigningRequestSpec {
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...asked } = spec;
  if (user === undefined) return asked;
  const { name: username, uid = "", groups, extra = {} } = user;
  return {
    ...asked,
    ...(username === "" ? {} : { username }),
    ...(uid === "" ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** Conditions with their times: of now, or of when a condition last was another one. */
function datedConditions(
  { status: next }: CertificateSigningRequest,
  { status: old }: CertificateSigningRequest,
  { nowMs }: WriteMoment,
): { readonly conditions?: readonly CertificateSigningRequestCondition[] } {
  const { conditions } = next;
  if (conditions === undefined) return {};
  const now = apiTime(nowMs);
  return {
    conditions: conditions.map((condition) => {
      const before = old.conditions?.find(
        ({ type, status: state }) => type === condition.type && state === condition.status,
      );
      return {
        ...condition,
        lastUpdateTime: condition.lastUpdateTime ?? now,
        lastTransitionTime: condition.lastTransitionTime ?? before?.lastTransitionTime ?? now,
      };
    }),
  };
}

function requestRow(request: CertificateSigningRequest, nowMs: number): readonly TableCell[] {
  const { signerName, username = "", expirationSeconds: seconds } = request.spec;
  return [
    nameOf(request),
    ageOf(request, nowMs),
    signerName === "" ? NONE : signerName,
    username,
    seconds === undefined ? NONE : humanDuration(seconds * 1000),
    stateText(request),
  ];
}

function stateText({
  status: { conditions = [], certificate = "" },
}: CertificateSigningRequest): string {
  const has = (wanted: string): boolean => conditions.some(({ type }) => type === wanted);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  const failed = has("Failed") ? ",Failed" : "";
  return `${decision}${failed}${certificate === "" ? "" : ",Issued"}`;
}
