/**
 * Who may approve and sign requests for certificates of a signer, and what the certificates of the
 * cluster's own clients may not say.
 */
import { pemBlocks, textOfBytes } from "../../apis/certificates/v1/pem.ts";
import type { CertificateSigningRequest } from "../../apis/certificates/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { MASTERS_GROUP } from "../../machinery/request.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { refusal, type AdmissionPlugin, type Review } from "./admission.ts";

const GROUP = "certificates.k8s.io";
const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

/** DER of the type of an attribute: organization. */
const ORGANIZATION: readonly number[] = [0x06, 0x03, 0x55, 0x04, 0x0a];

export function certificatePlugins(authorizer: Authorizer): readonly AdmissionPlugin[] {
  return [
    {
      name: "CertificateApproval",
      concerns: (review) => isUpdateOf(review, "approval"),
      validate: async (review, context) => {
        await checkSigner(review, "approve", authorizer, context);
      },
    },
    {
      name: "CertificateSigning",
      concerns: (review) => isUpdateOf(review, "status"),
      validate: async (review, context) => {
        if (!isSigning(review)) return;
        await checkSigner(review, "sign", authorizer, context);
      },
    },
    { name: "CertificateSubjectRestriction", validate: checkSubject },
  ];
}

function isRequest({ resource }: Review): boolean {
  return resource.group === GROUP && resource.resource === "certificatesigningrequests";
}

function isUpdateOf(review: Review, subresource: string): boolean {
  return isRequest(review) && review.verb === "update" && review.subresource === subresource;
}

/** Whether a certificate is issued, or refused for good. */
function isSigning({ object, old }: Review): boolean {
  const [next, before] = [statusOf(object), statusOf(old)];
  if (next.certificate !== before.certificate) return true;
  const failed = ({ conditions = [] }: Status): boolean =>
    conditions.some(({ type }) => type === "Failed");
  return failed(next) && !failed(before);
}

type Status = NonNullable<CertificateSigningRequest["status"]>;

function statusOf(object: Review["old"]): Status {
  return (object as CertificateSigningRequest | undefined)?.status ?? {};
}

async function checkSigner(
  review: Review,
  verb: "approve" | "sign",
  authorizer: Authorizer,
  context: Context,
): Promise<void> {
  const { signerName } = ((review.old ?? review.object) as CertificateSigningRequest).spec;
  const [domain = ""] = signerName.split("/");
  for (const name of [signerName, `${domain}/*`]) {
    const signer = { resource: "signers", subresource: "", namespace: "", name };
    const access = {
      kind: "resource",
      user: review.user,
      verb,
      group: GROUP,
      version: "*",
      ...signer,
    } as const;
    const { kind } = await authorizer.authorize(access, context);
    if (kind === "allowed") return;
  }
  const quoted = JSON.stringify(signerName);
  throw refusal(review, `user not permitted to ${verb} requests with signerName ${quoted}`);
}

/** Nobody is made an administrator of the cluster by a certificate that others signed. */
function checkSubject(review: Review): void {
  if (!isRequest(review) || review.verb !== "create" || review.subresource !== "") return;
  const { signerName, request } = (review.object as CertificateSigningRequest).spec;
  if (signerName !== CLIENT_SIGNER) return;
  const [block] = pemBlocks(textOfBytes(request));
  if (block === undefined || !namesOrganization(block.der, MASTERS_GROUP)) return;
  throw refusal(
    review,
    `use of ${CLIENT_SIGNER} signer with ${MASTERS_GROUP} group is not allowed`,
  );
}

/** Whether an organization in these bytes is `name`, in any of the string types of one byte. */
function namesOrganization(der: Uint8Array, name: string): boolean {
  const text = [...new TextEncoder().encode(name)];
  const isAt = (wanted: readonly number[], at: number): boolean =>
    wanted.every((byte, index) => der[at + index] === byte);
  for (let at = 0; at < der.length; at += 1) {
    if (!isAt(ORGANIZATION, at)) continue;
    const value = at + ORGANIZATION.length;
    if (der[value + 1] === text.length && isAt(text, value + 2)) return true;
  }
  return false;
}
